internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// Watches the subdirectories of a directory on a thread of its own, ahead of the walk that lists them.
///
/// A watch costs the kernel a third of what a small directory costs in all, and may be there long before the listing.
/// Nothing but time depends on this: the walk watches by itself whatever has not been watched when it comes by.
final class WatchesAhead: Sendable {
    private struct State: Sendable {
        /// The directories that were watched, by the order of the walk.
        var watched: [DirectoryIdentity?]
        /// The directory to which the walk comes next.
        var position = 0
    }

    private let watcher: DirectoryWatcher
    private let rules: TreeWalkRules
    private let parent: FileDescriptor
    private let path: FilePath
    private let names: [[UInt8]]
    private let state: Mutex<State>

    /// Fewer directories than this are not worth a thread.
    private static let leastCount = 32

    /// Begins to watch the directories with these names; nil where that is not worth a thread, or not possible.
    init?(
        _ names: [[UInt8]], in directory: Int32, path: FilePath, watcher: DirectoryWatcher, rules: TreeWalkRules
    ) {
        guard names.count >= Self.leastCount, rules.usesEvents,
            // The walk may be over before the thread is.
            let parent = try? FileDescriptor.openAt(
                directory, Array(".".utf8), O_RDONLY | O_DIRECTORY, shown: path)
        else { return nil }
        self.parent = parent
        self.watcher = watcher
        self.rules = rules
        self.path = path
        self.names = names
        state = Mutex(State(watched: Array(repeating: nil, count: names.count)))
        guard (try? SystemThread(name: "watch-ahead", { [self] in watchAll() })) != nil else { return nil }
    }

    /// The walk has come to the directory with this index, which is left to it.
    ///
    /// - Returns: the directory that has been watched under the name.
    func arrive(at index: Int) -> DirectoryIdentity? {
        state.withLock { state in
            state.position = index + 1
            return state.watched[index]
        }
    }

    /// Nothing more is to be watched. Does not wait for the thread, which may hang on a dead drive.
    func end() { state.withLock { $0.position = names.count } }

    private func watchAll() {
        var index = 0
        while true {
            index = max(index, state.withLock { $0.position })
            guard index < names.count else { return }
            if let identity = watch(names[index]) { state.withLock { $0.watched[index] = identity } }
            index += 1
        }
    }

    /// Watches one directory; nil for one that the walk has to look at itself.
    private func watch(_ name: [UInt8]) -> DirectoryIdentity? {
        let path = path.appending(name)
        guard
            let directory = try? FileDescriptor.openWithinMount(
                parent.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, shown: path),
            let status = try? directory.status()
        else { return nil }
        let identity = DirectoryIdentity(status)
        guard !rules.isOtherPlace(identity) else { return nil }
        let outcome = watcher.watch(directory: directory.number, path: path, identity: identity)
        return outcome == .watched ? identity : nil
    }
}
