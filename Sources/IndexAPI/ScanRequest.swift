/// The body of `POST scan`; every key may be left out.
package struct ScanRequest: Codable, Sendable, Equatable {
    /// A root or a directory below one; null for every root.
    @Nullable package var path: String?
    /// The path's bytes, in place of `path`.
    package var pathBase64: String?
    /// Read every file again.
    package var rehash: Bool
    /// Believe a place that is empty where models were.
    package var acceptEmpty: Bool

    package init(path: String? = nil, pathBase64: String? = nil, rehash: Bool = false, acceptEmpty: Bool = false) {
        self.path = path
        self.pathBase64 = pathBase64
        self.rehash = rehash
        self.acceptEmpty = acceptEmpty
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            path: try container.decodeIfPresent(String.self, forKey: .path),
            pathBase64: try container.decodeIfPresent(String.self, forKey: .pathBase64),
            rehash: try container.decodeIfPresent(Bool.self, forKey: .rehash) ?? false,
            acceptEmpty: try container.decodeIfPresent(Bool.self, forKey: .acceptEmpty) ?? false)
    }

    enum CodingKeys: String, CodingKey {
        case path
        case pathBase64 = "path_base64"
        case rehash
        case acceptEmpty = "accept_empty"
    }
}

/// The answer to `POST scan` (202): the scans that were started.
package struct ScanAnswer: Codable, Sendable, Equatable {
    package var scans: [StartedScan]

    package init(scans: [StartedScan]) { self.scans = scans }

    enum CodingKeys: String, CodingKey { case scans }
}

/// A scan that was started, by the id of its row in the scan history.
package struct StartedScan: Codable, Sendable, Equatable {
    package var id: Int64
    package var root: String

    package init(id: Int64, root: String) {
        self.id = id
        self.root = root
    }

    enum CodingKeys: String, CodingKey { case id, root }
}
