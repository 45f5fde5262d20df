internal import SQLite

/// What became of the questions to CivitAI.
extension CatalogReader {
    /// True of a file `f` of the root `r` whose hash is not to be sent. Before it has a content, its root tells.
    private static let isPrivate = """
        (EXISTS (SELECT 1 FROM private_contents WHERE content_id = f.content_id)
            OR f.content_id IS NULL AND r.civitai = 0)
        """

    /// What of a file `f` with the content `c` will be asked about once it has been read. What was left unread on
    /// purpose will not be.
    private static let isUnread = "(c.sha256 IS NULL AND f.state IN ('pending', 'error') AND f.size > 0)"

    /// What came of the question about the content of a file `f`, and of the version that it is linked to.
    static let lookupColumns = """
        l.state, l.match, l.role, coalesce(v.model_id, l.model_id), l.version_id, l.checked_at,
        l.next_check_at, l.message, EXISTS (SELECT 1 FROM private_contents WHERE content_id = l.content_id),
        v.id, m.name, v.name, m.type, v.base_model, a.username, coalesce(v.nsfw_level, m.nsfw_level)
        """
    static let lookupTables = """
        LEFT JOIN civitai_lookups l ON l.content_id = f.content_id
        LEFT JOIN model_versions v ON v.id = l.version_id AND l.state = 'found'
        LEFT JOIN models m ON m.id = v.model_id
        LEFT JOIN creators a ON a.id = m.creator_id
        """

    /// The rest of what came of the question about a file's content; nil where there is nothing to ask about.
    func lookup(of file: FileDetails) throws -> StoredLookup? {
        guard var lookup = file.lookup else {
            let isUnread = file.digests.sha256 == nil && file.state != .indexed
            return isUnread ? StoredLookup(unread: try isPrivate(file)) : nil
        }
        if let version = lookup.versionID, lookup.version != nil, lookup.role != .component {
            lookup.version?.trainedWords = try trainedWords(ofVersion: version)
        }
        return lookup
    }

    private func isPrivate(_ file: FileDetails) throws -> Bool {
        try connection.firstRow(
            "SELECT \(Self.isPrivate) FROM local_files f JOIN roots r ON r.id = f.root_id WHERE f.id = ?",
            [.integer(file.id)]
        ) { $0.boolean(0) } ?? false
    }

    /// The trigger words of a version, each as CivitAI has it.
    func trainedWords(ofVersion id: Int64) throws -> [String] {
        try connection.rows(
            "SELECT word FROM trained_words WHERE version_id = ? ORDER BY position", [.integer(id)]
        ) { $0.text(0) }
    }

    /// How many contents of the roots' files are in which state.
    func lookupCounts() throws -> LookupCounts {
        var counts = LookupCounts()
        try connection.query(
            """
            SELECT state, checked_at IS NULL AND state IN ('pending', 'error'), private = 1 AND match IS NOT 'pinned',
                count(*)
            FROM civitai_lookups INDEXED BY civitai_lookups_state WHERE dormant = 0 GROUP BY 1, 2, 3
            """
        ) { row in
            guard let state = StoredLookup.State(rawValue: row.text(0)) else { return }
            let number = Int(clamping: row.integer(3))
            guard row.boolean(1) else { return counts.settled[state, default: 0] += number }
            counts.unanswered[state, default: 0] += number
            if row.boolean(2) { counts.unansweredPrivate[state, default: 0] += number }
        }
        return counts
    }

    /// True of the files whose state is told to be the one wanted; as `StoredLookup.shownState`, with `off` for nil.
    static func sql(for condition: LookupCondition) -> (condition: String, binding: Value) {
        // These are told by the index of the states; the others follow from more than the row.
        if let state = condition.state, [.found, .notFound, .unlinked].contains(state) {
            return (
                "f.content_id IN (SELECT content_id FROM civitai_lookups WHERE dormant = 0 AND state = ?)",
                .text(state.rawValue)
            )
        }
        let state = shownState(isAsking: condition.isAsking)
        return ("\(state) = ?", .text(condition.state?.rawValue ?? "off"))
    }

    /// The state of a file `f` of the root `r` with the content `c` as `StoredLookup.shownState` tells it, `off` for nil.
    static func shownState(isAsking: Bool) -> String {
        let isSilent = isAsking ? "l.match IS NOT 'pinned' AND \(isPrivate)" : "1"
        let unread = isAsking ? "\(isUnread) AND NOT \(isPrivate)" : "0"
        // Looked up for each file by itself, so that a list that is read in pages costs the same for each of them.
        return """
            coalesce((SELECT CASE WHEN l.checked_at IS NULL AND l.state IN ('pending', 'error') AND \(isSilent)
                        THEN 'off' ELSE l.state END
                    FROM civitai_lookups l WHERE l.content_id = f.content_id),
                CASE WHEN \(unread) THEN 'pending' ELSE 'off' END)
            """
    }

    /// Of `lookupColumns`, the first of which has this number.
    func storedLookup(_ row: Row, from first: Int) -> StoredLookup? {
        guard let state = StoredLookup.State(rawValue: row.text(first)) else { return nil }
        let role = row.textOrNil(first + 2).flatMap(StoredLookup.Role.init)
        return StoredLookup(
            state: state, match: row.textOrNil(first + 1).flatMap(StoredLookup.Match.init), role: role,
            modelID: row.integerOrNil(first + 3), versionID: row.integerOrNil(first + 4),
            checkedAt: row.textOrNil(first + 5),
            nextCheckAt: row.textOrNil(first + 6), message: row.textOrNil(first + 7), isPrivate: row.boolean(first + 8),
            version: row.isNull(first + 9)
                ? nil
                : LinkedVersion(
                    modelName: row.text(first + 10), versionName: row.text(first + 11),
                    modelType: row.textOrNil(first + 12),
                    baseModel: role == .component ? nil : row.textOrNil(first + 13), trainedWords: [],
                    creator: row.textOrNil(first + 14), nsfwLevel: row.integerOrNil(first + 15)))
    }
}

extension StoredLookup {
    /// The question about a content that has yet to be hashed.
    fileprivate init(unread isPrivate: Bool) {
        self.init(
            state: .pending, match: nil, role: nil, modelID: nil, versionID: nil, checkedAt: nil, nextCheckAt: nil,
            message: nil, isPrivate: isPrivate, version: nil)
    }
}
