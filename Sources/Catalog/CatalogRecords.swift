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
    /// The type that the place gives to files whose content does not decide.
    package let placeType: String?
    /// `root` or `folder`.
    package let placeTypeSource: String?

    package init(
        path: FilePath, rootID: Int64, folder: [UInt8], status: FileStatus, fileSystemID: String?,
        isSymbolicLink: Bool, placeType: String?, placeTypeSource: String?
    ) {
        self.path = path
        self.rootID = rootID
        self.folder = folder
        self.status = status
        self.fileSystemID = fileSystemID
        self.isSymbolicLink = isSymbolicLink
        self.placeType = placeType
        self.placeTypeSource = placeTypeSource
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
    package let placeType: String?
    package let placeTypeSource: String?
    package let isSymbolicLink: Bool
    package let links: Int
    /// Its content is answered and in doubt.
    package let isReadAgain: Bool
    /// It does not hold the bytes of its digest any more.
    package let isDamaged: Bool
    /// What the last look at it went by; nil for a file that is to be looked at again.
    package let look: Int64?
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
    package let checkpointsFound: Int64
    package let lorasFound: Int64
    package let embeddingsFound: Int64
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
    package let lookups: LookupCounts
}
