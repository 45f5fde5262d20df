/// What the hashing threads do; also the answer to `pause` and `resume`.
package struct HashingStatus: Codable, Sendable, Equatable {
    /// One of `Vocabulary.hashingStates`.
    package var state = "idle"
    /// When a pause or a back-off ends by itself.
    @Nullable package var until: String?
    @Nullable package var message: String?
    package var workers = 0
    /// The rate of the last seconds.
    package var bytesPerSecond: Int64 = 0
    /// Bytes hashed since the process started.
    package var bytesTotal: Int64 = 0
    /// Files hashed since the process started.
    package var filesTotal = 0
    /// The files that are being read.
    package var current: [HashingProgress] = []

    package init() {}

    enum CodingKeys: String, CodingKey {
        case state, until, message, workers
        case bytesPerSecond = "bytes_per_second"
        case bytesTotal = "bytes_total"
        case filesTotal = "files_total"
        case current
    }
}

/// How far the reading of one file is.
package struct HashingProgress: Codable, Sendable, Equatable {
    package var path: String
    package var bytesDone: Int64
    package var size: Int64

    package init(path: String, bytesDone: Int64, size: Int64) {
        self.path = path
        self.bytesDone = bytesDone
        self.size = size
    }

    enum CodingKeys: String, CodingKey {
        case path
        case bytesDone = "bytes_done"
        case size
    }
}

/// What is going on with CivitAI.
package struct CivitaiStatus: Codable, Sendable, Equatable {
    /// `off`, `idle`, `fetching`, `backing_off` or `blocked`.
    package var state = "off"
    /// `none`, `unchecked`, `valid` or `invalid`.
    package var key = "none"
    /// Contents to be asked about.
    package var pending = 0
    /// Contents that CivitAI knows.
    package var found = 0
    /// Contents that CivitAI does not know.
    package var notFound = 0
    /// Contents whose last question failed.
    package var error = 0
    /// API requests since the process started, images apart.
    package var requestsTotal = 0
    @Nullable package var retryAt: String?
    @Nullable package var message: String?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case state, key, pending, found
        case notFound = "not_found"
        case error
        case requestsTotal = "requests_total"
        case retryAt = "retry_at"
        case message
    }
}
