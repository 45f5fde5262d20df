package import LinuxSystem

/// What the configuration says to the pipeline.
package struct IndexingSettings: Sendable, Hashable {
    /// One configured root.
    package struct Root: Sendable, Hashable {
        package let path: FilePath
        package let type: String?
        package let watchMode: WatchedRoot.WatchMode
        /// No hash of what lies below is ever sent.
        package let isPrivate: Bool

        package init(path: FilePath, type: String?, watchMode: WatchedRoot.WatchMode, isPrivate: Bool = false) {
            self.path = path
            self.type = type
            self.watchMode = watchMode
            self.isPrivate = isPrivate
        }
    }

    package var roots: [Root]
    /// Patterns of names that are ignored in addition to the built-in ones.
    package var ignoredNames: [String] = []
    /// Durations in nanoseconds.
    package var settle: Int64 = 2_000_000_000
    package var pollInterval: Int64 = 300_000_000_000
    package var rescanInterval: Int64 = 86_400_000_000_000
    package var keepMissing: Int64 = 30 * 86_400_000_000_000
    package var followsSymbolicLinks = true
    /// After so long without a sign of life a drive is taken for one that does not answer.
    var driveSilence = WalkingThread.patience
    /// After so long without a byte a file is given up for now.
    var readSilence = HashingService.readSilence
    /// Hashing threads; nil leaves the number to the machine.
    package var workers: Int?
    package var queueCapacity = 1024
    /// Bytes; 0 is no limit.
    package var maximumFileSize: Int64 = 0
    package var autoV3MaximumSize: Int64 = 2 << 30
    /// Bytes per second that are read for digests; 0 is no limit.
    package var maximumRate: Int64 = 0
    /// Whether BLAKE3 is computed.
    package var blake3 = false
    /// One pass and out (`--once`).
    package var isSinglePass = false

    package init(roots: [Root]) { self.roots = roots }

    /// What decides which files belong to which root.
    struct Coverage: Hashable {
        let roots: [Root]
        let ignoredNames: [String]
        let followsSymbolicLinks: Bool
    }

    var coverage: Coverage {
        Coverage(roots: roots, ignoredNames: ignoredNames, followsSymbolicLinks: followsSymbolicLinks)
    }

    var options: IndexingOptions {
        IndexingOptions(
            rules: FileNameRules(patterns: ignoredNames), settle: settle, followsSymbolicLinks: followsSymbolicLinks,
            maximumFileSize: maximumFileSize, autoV3MaximumSize: autoV3MaximumSize, blake3: blake3,
            isSinglePass: isSinglePass)
    }
}
