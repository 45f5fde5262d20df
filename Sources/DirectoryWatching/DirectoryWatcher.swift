internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

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
        /// kikod's part of the user's watches (fs.inotify.max_user_watches) is used up: it has to be polled.
        case limitReached
        case failed(SystemError)
    }

    /// Numbers for status and metrics since the start.
    package struct Counters: Hashable, Sendable {
        package var events = 0
        package var overflows = 0
    }

    /// What the reading thread and the callers share.
    struct State: Sendable {
        var tree = WatchedTree()
        var followed = FollowedNames()
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

        /// Inotify watches in use for directories.
        var watchCount: Int { tree.watches.count + followed.watches.count { !tree.contains(watch: $0) } }
    }

    let inotify: InotifyInstance
    let wakeUp: EventDescriptor
    let state: Mutex<State>
    let condition = Condition()
    let consume: @Sendable ([DirectoryChange]) -> Void
    private let logger: Logger
    private let thread = Mutex<SystemThread?>(nil)

    /// The most inotify watches that are taken; nil where only the kernel sets a limit.
    package let watchLimit: Int?

    /// - Parameter consume: called on the reading thread; must return at once.
    package convenience init(
        names: WatchedNames, timing: ChangeSettling.Timing, logger: Logger,
        consume: @escaping @Sendable ([DirectoryChange]) -> Void
    ) throws(SystemError) {
        try self.init(
            names: names, timing: timing, logger: logger, watchLimit: WatchBudget.ofSystem(), consume: consume)
    }

    /// - Parameters:
    ///   - watchLimit: the most inotify watches to take; nil for as many as the kernel gives.
    ///   - consume: called on the reading thread; must return at once.
    package init(
        names: WatchedNames, timing: ChangeSettling.Timing, logger: Logger, watchLimit: Int?,
        consume: @escaping @Sendable ([DirectoryChange]) -> Void
    ) throws(SystemError) {
        inotify = try InotifyInstance()
        wakeUp = try EventDescriptor()
        state = Mutex(State(settling: ChangeSettling(timing: timing), names: names))
        self.watchLimit = watchLimit
        self.logger = logger
        self.consume = consume
    }

    /// Starts the reading thread.
    package func start() throws(SystemError) {
        let started = try SystemThread(name: "events") { [self] in
            do throws(SystemError) {
                try readEvents()
            } catch {
                logger.error("cannot read file events any more: \(error)", event: .watchingFailed)
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
            $0.settling.go(by: timing, at: .now)
        }
        wakeUp.signal()
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
}
