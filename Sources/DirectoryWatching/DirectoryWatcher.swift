internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

/// Which names a watcher follows.
package struct WatchedNames: Sendable {
    /// True for a file whose changes are reported.
    package let isReported: @Sendable ([UInt8]) -> Bool
    /// True for a name below which nothing is watched or listed, and that is never reported.
    package let isIgnored: @Sendable ([UInt8]) -> Bool
    /// The file that a name beside it marks as unfinished (`X` for `X.aria2`), if it is such a mark.
    package let marked: @Sendable ([UInt8]) -> [UInt8]?

    package init(
        isReported: @escaping @Sendable ([UInt8]) -> Bool, isIgnored: @escaping @Sendable ([UInt8]) -> Bool,
        marked: @escaping @Sendable ([UInt8]) -> [UInt8]?
    ) {
        self.isReported = isReported
        self.isIgnored = isIgnored
        self.marked = marked
    }
}

/// Reads inotify on a thread of its own and hands on what has settled.
///
/// The reading thread makes no path call and never waits for the consumer: a consumer only puts changes in a queue.
/// Watches are added by the threads that walk (`watch`), since that can hang on a dead drive.
package final class DirectoryWatcher: Sendable {
    /// How a directory came to be watched, or not.
    package enum WatchOutcome: Hashable, Sendable {
        case watched
        /// The same directory is in the tree at another path, and is walked there.
        case knownElsewhere(FilePath)
        /// The user's watches are used up (fs.inotify.max_user_watches): it has to be polled.
        case limitReached
        case failed(SystemError)
    }

    /// Numbers for status and metrics since the start.
    package struct Counters: Hashable, Sendable {
        package var events = 0
        package var overflows = 0
    }

    private struct State: Sendable {
        var tree = WatchedTree()
        var settling: ChangeSettling
        var names: WatchedNames
        /// How many watches were ended since the start.
        var endedWatches = 0
        var counters = Counters()
        var cookies: [[UInt8]: @Sendable () -> Void] = [:]
        var cookieWatch: Int32?
        var nextCookie = 0
        var pings = 0
        var isStopping = false
    }

    private let inotify: InotifyInstance
    private let wakeUp: EventDescriptor
    private let state: Mutex<State>
    private let condition = Condition()
    private let consume: @Sendable ([DirectoryChange]) -> Void
    private let logger: Logger
    private let thread = Mutex<SystemThread?>(nil)

    /// - Parameter consume: called on the reading thread; must return at once.
    package init(
        names: WatchedNames, timing: ChangeSettling.Timing, logger: Logger,
        consume: @escaping @Sendable ([DirectoryChange]) -> Void
    ) throws(SystemError) {
        inotify = try InotifyInstance()
        wakeUp = try EventDescriptor()
        state = Mutex(State(settling: ChangeSettling(timing: timing), names: names))
        self.logger = logger
        self.consume = consume
    }

    /// Starts the reading thread.
    package func start() throws(SystemError) {
        let started = try SystemThread(name: "events") { [self] in
            do throws(SystemError) {
                try readEvents()
            } catch {
                logger.error("cannot read file events any more: \(error)")
                consume([.eventsLost])
            }
        }
        thread.withLock { $0 = started }
    }

    /// Ends the reading thread; waits for it at most a second.
    package func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
        _ = thread.withLock { $0 }?.join(milliseconds: 1000)
    }

    /// Takes over new rules for names and times.
    package func update(names: WatchedNames, timing: ChangeSettling.Timing) {
        state.withLock {
            $0.names = names
            $0.settling.timing = timing
        }
    }

    /// Watches the directory behind an open descriptor as `path`. Call it before listing the directory.
    ///
    /// - Parameter usesEvents: false puts the directory in the tree only, for places that are polled.
    package func watch(
        directory: Int32, path: FilePath, identity: DirectoryIdentity, usesEvents: Bool = true
    ) -> WatchOutcome {
        if let elsewhere = state.withLock({ $0.tree.path(of: identity) }), elsewhere != path,
            let there = try? FileStatus.of(elsewhere), DirectoryIdentity(there) == identity
        {
            return .knownElsewhere(elsewhere)
        }
        var outcome = WatchOutcome.watched
        var isInserted = false
        while !isInserted {
            let endedBefore = state.withLock { $0.endedWatches }
            var watch: Int32?
            if usesEvents {
                do throws(SystemError) {
                    watch = try inotify.add(directory: directory, shown: path)
                } catch {
                    outcome = error.errno == .noSpace ? .limitReached : .failed(error)
                }
            }
            isInserted = state.withLock { state in
                // The kernel has one watch a directory: one that was ended meanwhile under an old path may be this.
                guard watch == nil || state.endedWatches == endedBefore else { return false }
                end(state.tree.insert(path, identity: identity, watch: watch), &state)
                return true
            }
        }
        return outcome
    }

    /// Ends the watches of a directory and of everything below it.
    package func forget(_ path: FilePath) {
        state.withLock { state in end(state.tree.remove(path), &state) }
    }

    private func end(_ watches: [Int32], _ state: inout State) {
        for watch in watches { inotify.remove(watch) }
        state.endedWatches += watches.count
    }

    /// True when a directory is in the tree at this path.
    package func contains(_ path: FilePath) -> Bool { state.withLock { $0.tree.contains(path) } }

    /// How many directories lie at or below a path, and how many of them have no watch.
    package func counts(below path: FilePath) -> (directories: Int, unwatched: Int) {
        state.withLock { $0.tree.counts(below: path) }
    }

    package var counters: Counters { state.withLock { $0.counters } }

    /// True while writes to the file were seen and the quiet time after them is not over.
    package func isBeingWritten(_ path: FilePath) -> Bool {
        state.withLock { $0.settling.isBeingWritten(path) }
    }

    /// Reports a file as `.settled` after so many nanoseconds, or later if events say so.
    package func hold(_ path: FilePath, nanoseconds: Int64) {
        state.withLock { $0.settling.hold(path, until: MonotonicTime.now.advanced(nanoseconds: nanoseconds)) }
        wakeUp.signal()
    }

    /// Reports `.due(tag:)` after so many nanoseconds, in place of an earlier appointment of the tag; nil cancels it.
    package func schedule(_ tag: String, afterNanoseconds nanoseconds: Int64?) {
        state.withLock {
            $0.settling.schedule(tag, at: nanoseconds.map { MonotonicTime.now.advanced(nanoseconds: $0) })
        }
        wakeUp.signal()
    }

    /// Names the directory in which `afterEarlierEvents` makes its files. It must be nobody else's.
    package func useCookieDirectory(_ path: FilePath) throws(SystemError) {
        let directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        let watch = try inotify.add(directory: directory.number, shown: path)
        state.withLock { $0.cookieWatch = watch }
    }

    /// Calls `body` on the reading thread when every event that the kernel queued before this call was handed on.
    ///
    /// A file made in the cookie directory comes back through the same first-in-first-out queue as all other events.
    /// When the queue overflows, the listing of everything that follows is as good, and `body` is called too.
    package func afterEarlierEvents(
        cookieDirectory: FilePath, _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let name = state.withLock { state -> [UInt8] in
            state.nextCookie += 1
            let name = Array("cookie-\(state.nextCookie)".utf8)
            state.cookies[name] = body
            return name
        }
        do throws(SystemError) {
            let path = cookieDirectory.appending(name)
            _ = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            try removePath(path)
        } catch {
            _ = state.withLock { $0.cookies.removeValue(forKey: name) }
            throw error
        }
    }

    /// True when the reading thread answers in time.
    package func ping(milliseconds: Int) -> Bool {
        let asked = state.withLock { $0.pings }
        wakeUp.signal()
        return condition.wait(until: MonotonicTime.now.advanced(milliseconds: milliseconds)) {
            self.state.withLock { $0.pings } > asked
        }
    }

    // MARK: - The reading thread

    /// However fast events come, what is due gets its turn after so many reads of up to 64 KiB.
    private static let readsAtOnce = 64

    private func readEvents() throws(SystemError) {
        while true {
            let deadline = state.withLock { $0.isStopping ? nil : ($0.settling.nextDue ?? .distantFuture) }
            guard let deadline else { return }
            let ready = try waitUntilReadable([inotify.descriptor.number, wakeUp.descriptor.number], until: deadline)
            if ready[1] { wakeUp.clear() }
            // The time is taken first and the events after it: what is due then has seen every event before it.
            let now = MonotonicTime.now
            var reached: [@Sendable () -> Void] = []
            for _ in 0..<Self.readsAtOnce {
                let events = try inotify.read()
                if events.isEmpty { break }
                let changes = state.withLock { state -> [DirectoryChange] in
                    var changes: [DirectoryChange] = []
                    for event in events { take(event, at: now, &state, &changes, &reached) }
                    return changes
                }
                if !changes.isEmpty { consume(changes) }
            }
            let due = state.withLock { state -> [DirectoryChange] in
                state.pings += 1
                if !reached.isEmpty { state.settling.bringForward(to: now) }
                return state.settling.takeDue(at: now)
            }
            condition.broadcast()
            if !due.isEmpty { consume(due) }
            for body in reached { body() }
        }
    }

    private func take(
        _ event: InotifyEvent, at now: MonotonicTime, _ state: inout State, _ changes: inout [DirectoryChange],
        _ reached: inout [@Sendable () -> Void]
    ) {
        state.counters.events += 1
        if event.has(Int(IN_Q_OVERFLOW)) {
            state.counters.overflows += 1
            changes.append(.eventsLost)
            reached += state.cookies.values
            state.cookies = [:]
            return
        }
        if event.watch == state.cookieWatch {
            if let body = state.cookies.removeValue(forKey: event.name) { reached.append(body) }
            return
        }
        guard let directory = state.tree.path(ofWatch: event.watch) else { return }
        if event.has(Int(IN_IGNORED)) {
            state.tree.watchEnded(event.watch)
            state.settling.list(directory, recursive: false, at: now)
        } else if event.name.isEmpty {
            // The directory itself: only its end or its move matters, and for that its parent is listed as well.
            if event.has(Int(IN_DELETE_SELF)) || event.has(Int(IN_MOVE_SELF)) || event.has(Int(IN_UNMOUNT)) {
                state.settling.list(directory, recursive: true, at: now)
            }
        } else if !event.has(Int(IN_ISDIR)) || !state.names.isIgnored(event.name) {
            // Files with ignored names are followed too: one that is written to may be renamed into a model file.
            takeNamed(event, in: directory, at: now, &state)
        }
    }

    private func takeNamed(_ event: InotifyEvent, in directory: FilePath, at now: MonotonicTime, _ state: inout State) {
        let path = directory.appending(event.name)
        if event.has(Int(IN_ISDIR)) {
            if event.has(Int(IN_MOVED_FROM)) || event.has(Int(IN_DELETE)) {
                // A watch follows the inode: it would go on to report under the old path.
                end(state.tree.remove(path), &state)
            }
            if !event.has(Int(IN_ATTRIB)) || !state.tree.contains(path) {
                state.settling.list(path, recursive: true, at: now)
            }
            return
        }
        if let marked = state.names.marked(event.name) {
            if event.has(Int(IN_DELETE)) || event.has(Int(IN_MOVED_FROM)) {
                state.settling.record(.released, path: directory.appending(marked), at: now)
            }
            return
        }
        let isReported = state.names.isReported(event.name)
        if !isReported, !state.names.isIgnored(event.name) { takePossibleLink(event, path, at: now, &state) }
        for kind in Self.kinds(of: event) {
            state.settling.record(kind, path: path, isReported: isReported, at: now)
        }
    }

    /// A link to a directory comes and goes like a file: the events of links do not say where they lead.
    private func takePossibleLink(_ event: InotifyEvent, _ path: FilePath, at now: MonotonicTime, _ state: inout State)
    {
        if event.has(Int(IN_DELETE)) || event.has(Int(IN_MOVED_FROM)), state.tree.contains(path) {
            end(state.tree.remove(path), &state)
            state.settling.list(path, recursive: true, at: now)
        } else if event.has(Int(IN_CREATE)) || event.has(Int(IN_MOVED_TO)) {
            state.settling.list(path, recursive: true, at: now)
        }
    }

    private static func kinds(of event: InotifyEvent) -> [ChangeSettling.Event] {
        var kinds: [ChangeSettling.Event] = []
        if event.has(Int(IN_CREATE)) { kinds.append(.created) }
        if event.has(Int(IN_MODIFY)) { kinds.append(.modified) }
        if event.has(Int(IN_CLOSE_WRITE)) { kinds.append(.closedAfterWriting) }
        if event.has(Int(IN_ATTRIB)) { kinds.append(.attributes) }
        if event.has(Int(IN_MOVED_TO)) { kinds.append(.movedIn(cookie: event.cookie)) }
        if event.has(Int(IN_MOVED_FROM)) { kinds.append(.movedOut(cookie: event.cookie)) }
        if event.has(Int(IN_DELETE)) { kinds.append(.deleted) }
        return kinds
    }
}
