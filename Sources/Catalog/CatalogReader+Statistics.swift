internal import SQLite

/// How many present files of the roots there are of what.
package struct FileStatistics: Sendable, Hashable {
    /// By type; the empty word for those whose type nothing tells.
    package var byType: [String: Int] = [:]
    /// By base model, as above.
    package var byBaseModel: [String: Int] = [:]
    /// By the state of the question to CivitAI, as answers tell it.
    package var byLookupState: [String: Int] = [:]
    /// Different contents.
    package var contents = 0
    package var wastedBytes: Int64 = 0
}

extension CatalogReader {
    private static let present = "f.root_id IS NOT NULL AND f.state != 'missing'"

    /// - Parameter isAsking: false while requests to CivitAI are switched off.
    package func statistics(isAsking: Bool) throws -> FileStatistics {
        var statistics = FileStatistics()
        statistics.byType = try counts(of: "coalesce(f.type, '')")
        statistics.byBaseModel = try counts(of: "coalesce(f.base_model, '')")
        statistics.byLookupState = try counts(of: Self.shownState(isAsking: isAsking))
        statistics.contents =
            try connection.firstRow("SELECT count(DISTINCT f.content_id) FROM local_files f WHERE \(Self.present)") {
                Int(clamping: $0.integer(0))
            } ?? 0
        statistics.wastedBytes = try wastedBytes()
        return statistics
    }

    /// Present files by state and type; the empty word for those whose type nothing tells, and missing ones, too.
    package func countsByStateAndType() throws -> [(state: String, type: String, count: Int)] {
        try connection.rows(
            """
            SELECT state, coalesce(type, ''), count(*) FROM local_files WHERE root_id IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2
            """
        ) { ($0.text(0), $0.text(1), Int(clamping: $0.integer(2))) }
    }

    private func counts(of expression: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        try connection.query(
            "SELECT \(expression) AS word, count(*) FROM \(Self.detailTables) WHERE \(Self.present) GROUP BY 1"
        ) { counts[$0.text(0)] = Int(clamping: $0.integer(1)) }
        return counts
    }
}
