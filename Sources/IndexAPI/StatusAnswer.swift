/// The answer to `GET status`.
package struct StatusAnswer: Codable, Sendable, Equatable {
    /// The version of the daemon.
    package var version: String
    /// One of `Vocabulary.daemonStates`.
    package var state: String
    /// Since the process started.
    package var uptimeSeconds: Double
    /// The process id.
    package var pid: Int32
    /// Every configured root.
    package var roots: [RootStatus]
    /// Files in all roots.
    package var files: FileCounts
    /// What waits to be hashed.
    package var queue: QueueStatus
    /// What the hashing threads do.
    package var hashing: HashingStatus
    /// What is going on with CivitAI.
    package var civitai: CivitaiStatus
    /// Where the catalogue lies.
    package var database: DatabaseStatus
    /// The newest scan; null before the first.
    @Nullable package var lastScan: LastScan?

    package init(
        version: String = kikodVersion, state: String, uptimeSeconds: Double, pid: Int32, roots: [RootStatus],
        files: FileCounts, queue: QueueStatus, hashing: HashingStatus, civitai: CivitaiStatus,
        database: DatabaseStatus, lastScan: LastScan?
    ) {
        self.version = version
        self.state = state
        self.uptimeSeconds = uptimeSeconds
        self.pid = pid
        self.roots = roots
        self.files = files
        self.queue = queue
        self.hashing = hashing
        self.civitai = civitai
        self.database = database
        self.lastScan = lastScan
    }

    enum CodingKeys: String, CodingKey {
        case version, state
        case uptimeSeconds = "uptime_seconds"
        case pid, roots, files, queue, hashing, civitai, database
        case lastScan = "last_scan"
    }
}

/// How many files there are in which state.
package struct FileCounts: Codable, Sendable, Equatable {
    /// What is there: indexed, pending, hashing and error.
    package var total = 0
    package var indexed = 0
    package var pending = 0
    /// What the hashing threads do.
    package var hashing = 0
    package var error = 0
    /// Known files that are gone; not part of `total`.
    package var missing = 0
    /// Size of what is there.
    package var bytes: Int64 = 0

    package init() {}

    enum CodingKeys: String, CodingKey {
        case total, indexed, pending, hashing, error, missing, bytes
    }
}

/// The queue of files that wait to be hashed.
package struct QueueStatus: Codable, Sendable, Equatable {
    /// Files in memory.
    package var depth: Int
    /// The most files that are held in memory; the rest waits in the catalogue.
    package var capacity: Int
    /// Size of every file that waits, in memory or not.
    package var pendingBytes: Int64

    package init(depth: Int, capacity: Int, pendingBytes: Int64) {
        self.depth = depth
        self.capacity = capacity
        self.pendingBytes = pendingBytes
    }

    enum CodingKeys: String, CodingKey {
        case depth, capacity
        case pendingBytes = "pending_bytes"
    }
}

/// Where the catalogue lies.
package struct DatabaseStatus: Codable, Sendable, Equatable {
    package var path: String
    package var schemaVersion: Int
    /// Size of the database file.
    package var bytes: Int64

    package init(path: String, schemaVersion: Int, bytes: Int64) {
        self.path = path
        self.schemaVersion = schemaVersion
        self.bytes = bytes
    }

    enum CodingKeys: String, CodingKey {
        case path
        case schemaVersion = "schema_version"
        case bytes
    }
}

/// The newest row of the scan history, in short.
package struct LastScan: Codable, Sendable, Equatable {
    package var id: Int64
    package var startedAt: String
    /// Null while the scan is under way.
    @Nullable package var completedAt: String?

    package init(id: Int64, startedAt: String, completedAt: String?) {
        self.id = id
        self.startedAt = startedAt
        self.completedAt = completedAt
    }

    enum CodingKeys: String, CodingKey {
        case id
        case startedAt = "started_at"
        case completedAt = "completed_at"
    }
}
