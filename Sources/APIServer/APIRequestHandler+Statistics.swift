internal import Catalog
internal import IndexAPI
internal import Indexing

/// `GET stats`.
extension APIRequestHandler {
    func statistics() throws -> StatsAnswer {
        let status = try status()
        let isAsking = index.isAskingCivitAI
        let found = try index.catalog.read { try $0.statistics(isAsking: isAsking) }
        var answer = StatsAnswer()
        answer.files = status.files.total
        answer.bytes = status.files.bytes
        answer.byType = Self.named(found.byType)
        answer.byBaseModel = Self.named(found.byBaseModel)
        answer.byState = [
            "pending": status.files.pending, "hashing": status.files.hashing, "indexed": status.files.indexed,
            "error": status.files.error, "missing": status.files.missing,
        ]
        answer.byCivitaiState = Dictionary(
            uniqueKeysWithValues: Vocabulary.civitaiStates.map { ($0, found.byLookupState[$0] ?? 0) })
        answer.contents = found.contents
        answer.wastedBytes = found.wastedBytes
        answer.lastScan = status.lastScan
        return answer
    }

    private static func named(_ counts: [String: Int]) -> [String: Int] {
        var counts = counts
        if let unknown = counts.removeValue(forKey: "") { counts[Vocabulary.unknown, default: 0] += unknown }
        return counts
    }
}
