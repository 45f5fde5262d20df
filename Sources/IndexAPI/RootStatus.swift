/// One root, in the answers to `GET status` and `GET roots`.
package struct RootStatus: Codable, Sendable, Equatable {
    package var path: String
    /// The path's bytes; only where they are not UTF-8.
    package var pathBase64: String?
    /// The configured type of files whose content does not decide; null when there is none.
    @Nullable package var type: String?
    /// One of `Vocabulary.rootStates`.
    package var state: String
    /// One of `Vocabulary.watchKinds`.
    package var watch: String
    /// Files that are there.
    package var files: Int
    package var directories: Int
    /// Directories that are looked at in intervals because they have no watch.
    package var polledDirectories: Int
    /// What a person should know, as the reason why the root is offline.
    @Nullable package var message: String?

    package init(
        path: String, pathBase64: String? = nil, type: String?, state: String, watch: String, files: Int,
        directories: Int, polledDirectories: Int, message: String?
    ) {
        self.path = path
        self.pathBase64 = pathBase64
        self.type = type
        self.state = state
        self.watch = watch
        self.files = files
        self.directories = directories
        self.polledDirectories = polledDirectories
        self.message = message
    }

    enum CodingKeys: String, CodingKey {
        case path
        case pathBase64 = "path_base64"
        case type, state, watch, files, directories
        case polledDirectories = "polled_directories"
        case message
    }
}

/// The answer to `GET roots`.
package struct RootsAnswer: Codable, Sendable, Equatable {
    package var roots: [RootStatus]

    package init(roots: [RootStatus]) { self.roots = roots }

    enum CodingKeys: String, CodingKey { case roots }
}
