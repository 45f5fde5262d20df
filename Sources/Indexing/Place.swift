package import Catalog
internal import DirectoryWatching
package import LinuxSystem
internal import Synchronization

/// A directory tree that comes and goes by itself: a root, a mount below one, or a followed link to a directory.
package final class Place: Sendable {
    package typealias Kind = PlaceRecord.Kind

    /// How the place is right now.
    package struct Condition: Sendable, Hashable {
        package var isOnline = false
        /// Somebody began to watch it, or found out why that cannot be.
        package var hasBegun = false
        /// It could be opened, but is another directory, and a search for model files has to tell whether to believe it.
        var isDoubted = false
        /// It was reconciled from end to end since the start.
        package var isReconciled = false
        /// Changes are found by listing again and again.
        package var isPolled = false
        /// Directories of which no watch could be had.
        package var unwatchedDirectories = 0
        /// What could not be seen at the last look, by the directory; a part of it if there is much.
        var troubles: [FilePath: String] = [:]
        /// Why it is offline; nil while it is online.
        package var offlineReason: String?
        /// The place is not there at all, rather than there and not readable.
        package var isAbsent = false
        /// The directory that was opened last.
        var identity: DirectoryIdentity?
        /// Where it really lies, without links.
        var realPath: FilePath?
        /// What decides where its path leads; each name is followed.
        var way: [PathStep] = []
        /// The mount on which it lay when it was opened last.
        var mount: MountTable.Mount?
        /// Where the same directory is walked instead of here.
        var home: FilePath?
        /// The device whose thread makes its path calls; nil before that is known.
        var device: UInt64?
        /// Devices that the way to it leads through.
        var passedDevices: Set<UInt64> = []

        package init() {}

        /// Nothing is to be seen here, and that is as it should be.
        var isElsewhere: Bool { home != nil }

        mutating func goOffline(_ reason: String, isAbsent: Bool) {
            isOnline = false
            hasBegun = true
            isDoubted = false
            isReconciled = false
            home = nil
            self.isAbsent = isAbsent
            offlineReason = reason
            troubles = [:]
        }

        /// More directories than this that cannot be seen are as good as many.
        private static let troubleLimit = 1000

        /// What a person should know of what could not be seen; nil when all is well.
        package var message: String? {
            guard let first = troubles.min(by: { $0.key < $1.key }) else { return nil }
            return troubles.count == 1 ? first.value : "\(first.value), and \(troubles.count - 1) more"
        }

        /// Takes over what a look has told; a look at the whole place leaves nothing else.
        mutating func note(troubles new: [FilePath: String], cleared: [FilePath], isWhole: Bool) {
            if isWhole { troubles = [:] }
            for path in cleared { troubles[path] = nil }
            for (path, trouble) in new where troubles.count < Self.troubleLimit { troubles[path] = trouble }
        }
    }

    package let path: FilePath
    package let kind: Kind
    package let root: WatchedRoot
    /// Tells this place from others that had its path before.
    let number: Int
    private let stored = Mutex(Condition())

    init(path: FilePath, kind: Kind, root: WatchedRoot, number: Int) {
        self.path = path
        self.kind = kind
        self.root = root
        self.number = number
    }

    package var condition: Condition { stored.withLock { $0 } }

    /// Below the root, without slashes at the ends; empty for the root itself.
    var folder: [UInt8] { path.relative(to: root.path) ?? [] }

    /// Where a path in this place really lies, as far as it is known.
    func realPath(of inner: FilePath) -> FilePath {
        let relative = inner.relative(to: path) ?? []
        return (condition.realPath ?? path).appending(relative)
    }

    @discardableResult
    func update<Outcome: Sendable>(_ change: (inout Condition) -> Outcome) -> Outcome {
        stored.withLock { change(&$0) }
    }
}
