package import LinuxSystem
internal import SQLite

/// What there is to ask CivitAI. The tables are the queue: a question is asked until its answer stands in them.
extension CatalogReader {
    /// Nothing may be told of a content that was seen below a private root; nor, as long as files below such roots wait
    /// to be hashed, of one that may be the same as one of them. The digest of nothing says nothing.
    private static let mayBeAsked = """
        l.private = 0 AND c.size > 0
        AND NOT EXISTS (SELECT 1 FROM roots r JOIN local_files f ON f.root_id = r.id
            WHERE r.civitai = 0 AND f.state IN ('pending', 'error') AND f.held = 0 AND f.size = c.size)
        AND NOT EXISTS (SELECT 1 FROM local_files f JOIN roots r ON r.id = f.root_id
            WHERE f.held = 1 AND r.civitai = 0 AND f.size = c.size)
        """

    /// A private training may lie elsewhere with other metadata; what has its AutoV3 is told by that as well.
    private static let sharesNoPrivateWeights = """
        NOT EXISTS (SELECT 1 FROM contents o JOIN private_contents p ON p.content_id = o.id WHERE o.autov3 = c.autov3)
        AND NOT EXISTS (SELECT 1 FROM roots r JOIN local_files f ON f.root_id = r.id
            WHERE r.civitai = 0 AND f.state IN ('pending', 'error') AND f.held = 0)
        AND NOT EXISTS (SELECT 1 FROM local_files f JOIN roots r ON r.id = f.root_id
            WHERE f.held = 1 AND r.civitai = 0)
        """

    /// Contents to be asked about by their digests, those that wait longest first.
    package func dueLookups(at now: String, limit: Int) throws -> [DueLookup] {
        try connection.rows(
            """
            SELECT l.content_id, c.sha256, l.state, l.attempts
            FROM civitai_lookups l INDEXED BY civitai_lookups_due JOIN contents c ON c.id = l.content_id
            WHERE l.next_check_at <= ? AND l.next_check_at IS NOT NULL AND l.dormant = 0 AND l.private = 0
                AND l.state IN ('pending', 'not_found', 'error') AND l.match IS NOT 'pinned' AND c.sha256 IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM lookup_candidates o
                    WHERE o.content_id = c.id AND o.state IN ('wanted', 'missed'))
                AND \(Self.mayBeAsked)
            ORDER BY l.next_check_at, l.content_id LIMIT ?
            """, [.text(now), .integer(Int64(limit))], dueLookup
        ).compactMap(\.self)
    }

    /// One content, whenever it is due; nil where nothing may be asked about it.
    package func lookup(ofContent id: Int64) throws -> DueLookup? {
        try connection.firstRow(
            """
            SELECT l.content_id, c.sha256, l.state, l.attempts FROM civitai_lookups l JOIN contents c ON c.id = l.content_id
            WHERE l.content_id = ? AND c.sha256 IS NOT NULL AND \(Self.mayBeAsked)
            """, [.integer(id)], dueLookup
        ).flatMap(\.self)
    }

    /// The size of a content, and whether it has a digest; nil for one that is not there.
    package func contentSize(_ id: Int64) throws -> (bytes: Int64, hasDigest: Bool)? {
        try connection.firstRow("SELECT size, sha256 IS NOT NULL FROM contents WHERE id = ?", [.integer(id)]) {
            ($0.integer(0), $0.boolean(1))
        }
    }

    /// The question about a content as it stands, whoever may be asked; nil for a content without a digest.
    package func storedLookup(ofContent id: Int64) throws -> DueLookup? {
        try connection.firstRow(
            """
            SELECT l.content_id, c.sha256, l.state, l.attempts FROM civitai_lookups l JOIN contents c ON c.id = l.content_id
            WHERE l.content_id = ? AND c.sha256 IS NOT NULL
            """, [.integer(id)], dueLookup
        ).flatMap(\.self)
    }

    private func dueLookup(_ row: Row) -> DueLookup? {
        guard let state = StoredLookup.State(rawValue: row.text(2)) else { return nil }
        return DueLookup(
            contentID: row.integer(0), sha256: row.text(1), state: state, attempts: Int(clamping: row.integer(3)))
    }

    /// Of these questions those that may still be asked: somebody may have said otherwise since they were chosen.
    package func askable(_ lookups: [DueLookup]) throws -> Set<Int64> {
        Set(
            try connection.rows(
                """
                SELECT l.content_id FROM civitai_lookups l JOIN contents c ON c.id = l.content_id
                WHERE l.content_id IN (\(numbers(Set(lookups.map(\.contentID))))) AND l.dormant = 0
                    AND l.state != 'unlinked' AND l.match IS NOT 'pinned' AND \(Self.mayBeAsked)
                """
            ) { $0.integer(0) })
    }

    /// When the next question becomes due that is not due yet, of whatever kind; nil where nothing waits.
    package func nextLookupTime(after now: String) throws -> String? {
        try connection.firstRow(
            """
            SELECT min(due) FROM (
                SELECT min(next_check_at) AS due FROM civitai_lookups INDEXED BY civitai_lookups_due
                    WHERE next_check_at > ?1 AND dormant = 0 AND private = 0
                UNION ALL
                SELECT min(next_check_at) FROM civitai_lookups INDEXED BY civitai_lookups_pins
                    WHERE next_check_at > ?1 AND match = 'pinned' AND state IN ('pending', 'error')
                UNION ALL
                SELECT min(next_check_at) FROM models WHERE next_check_at > ?1)
            """, [.text(now)]
        ) { $0.textOrNil(0) } ?? nil
    }

    /// Contents whose candidates are not all described yet.
    package func contentsWithWantedCandidates(limit: Int) throws -> [DueLookup] {
        try connection.rows(
            """
            SELECT l.content_id, c.sha256, l.state, l.attempts
            FROM (SELECT DISTINCT content_id FROM lookup_candidates INDEXED BY lookup_candidates_open
                    WHERE state IN ('wanted', 'missed') AND state = 'wanted') w
                JOIN civitai_lookups l ON l.content_id = w.content_id JOIN contents c ON c.id = w.content_id
            WHERE l.dormant = 0 AND l.state != 'unlinked' AND l.match IS NOT 'pinned' AND c.sha256 IS NOT NULL
                AND \(Self.mayBeAsked)
            ORDER BY l.content_id LIMIT ?
            """, [.integer(Int64(limit))], dueLookup
        ).compactMap(\.self)
    }

    /// Versions that have to be asked for one by one.
    package func missedVersions(limit: Int) throws -> [Int64] {
        try connection.rows(
            """
            SELECT DISTINCT o.version_id FROM lookup_candidates o INDEXED BY lookup_candidates_open
                JOIN civitai_lookups l ON l.content_id = o.content_id
            WHERE o.state IN ('wanted', 'missed') AND o.state = 'missed' AND l.dormant = 0 AND l.state != 'unlinked' AND l.match IS NOT 'pinned' LIMIT ?
            """, [.integer(Int64(limit))]
        ) { $0.integer(0) }
    }

    /// One of the candidates of a content that has to be asked for alone.
    package func missedVersion(ofContent id: Int64) throws -> Int64? {
        try connection.firstRow(
            "SELECT version_id FROM lookup_candidates WHERE content_id = ? AND state = 'missed' LIMIT 1", [.integer(id)]
        ) { $0.integer(0) }
    }

    /// True when nothing about the candidates of a content has to be asked any more.
    package func isDescribed(content id: Int64) throws -> Bool {
        try connection.firstRow(
            "SELECT 1 FROM lookup_candidates WHERE content_id = ? AND state IN ('wanted', 'missed', 'failed')",
            [.integer(id)]
        ) { _ in false } ?? true
    }

    /// Pinned contents about whose version nothing is known yet.
    package func duePins(at now: String, limit: Int) throws -> [(content: Int64, version: Int64, attempts: Int)] {
        try connection.rows(
            """
            SELECT content_id, version_id, attempts FROM civitai_lookups INDEXED BY civitai_lookups_pins
            WHERE next_check_at <= ? AND dormant = 0 AND match = 'pinned' AND state IN ('pending', 'error')
                AND version_id IS NOT NULL
            ORDER BY next_check_at LIMIT ?
            """, [.text(now), .integer(Int64(limit))]
        ) { ($0.integer(0), $0.integer(1), Int(clamping: $0.integer(2))) }
    }

    /// Models to be asked for as a whole, those that wait longest first.
    package func dueModels(at now: String, limit: Int) throws -> [Int64] {
        try connection.rows(
            "SELECT id FROM models WHERE next_check_at <= ? ORDER BY next_check_at, id LIMIT ?",
            [.text(now), .integer(Int64(limit))]
        ) { $0.integer(0) }
    }

    /// How often the last questions about a model failed.
    package func attempts(ofModel id: Int64) throws -> Int {
        try connection.firstRow("SELECT attempts FROM models WHERE id = ?", [.integer(id)]) {
            Int(clamping: $0.integer(0))
        } ?? 0
    }

    /// LoRAs that CivitAI does not know by their SHA256 and that it was not asked about by their AutoV3: editing the
    /// metadata of a LoRA changes the first and not the second.
    ///
    /// - Parameter excluded: contents that are not to be named.
    package func secondChance(without excluded: Set<Int64>) throws -> (content: Int64, autoV3: String)? {
        try connection.firstRow(
            """
            SELECT l.content_id, c.autov3
            FROM civitai_lookups l INDEXED BY civitai_lookups_second JOIN contents c ON c.id = l.content_id
            WHERE l.second_chance = 1 AND l.dormant = 0 AND l.private = 0 AND l.state = 'not_found'
                AND l.content_id NOT IN (\(numbers(excluded)))
                AND c.autov3 IS NOT NULL AND \(Self.mayBeAsked) AND \(Self.sharesNoPrivateWeights)
            ORDER BY l.content_id LIMIT 1
            """
        ) { ($0.integer(0), $0.text(1)) }
    }

    /// The AutoV3 of a content of which a file is a LoRA.
    package func autoV3OfLoRA(_ content: Int64) throws -> String? {
        try connection.firstRow(
            """
            SELECT autov3 FROM contents WHERE id = ?1 AND autov3 != 'e3b0c44298fc'
                AND EXISTS (SELECT 1 FROM local_files WHERE content_id = ?1 AND type = 'lora')
            """, [.integer(content)]
        ) { $0.textOrNil(0) } ?? nil
    }

    /// Files of roots that have a content, a bounded number of them.
    package func coveredFiles(ofContent id: Int64) throws -> [(id: Int64, path: FilePath)] {
        try connection.rows(
            "SELECT id, file_path FROM local_files WHERE content_id = ? AND root_id IS NOT NULL ORDER BY id LIMIT 100",
            [.integer(id)]
        ) { row in FilePath(bytes: row.bytes(1)).map { (id: row.integer(0), path: $0) } }.compactMap(\.self)
    }

    /// Versions in the cache that list a file with this digest.
    package func cachedCandidates(
        ofContent id: Int64, digits: String, match: StoredLookup.Match
    ) throws -> [LookupCandidate] {
        try connection.rows(
            """
            SELECT DISTINCT v.id, v.model_id FROM file_hashes h JOIN version_files f ON f.id = h.file_id
                JOIN model_versions v ON v.id = f.version_id
            WHERE h.hash_value = ? AND h.hash_type = ?
            """, [.text(digits), .text(match.rawValue)]
        ) { LookupCandidate(contentID: id, versionID: $0.integer(0), modelID: $0.integer(1), match: match) }
    }

    /// True when a version is in the cache.
    package func hasVersion(_ id: Int64) throws -> Bool {
        try connection.firstRow("SELECT 1 FROM model_versions WHERE id = ?", [.integer(id)]) { _ in true } ?? false
    }

    /// How many versions of a model are known.
    package func versionCount(ofModel id: Int64) throws -> Int {
        try connection.firstRow("SELECT count(*) FROM model_versions WHERE model_id = ?", [.integer(id)]) {
            Int(clamping: $0.integer(0))
        } ?? 0
    }
}
