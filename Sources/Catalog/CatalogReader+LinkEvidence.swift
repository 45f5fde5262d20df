internal import SQLite

extension CatalogReader {
    /// What decides to which of its candidates a content is linked; those that are not described are left out.
    package func linkEvidence(ofContent id: Int64) throws -> LinkEvidence? {
        let candidates = try connection.rows(
            """
            SELECT o.version_id, v.model_id, o.match, v.published_at, m.type
            FROM lookup_candidates o JOIN model_versions v ON v.id = o.version_id JOIN models m ON m.id = v.model_id
            WHERE o.content_id = ? AND o.state = 'known' ORDER BY o.version_id
            """, [.integer(id)]
        ) { row in
            (
                version: row.integer(0), model: row.integer(1), match: StoredLookup.Match(rawValue: row.text(2)),
                published: row.textOrNil(3), type: row.textOrNil(4)
            )
        }
        return try linkEvidence(
            ofContent: id,
            candidates.compactMap { candidate in
                guard let match = candidate.match else { return nil }
                return LinkEvidence.Candidate(
                    versionID: candidate.version, modelID: candidate.model, match: match,
                    publishedAt: candidate.published, modelType: candidate.type,
                    file: try file(ofVersion: candidate.version, content: id, match))
            })
    }

    /// The same where somebody has named the version; nil for a version that is not known.
    package func linkEvidence(ofContent id: Int64, pinnedTo version: Int64) throws -> LinkEvidence? {
        let candidate = try connection.firstRow(
            """
            SELECT v.model_id, v.published_at, m.type FROM model_versions v JOIN models m ON m.id = v.model_id
            WHERE v.id = ?
            """, [.integer(version)]
        ) { (model: $0.integer(0), published: $0.textOrNil(1), type: $0.textOrNil(2)) }
        guard let candidate else { return nil }
        return try linkEvidence(
            ofContent: id,
            [
                LinkEvidence.Candidate(
                    versionID: version, modelID: candidate.model, match: .pinned, publishedAt: candidate.published,
                    modelType: candidate.type, file: try file(ofVersion: version, content: id, .pinned))
            ])
    }

    private func linkEvidence(ofContent id: Int64, _ candidates: [LinkEvidence.Candidate]) throws -> LinkEvidence? {
        let content = try connection.firstRow("SELECT size, content_type FROM contents WHERE id = ?", [.integer(id)]) {
            (size: $0.integer(0), type: $0.textOrNil(1))
        }
        guard let content else { return nil }
        let files = try connection.rows(
            "SELECT name, type FROM local_files WHERE content_id = ? AND root_id IS NOT NULL LIMIT 100", [.integer(id)]
        ) { (name: $0.bytes(0), type: $0.textOrNil(1)) }
        return LinkEvidence(
            contentID: id, size: content.size, contentType: content.type, type: files.lazy.compactMap(\.type).first,
            names: files.map(\.name), candidates: candidates)
    }

    /// The file of a version that has the digest of the content; for a pin the one that has any of its digests.
    private func file(
        ofVersion version: Int64, content: Int64, _ match: StoredLookup.Match
    ) throws -> LinkEvidence.File? {
        let digest =
            switch match {
            case .sha256: "h.hash_type = 'SHA256' AND h.hash_value = c.sha256"
            case .autoV3: "h.hash_type = 'AutoV3' AND h.hash_value = c.autov3"
            case .pinned:
                """
                (h.hash_type = 'SHA256' AND h.hash_value = c.sha256 OR h.hash_type = 'AutoV3' AND h.hash_value = c.autov3)
                """
            }
        return try connection.firstRow(
            """
            SELECT f.id, f.name, f.type, f.size_kb FROM contents c, version_files f JOIN file_hashes h ON h.file_id = f.id
            WHERE c.id = ? AND f.version_id = ? AND \(digest)
            ORDER BY f.is_primary DESC, f.id LIMIT 1
            """, [.integer(content), .integer(version)]
        ) {
            LinkEvidence.File(
                id: $0.integer(0), name: $0.textOrNil(1), type: $0.textOrNil(2), sizeKB: $0.realOrNil(3))
        }
    }
}
