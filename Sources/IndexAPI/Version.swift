/// The version of this release; `kikod` and `kikod-ctl` are always released together.
package let kikodVersion = "0.1.0"

/// What `kikod-ctl version --json` prints: the program's version, and the daemon's where one answers.
package struct VersionAnswer: Codable, Sendable, Equatable {
    /// The version of kikod-ctl.
    package var client: String
    /// The version of the daemon that answered; null when none did.
    @Nullable package var daemon: String?

    package init(client: String = kikodVersion, daemon: String?) {
        self.client = client
        self.daemon = daemon
    }

    enum CodingKeys: String, CodingKey {
        case client = "kikod_ctl"
        case daemon = "kikod"
    }
}
