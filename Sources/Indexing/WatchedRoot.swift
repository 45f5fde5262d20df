package import Catalog
internal import DirectoryWatching
package import LinuxSystem
internal import Synchronization

/// A root while the daemon runs: what the configuration says of it and how it is.
package final class WatchedRoot: Sendable {
    /// How changes below the root are noticed.
    package enum WatchMode: String, Sendable {
        case auto, inotify, poll
    }

    /// How the root is right now.
    package struct Condition: Sendable, Hashable {
        package var isOnline = false
        /// Somebody began to watch it, or found out why that cannot be.
        package var hasBegun = false
        /// It could be opened, but is another place, and a search for model files has to tell whether to believe it.
        var isDoubted = false
        /// It was reconciled from end to end since the start.
        package var isReconciled = false
        /// Changes are found by listing again and again.
        package var isPolled = false
        /// Directories of which no watch could be had.
        package var unwatchedDirectories = 0
        /// What a person should know of it.
        package var message: String?
        /// Why it is offline; nil while it is online.
        package var offlineReason: String?
        /// The place is not there at all, rather than there and not readable.
        package var isAbsent = false
        /// The directory that was opened last.
        var place: DirectoryIdentity?
        /// Where the root really lies, without links.
        var realPath: FilePath?

        package init() {}

        mutating func goOffline(_ reason: String, isAbsent: Bool) {
            isOnline = false
            hasBegun = true
            isReconciled = false
            self.isAbsent = isAbsent
            offlineReason = reason
            message = reason
        }
    }

    package let record: RootRecord
    package let watchMode: WatchMode
    /// Names the file system on which the root lies, by the mount table alone: asking the drive itself might hang.
    let fileSystemName: String
    private let stored = Mutex(Condition())

    package init(record: RootRecord, watchMode: WatchMode) {
        self.record = record
        self.watchMode = watchMode
        fileSystemName = MountTable.current().mount(holding: record.path).map { String($0.id) } ?? "0"
    }

    package var id: Int64 { record.id }
    package var path: FilePath { record.path }
    package var condition: Condition { stored.withLock { $0 } }

    @discardableResult
    func update<Outcome: Sendable>(_ change: (inout Condition) -> Outcome) -> Outcome {
        stored.withLock { change(&$0) }
    }
}
