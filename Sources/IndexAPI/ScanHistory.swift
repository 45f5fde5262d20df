/// The answer to `GET scan-history`: the newest first.
package struct ScanHistoryAnswer: Codable, Sendable, Equatable {
    package var scans: [ScanRecord]
    /// All rows, whatever `limit` and `offset` leave of them.
    package var total: Int

    package init(scans: [ScanRecord], total: Int) {
        self.scans = scans
        self.total = total
    }

    enum CodingKeys: String, CodingKey { case scans, total }
}

/// One row of the scan history.
package struct ScanRecord: Codable, Sendable, Equatable {
    package var id: Int64
    /// One of `Vocabulary.scanKinds`.
    package var kind: String
    /// The root, or the path below one, that was scanned; null where it was every root.
    @Nullable package var root: String?
    package var startedAt: String
    /// Null while the scan is under way.
    @Nullable package var completedAt: String?
    @Nullable package var durationMilliseconds: Int64?
    package var filesSeen = 0
    package var filesAdded = 0
    package var filesChanged = 0
    package var filesMoved = 0
    package var filesMissing = 0
    package var filesHashed = 0
    package var filesDamaged = 0
    package var bytesHashed: Int64 = 0
    package var checkpointsFound = 0
    package var lorasFound = 0
    package var embeddingsFound = 0
    package var lookups = 0
    /// Files and directories that could not be read.
    package var errors: [String] = []

    package init(id: Int64, kind: String, root: String?, startedAt: String) {
        self.id = id
        self.kind = kind
        self.root = root
        self.startedAt = startedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, root
        case startedAt = "started_at"
        case completedAt = "completed_at"
        case durationMilliseconds = "duration_ms"
        case filesSeen = "files_seen"
        case filesAdded = "files_added"
        case filesChanged = "files_changed"
        case filesMoved = "files_moved"
        case filesMissing = "files_missing"
        case filesHashed = "files_hashed"
        case filesDamaged = "files_damaged"
        case bytesHashed = "bytes_hashed"
        case checkpointsFound = "checkpoints_found"
        case lorasFound = "loras_found"
        case embeddingsFound = "embeddings_found"
        case lookups, errors
    }
}
