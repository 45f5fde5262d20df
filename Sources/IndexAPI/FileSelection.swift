/// Names one file, or the content that files have in common: one of its keys in a body, one of its query parameters.
package struct FileSelection: Codable, Sendable, Equatable {
    /// An absolute path that leads to the file.
    package var path: String?
    /// The path's bytes, in place of `path`.
    package var pathBase64: String?
    /// A hash of any type, or a prefix of the SHA-256.
    package var hash: String?
    /// The number of the file.
    package var id: Int64?

    package init(path: String? = nil, pathBase64: String? = nil, hash: String? = nil, id: Int64? = nil) {
        self.path = path
        self.pathBase64 = pathBase64
        self.hash = hash
        self.id = id
    }

    /// How many of the ways to name a file are used; one is right.
    package var count: Int { [path, pathBase64, hash, id.map(String.init)].compactMap(\.self).count }

    enum CodingKeys: String, CodingKey {
        case path
        case pathBase64 = "path_base64"
        case hash, id
    }
}
