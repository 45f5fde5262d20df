/// The answer to `GET duplicates`.
package struct DuplicatesAnswer: Codable, Sendable, Equatable {
    /// What wastes most first.
    package var groups: [DuplicateGroup]
    /// Bytes that all groups waste together.
    package var wastedBytes: Int64
    /// By AutoV3.
    package var sameWeights: [SameWeights]

    package init(groups: [DuplicateGroup], wastedBytes: Int64, sameWeights: [SameWeights]) {
        self.groups = groups
        self.wastedBytes = wastedBytes
        self.sameWeights = sameWeights
    }

    enum CodingKeys: String, CodingKey {
        case groups
        case wastedBytes = "wasted_bytes"
        case sameWeights = "same_weights"
    }
}

/// Two files or more with the same content.
package struct DuplicateGroup: Codable, Sendable, Equatable {
    /// 64 lower-case hexadecimal digits.
    package var sha256: String
    /// Bytes of one file.
    package var size: Int64
    /// Bytes that would be free if one copy were left; hard links and symbolic links waste nothing.
    package var wastedBytes: Int64
    /// By path.
    package var files: [Member]

    package init(sha256: String, size: Int64, wastedBytes: Int64, files: [Member]) {
        self.sha256 = sha256
        self.size = size
        self.wastedBytes = wastedBytes
        self.files = files
    }

    enum CodingKeys: String, CodingKey {
        case sha256, size
        case wastedBytes = "wasted_bytes"
        case files
    }

    /// One file of the group. Files with the same device and inode are one file under several names.
    package struct Member: Codable, Sendable, Equatable {
        /// The absolute path; bytes that are not UTF-8 are shown as `\xNN`.
        package var path: String
        /// The path's bytes; only where they are not UTF-8.
        package var pathBase64: String?
        /// As `st_dev` in stat(2) was when the file was last looked at; for a symbolic link that of its target.
        package var device: Int64
        /// A decimal number of up to 64 bits; for a symbolic link that of its target.
        package var inode: String
        /// True where the path is a symbolic link.
        package var symlink: Bool

        package init(path: String, pathBase64: String? = nil, device: Int64, inode: UInt64, symlink: Bool) {
            self.path = path
            self.pathBase64 = pathBase64
            self.device = device
            self.inode = String(inode)
            self.symlink = symlink
        }

        enum CodingKeys: String, CodingKey {
            case path
            case pathBase64 = "path_base64"
            case device, inode, symlink
        }
    }
}

/// Files of different contents that differ only in their headers.
package struct SameWeights: Codable, Sendable, Equatable {
    /// Twelve lower-case hexadecimal digits.
    package var autoV3: String
    /// Paths, in order.
    package var files: [String]

    package init(autoV3: String, files: [String]) {
        self.autoV3 = autoV3
        self.files = files
    }

    enum CodingKeys: String, CodingKey {
        case autoV3 = "autov3"
        case files
    }
}
