/// The body of `POST verify`; every key may be left out.
package struct VerifyRequest: Codable, Sendable, Equatable {
    /// A file or a directory; null for every root.
    @Nullable package var path: String?
    /// The path's bytes, in place of `path`.
    package var pathBase64: String?

    package init(path: String? = nil, pathBase64: String? = nil) {
        self.path = path
        self.pathBase64 = pathBase64
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            path: try container.decodeIfPresent(String.self, forKey: .path),
            pathBase64: try container.decodeIfPresent(String.self, forKey: .pathBase64))
    }

    enum CodingKeys: String, CodingKey {
        case path
        case pathBase64 = "path_base64"
    }
}

/// The answer to `POST verify` (202).
package struct VerifyAnswer: Codable, Sendable, Equatable {
    /// The row of the scan history that tells how it goes.
    package var id: Int64
    /// Files that are to be read.
    package var files: Int
    /// Bytes that are to be read.
    package var bytes: Int64

    package init(id: Int64, files: Int, bytes: Int64) {
        self.id = id
        self.files = files
        self.bytes = bytes
    }

    enum CodingKeys: String, CodingKey { case id, files, bytes }
}

extension FileObject {
    /// True when a verification found bytes that are not those of the file's hash.
    package var isDamaged: Bool { state == "indexed" && error?.hasPrefix("Damaged:") == true }
}
