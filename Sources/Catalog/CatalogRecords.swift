package import LinuxSystem

/// Where a file lies in its processing, as stored. `hashing` is not stored: it is what the workers hold right now.
package enum FileState: String, Sendable, CaseIterable {
    case pending, indexed, error, missing
}

/// A root as the catalogue knows it.
package struct RootRecord: Sendable, Hashable {
    package let id: Int64
    package let path: FilePath
    package let type: String?
}

/// A file as a walk finds it, with what the configuration says of its place.
package struct ObservedFile: Sendable, Hashable {
    package let path: FilePath
    package let rootID: Int64
    /// Below the root, without slashes at the ends; empty for the root's own files.
    package let folder: [UInt8]
    package let status: FileStatus
    package let fileSystemID: String?
    package let isSymbolicLink: Bool
    package let type: String?
    package let typeSource: String?

    package init(
        path: FilePath, rootID: Int64, folder: [UInt8], status: FileStatus, fileSystemID: String?,
        isSymbolicLink: Bool, type: String?, typeSource: String?
    ) {
        self.path = path
        self.rootID = rootID
        self.folder = folder
        self.status = status
        self.fileSystemID = fileSystemID
        self.isSymbolicLink = isSymbolicLink
        self.type = type
        self.typeSource = typeSource
    }
}

/// What the catalogue has for a path, as far as a comparison with the file system needs it.
package struct KnownFile: Sendable, Hashable {
    package let id: Int64
    package let path: FilePath
    package let rootID: Int64?
    package let size: Int64
    package let modified: Int64
    package let changed: Int64
    package let inode: UInt64
    package let fileSystemID: String?
    package let born: Int64?
    package let contentID: Int64?
    package let state: FileState
    /// Pending, but not complete yet.
    package let isHeld: Bool
    package let error: String?
    package let type: String?
    package let isSymbolicLink: Bool
    package let links: Int
    /// Its content is answered and in doubt.
    package let isReadAgain: Bool
}

/// What a first look at a file's bytes tells, before it is hashed.
package struct ContentDescription: Sendable, Hashable {
    package var format: String?
    package var headerSize: UInt64?
    package var tensorCount: Int?
    package var parameterCount: UInt64?
    /// Tensors by data type.
    package var dtypes: [String: Int]
    /// The embedded key-values, in the order of the file.
    package var metadata: [(key: String, value: String)]
    /// What is wrong with the content; nil when it was understood.
    package var message: String?

    package init(
        format: String?, headerSize: UInt64? = nil, tensorCount: Int? = nil, parameterCount: UInt64? = nil,
        dtypes: [String: Int] = [:], metadata: [(key: String, value: String)] = [], message: String? = nil
    ) {
        self.format = format
        self.headerSize = headerSize
        self.tensorCount = tensorCount
        self.parameterCount = parameterCount
        self.dtypes = dtypes
        self.metadata = metadata
        self.message = message
    }

    package static func == (left: ContentDescription, right: ContentDescription) -> Bool {
        left.format == right.format && left.headerSize == right.headerSize && left.tensorCount == right.tensorCount
            && left.parameterCount == right.parameterCount && left.dtypes == right.dtypes
            && left.message == right.message
            && left.metadata.elementsEqual(right.metadata) { $0.key == $1.key && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(format)
        hasher.combine(headerSize)
        hasher.combine(tensorCount)
    }
}

/// The digests of a content in lower-case hexadecimal; nil where a kind does not apply.
package struct ContentDigests: Sendable, Hashable {
    package var sha256: String
    package var autoV1: String?
    package var autoV2: String
    package var autoV3: String?
    /// The digest that AutoV3 is cut from.
    package var autoV3Full: String?
    package var crc32: String
    package var blake3: String?

    package init(
        sha256: String, autoV1: String?, autoV2: String, autoV3: String?, autoV3Full: String?, crc32: String,
        blake3: String? = nil
    ) {
        self.sha256 = sha256
        self.autoV1 = autoV1
        self.autoV2 = autoV2
        self.autoV3 = autoV3
        self.autoV3Full = autoV3Full
        self.crc32 = crc32
        self.blake3 = blake3
    }
}

/// One file that waits to be read.
package struct HashJob: Sendable, Hashable {
    /// Why it is read; in the order in which that matters.
    package enum Purpose: Sendable, CaseIterable {
        /// To learn its digests.
        case first
        /// Somebody wants to know whether it still is what it was. Its digest stays, whatever is found.
        case verification
        /// It is indexed, and its digests are in doubt. What is found is believed.
        case again
        /// It is indexed, and lacks digests that are wanted now. What it has stays, whatever is found.
        case completion
    }

    package let fileID: Int64
    package let path: FilePath
    package let rootID: Int64
    package let contentID: Int64?
    package let size: Int64
    package let modified: Int64
    package let inode: UInt64
    /// The device that it lay on when it was seen.
    package let device: UInt64
    package let attempts: Int
    package let purpose: Purpose
}

/// Everything that an answer says of a file.
package struct FileDetails: Sendable {
    package let id: Int64
    package let path: FilePath
    package let root: FilePath
    package let folder: [UInt8]
    package let type: String?
    package let typeSource: String?
    package let size: Int64
    /// Nanoseconds since 1970.
    package let modified: Int64
    package let state: FileState
    package let error: String?
    package let links: Int
    package let isSymbolicLink: Bool
    package let contentID: Int64?
    package let digests: StoredDigests
    package let format: String?
    package let headerSize: UInt64?
    package let tensorCount: Int?
    package let parameterCount: UInt64?
    package let dtypes: [String: Int]
    /// Other present paths with the same content.
    package var copies: [FilePath]
}

/// The digests that a content has so far.
package struct StoredDigests: Sendable, Hashable {
    package let sha256: String?
    package let autoV1: String?
    package let autoV2: String?
    package let autoV3: String?
    package let autoV3Full: String?
    package let crc32: String?
    package let blake3: String?
}

/// A row of `scan_history`.
package struct StoredScan: Sendable, Hashable {
    package let id: Int64
    package let kind: String
    package let root: String?
    package let startedAt: String
    package let completedAt: String?
    package let durationMilliseconds: Int64?
    package let counts: ScanCounts
    package let filesHashed: Int64
    package let filesDamaged: Int64
    package let bytesHashed: Int64
    package let lookups: Int64
    package let errors: [String]
}

/// What a walk counts.
package struct ScanCounts: Sendable, Hashable {
    package var seen = 0
    package var added = 0
    package var changed = 0
    package var moved = 0
    package var missing = 0
    package var checkpoints = 0
    package var loras = 0
    package var embeddings = 0

    package init() {}

    /// How many files were not as the catalogue had them.
    package var changes: Int { added + changed + moved + missing }
}

/// How many files are in each state, and how many bytes those have that are there.
package struct StateCounts: Sendable, Hashable {
    package var pending = 0
    package var indexed = 0
    package var error = 0
    package var missing = 0
    package var bytes: Int64 = 0
    /// Bytes of the files that wait to be read.
    package var pendingBytes: Int64 = 0

    package init() {}
}

/// What the catalogue holds, in figures.
package struct CatalogFigures: Sendable {
    package let counts: StateCounts
    /// Present files of each root by its number.
    package let presentFiles: [Int64: Int]
    /// The scan that was begun last.
    package let lastScan: StoredScan?
}
