internal import SQLite

/// What came of questions about contents.
extension CatalogWriter {
    /// Keeps which versions CivitAI has for a content. Those that are described already need no further question.
    package func note(_ candidates: [LookupCandidate]) throws {
        for candidate in candidates {
            try connection.run(
                """
                INSERT INTO lookup_candidates (content_id, version_id, model_id, match, state)
                VALUES (?1, ?2, ?3, ?4,
                    iif(EXISTS (SELECT 1 FROM model_versions WHERE id = ?2), 'known', 'wanted'))
                ON CONFLICT DO UPDATE SET model_id = coalesce(excluded.model_id, model_id), match = excluded.match,
                    state = excluded.state
                """,
                [
                    .integer(candidate.contentID), .integer(candidate.versionID), Value(candidate.modelID),
                    .text(candidate.match.rawValue),
                ])
        }
    }

    /// Forgets the candidates of earlier answers: another answer is about to be noted.
    package func forgetCandidates(ofContent id: Int64) throws {
        try connection.run("DELETE FROM lookup_candidates WHERE content_id = ?", [.integer(id)])
    }

    /// Goes by what has become known: candidates of these contents that are described now are known, those that a
    /// question about many has left out are to be asked for one by one.
    package func closeCandidates(ofContents ids: [Int64]) throws {
        for id in ids {
            try connection.run(
                """
                UPDATE lookup_candidates SET state =
                    iif(EXISTS (SELECT 1 FROM model_versions v WHERE v.id = version_id), 'known', 'missed')
                WHERE content_id = ? AND state = 'wanted'
                """, [.integer(id)])
        }
    }

    /// Goes by the answer to a question about one version.
    ///
    /// - Returns: the contents that have it as a candidate.
    package func closeCandidates(withVersion id: Int64) throws -> [Int64] {
        try connection.run(
            """
            UPDATE lookup_candidates SET state =
                iif(EXISTS (SELECT 1 FROM model_versions v WHERE v.id = version_id), 'known', 'absent')
            WHERE version_id = ? AND state IN ('wanted', 'missed')
            """, [.integer(id)])
        return try connection.rows(
            "SELECT content_id FROM lookup_candidates WHERE version_id = ?", [.integer(id)]
        ) { $0.integer(0) }
    }

    /// The question about one version failed: what waits for it is not decided without it.
    ///
    /// - Returns: the contents that have it as a candidate.
    package func failCandidates(withVersion id: Int64) throws -> [Int64] {
        let waiting = "version_id = ? AND state IN ('wanted', 'missed')"
        let contents = try connection.rows(
            "SELECT content_id FROM lookup_candidates WHERE \(waiting)", [.integer(id)]
        ) { $0.integer(0) }
        try connection.run("UPDATE lookup_candidates SET state = 'failed' WHERE \(waiting)", [.integer(id)])
        return contents
    }

    /// Links a content. What somebody has pinned or forbidden stands, unless this is a pin.
    ///
    /// - Returns: true when it was not linked to this version before.
    package func link(content id: Int64, to link: ContentLink, at now: String) throws -> Bool {
        let before = try connection.firstRow(
            "SELECT state, version_id FROM civitai_lookups WHERE content_id = ?", [.integer(id)]
        ) { (state: $0.text(0), version: $0.integerOrNil(1)) }
        let condition = link.match == .pinned ? "1" : "state != 'unlinked' AND match IS NOT 'pinned'"
        let changed = try connection.run(
            """
            UPDATE civitai_lookups SET state = 'found', model_id = ?2, version_id = ?3, file_id = ?4, match = ?5, role = ?6,
                attempts = 0, checked_at = iif(?5 = 'pinned', checked_at, ?7), next_check_at = NULL, message = NULL
            WHERE content_id = ?1 AND \(condition)
            """,
            [
                .integer(id), .integer(link.modelID), .integer(link.versionID), Value(link.fileID),
                .text(link.match.rawValue), .text(link.role.rawValue), .text(now),
            ])
        return changed > 0 && (before?.state != "found" || before?.version != link.versionID)
    }

    /// CivitAI does not know a content, or only something else by its digest; a link that there was stands.
    ///
    /// - Returns: true when that is new.
    package func noteNotFound(content id: Int64, message: String?, next: String, at now: String) throws -> Bool {
        let state = try connection.firstRow(
            "SELECT state FROM civitai_lookups WHERE content_id = ? AND match IS NOT 'pinned'", [.integer(id)]
        ) { $0.text(0) }
        guard let state, state != "unlinked" else { return false }
        if state == "found" {
            try connection.run(
                "UPDATE civitai_lookups SET message = ?2, checked_at = ?3 WHERE content_id = ?1",
                [
                    .integer(id),
                    .text(message ?? "CivitAI does not know it any more; what it said before is kept."), .text(now),
                ])
            return false
        }
        try connection.run(
            """
            UPDATE civitai_lookups SET state = 'not_found', model_id = NULL, version_id = NULL, file_id = NULL,
                match = NULL, role = NULL, attempts = iif(state = 'not_found', attempts, 0) + 1, checked_at = ?2,
                next_check_at = ?3, message = ?4
            WHERE content_id = ?1
            """, [.integer(id), .text(now), .text(next), Value(message)])
        return state != "not_found"
    }

    /// The question about a content failed, which is no answer: what is known stays.
    package func noteLookupFailure(content id: Int64, message: String, next: String) throws {
        try connection.run(
            """
            UPDATE civitai_lookups SET attempts = attempts + iif(state = 'not_found', 0, 1),
                state = iif(state = 'pending', 'error', state), next_check_at = ?2, message = ?3
            WHERE content_id = ?1 AND state IN ('pending', 'error', 'not_found')
            """, [.integer(id), .text(next), .text(message)])
    }

    /// What is not found by its SHA256 is to be asked by its AutoV3, unless it was.
    package func wantSecondChance(content id: Int64) throws {
        try connection.run(
            "UPDATE civitai_lookups SET second_chance = 1 WHERE content_id = ? AND autov3_asked_at IS NULL",
            [.integer(id)])
    }

    /// It was asked by AutoV3 what SHA256 had not found.
    package func noteSecondChance(content id: Int64, at now: String) throws {
        try connection.run(
            "UPDATE civitai_lookups SET autov3_asked_at = ?2, second_chance = 0 WHERE content_id = ?1",
            [.integer(id), .text(now)])
    }

    /// Has everything asked soon that a clock which was far ahead has put off beyond every rule.
    ///
    /// - Parameters:
    ///   - lookups: the latest moment that the rules allow for contents.
    ///   - models: the same for models.
    package func bringForward(lookups: String, models: String, at now: String) throws {
        try connection.run(
            "UPDATE civitai_lookups SET next_check_at = ?2 WHERE next_check_at > ?1 AND checked_at IS NOT NULL",
            [.text(lookups), .text(now)])
        try connection.run(
            "UPDATE models SET next_check_at = ?2 WHERE next_check_at > ?1", [.text(models), .text(now)])
    }

    // MARK: - What people want

    /// Pins a content to a version; nothing may be known of that yet.
    package func pin(content id: Int64, toVersion version: Int64, at now: String) throws {
        try ensureLookup(ofContent: id)
        try connection.run(
            """
            UPDATE civitai_lookups SET state = 'pending', match = 'pinned', version_id = ?2, model_id = NULL, file_id = NULL,
                role = NULL, attempts = 0, next_check_at = ?3, message = NULL
            WHERE content_id = ?1
            """, [.integer(id), .integer(version), .text(now)])
    }

    /// Forbids to link a content.
    package func unlink(content id: Int64) throws {
        try ensureLookup(ofContent: id)
        try connection.run(
            """
            UPDATE civitai_lookups SET state = 'unlinked', match = NULL, version_id = NULL, model_id = NULL, file_id = NULL,
                role = NULL, attempts = 0, next_check_at = NULL, message = NULL
            WHERE content_id = ?
            """, [.integer(id)])
    }

    /// Forgets a pin and an `unlink`.
    ///
    /// - Returns: false where there was none.
    package func takeBackWish(aboutContent id: Int64, at now: String) throws -> Bool {
        let isWish = "content_id = ?1 AND (state = 'unlinked' OR match = 'pinned')"
        // Where there is nothing to ask by, there is no question.
        let removed = try connection.run(
            """
            DELETE FROM civitai_lookups
            WHERE \(isWish) AND (SELECT sha256 IS NULL OR size = 0 FROM contents WHERE id = ?1)
            """, [.integer(id)])
        let changed = try connection.run(
            """
            UPDATE civitai_lookups SET state = 'pending', match = NULL, version_id = NULL, model_id = NULL, file_id = NULL,
                role = NULL, attempts = 0, checked_at = NULL, next_check_at = ?2, message = NULL
            WHERE \(isWish)
            """, [.integer(id), .text(now)])
        return removed + changed > 0
    }

    /// Forgets a pin and an `unlink`, and makes the question due. A link that CivitAI gave stays until it answers.
    package func askAgain(aboutContent id: Int64, at now: String) throws {
        _ = try takeBackWish(aboutContent: id, at: now)
        try connection.run(
            "UPDATE civitai_lookups SET next_check_at = ?2, autov3_asked_at = NULL WHERE content_id = ?1 AND state != 'found'",
            [.integer(id), .text(now)])
        try connection.run(
            """
            UPDATE models SET next_check_at = ?2
            WHERE id = (SELECT model_id FROM civitai_lookups WHERE content_id = ?1 AND state = 'found' AND role = 'model')
            """, [.integer(id), .text(now)])
    }

    /// Makes every question due that waits for a later time.
    package func askAgainAboutAll(at now: String) throws {
        try connection.run(
            """
            UPDATE civitai_lookups SET next_check_at = ?1
            WHERE state IN ('pending', 'not_found', 'error') AND next_check_at > ?1
            """, [.text(now)])
    }

    /// A content without a digest, too, may be pinned or unlinked.
    private func ensureLookup(ofContent id: Int64) throws {
        try connection.run(
            """
            INSERT OR IGNORE INTO civitai_lookups (content_id, dormant, private)
            SELECT id, NOT EXISTS (SELECT 1 FROM local_files WHERE content_id = ?1 AND root_id IS NOT NULL),
                EXISTS (SELECT 1 FROM private_contents WHERE content_id = ?1)
            FROM contents WHERE id = ?1
            """, [.integer(id)])
    }

    /// What people have said of a content that turns out to be another one holds for that.
    func moveWishes(fromContent old: Int64, to target: Int64) throws {
        let isWish = try connection.firstRow(
            "SELECT state = 'unlinked' OR match IS 'pinned' FROM civitai_lookups WHERE content_id = ?", [.integer(old)]
        ) { $0.boolean(0) }
        guard isWish == true else { return }
        try ensureLookup(ofContent: target)
        try connection.run(
            """
            UPDATE civitai_lookups SET (state, match, version_id, model_id, file_id, role, next_check_at, message, checked_at)
                = (SELECT o.state, o.match, o.version_id, o.model_id, o.file_id, o.role, o.next_check_at, o.message,
                    o.checked_at FROM civitai_lookups o WHERE o.content_id = ?1)
            WHERE content_id = ?2 AND state != 'unlinked' AND match IS NOT 'pinned'
            """, [.integer(old), .integer(target)])
    }

    /// Puts the first question about a content off: somebody may still be writing the file.
    func putOffLookup(ofContent id: Int64, until moment: String) throws {
        try connection.run(
            """
            UPDATE civitai_lookups SET next_check_at = max(next_check_at, ?2)
            WHERE content_id = ?1 AND state = 'pending' AND checked_at IS NULL AND attempts = 0 AND match IS NULL
            """, [.integer(id), .text(moment)])
    }
}
