/// The body of `POST sync`; every key may be left out.
package struct SyncRequest: Codable, Sendable, Equatable {
    /// The time-out where the request names none.
    package static let standardTimeoutSeconds = 60

    /// Wait also until every file that is then pending has been hashed.
    package var hashed: Bool
    package var timeoutSeconds: Int

    package init(hashed: Bool = false, timeoutSeconds: Int = SyncRequest.standardTimeoutSeconds) {
        self.hashed = hashed
        self.timeoutSeconds = timeoutSeconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            hashed: try container.decodeIfPresent(Bool.self, forKey: .hashed) ?? false,
            timeoutSeconds: try container.decodeIfPresent(Int.self, forKey: .timeoutSeconds)
                ?? Self.standardTimeoutSeconds)
    }

    enum CodingKeys: String, CodingKey {
        case hashed
        case timeoutSeconds = "timeout_seconds"
    }
}

/// The answer to `POST sync`.
package struct SyncAnswer: Codable, Sendable, Equatable {
    /// False when the time-out came first.
    package var synced: Bool
    /// Roots that are offline.
    package var skipped: [String]
    /// Files that are still being written or, with `hashed`, not yet read.
    package var waiting: [String]

    package init(synced: Bool, skipped: [String], waiting: [String]) {
        self.synced = synced
        self.skipped = skipped
        self.waiting = waiting
    }

    enum CodingKeys: String, CodingKey { case synced, skipped, waiting }
}
