package import Catalog
internal import DirectoryWatching
package import LinuxSystem
package import Logging
internal import Synchronization

/// The pipeline from the file system to the catalogue: watching, reconciling, hashing.
///
/// It owns the watcher, one walking thread per file system, and the hashing service. All of its methods are safe
/// from any thread; those that wait say so.
package final class Indexer: Sendable {
    struct State: Sendable {
        var settings: IndexingSettings
        var roots: [WatchedRoot] = []
        /// Counts the changes of what the roots cover: a walk that began before the last one goes by what is not so.
        var rootsGeneration = 0
        var threads: [String: WalkingThread] = [:]
        var databaseTrouble: String?
        /// Rows of `scan_history` whose scans failed and that could not be closed yet, with the reason.
        var failedScans: [Int64: String] = [:]
        var isStarted = false
        var isStopping = false
        /// Every root that is told of changes, by the number of the change; for `waitForProgress`.
        var generation = 0
    }

    let catalog: ModelCatalog
    let logger: Logger
    /// What has happened to the index, for followers.
    package let events = EventLog()
    let state: Mutex<State>
    let progress = Condition()
    let cookieDirectory: FilePath
    private let parts = Mutex<Parts?>(nil)

    /// What is made by `start`.
    struct Parts: Sendable {
        let watcher: DirectoryWatcher
        let hashing: HashingService
    }

    /// - Parameter runtimeDirectory: a directory of kikod's own on a local file system, for `sync`.
    package init(catalog: ModelCatalog, settings: IndexingSettings, runtimeDirectory: FilePath, logger: Logger) {
        self.catalog = catalog
        self.logger = logger
        cookieDirectory = runtimeDirectory.appending("sync")
        state = Mutex(State(settings: settings))
    }

    /// Starts watching and hashing. Returns when every root's watching has begun or the root is offline, at the latest
    /// after two seconds: a root that does not answer by then is offline with that message. Blocks; `requestStop`
    /// cuts it short.
    package func start() throws {
        let settings = state.withLock { $0.settings }
        try makeDirectories(cookieDirectory, mode: 0o700)
        let watcher = try DirectoryWatcher(
            names: settings.options.rules.watchedNames, timing: ChangeSettling.Timing(settle: settings.settle),
            logger: logger
        ) { [weak self] changes in self?.consume(changes) }
        // Before anybody can ask for a cookie, which would never come back otherwise.
        try watcher.useCookieDirectory(cookieDirectory)
        let hashing = HashingService(capacity: settings.queueCapacity, surroundings: hashingSurroundings())
        parts.withLock { $0 = Parts(watcher: watcher, hashing: hashing) }
        try catalog.write { try $0.closeInterruptedScans(at: Timestamp.text(nanoseconds: WallClock.now)) }
        try watcher.start()
        try hashing.start(workers: settings.workers ?? Self.automaticWorkers)
        try setRoots(settings)
        // All roots of a file system share a thread, so each is opened before any of them is walked.
        for root in roots { add(.open(root), for: root) }
        for root in roots { scan(root, ScanRequest(path: root.path, reason: .start)) }
        waitForFirstSigns(of: roots)
        schedule(settings)
        state.withLock { $0.isStarted = true }
        noteProgress()
    }

    /// Lets everybody go on who waits for the index, `start` too. Does not block; `stop` has to follow.
    package func requestStop() {
        state.withLock { $0.isStopping = true }
        progress.broadcast()
    }

    /// Ends all threads that can be ended; does not wait for one that hangs on a dead drive. Blocks for a second at most.
    package func stop() {
        let threads = state.withLock { state -> [WalkingThread] in
            state.isStopping = true
            return Array(state.threads.values)
        }
        running?.hashing.stop()
        for thread in threads { thread.stop() }
        running?.watcher.stop()
        progress.broadcast()
    }

    /// Two threads keep an SSD busy without starving the owner; more than half of the cores are never taken.
    static var automaticWorkers: Int { min(max(1, processorCount() / 2), 4) }

    // MARK: - Parts

    var running: Parts? { parts.withLock { $0 } }

    /// The configured roots in the order of the configuration.
    package var roots: [WatchedRoot] { state.withLock { $0.roots } }

    var rootsGeneration: Int { state.withLock { $0.rootsGeneration } }

    var options: IndexingOptions { state.withLock { $0.settings.options } }

    /// Sets the roots in the catalogue and goes by these settings; the roots that stay keep their condition.
    func setRoots(_ settings: IndexingSettings) throws {
        let rules = settings.options.rules
        let wanted = settings.roots
        let before = state.withLock { $0 }
        do {
            try catalog.write { writer in
                let now = WallClock.now
                let records = try writer.setRoots(
                    wanted.map { ($0.path, $0.type) },
                    rules: (FileNameRules.builtInPatterns + rules.patterns).joined(separator: "\n"),
                    coversLinks: settings.followsSymbolicLinks, at: Timestamp.text(nanoseconds: now)
                ) { rules.covers($0, below: $1) }
                try writer.completeScans(now: now)
                // Inside of the transaction, so that no walk writes what it found by the old settings after it.
                self.state.withLock { $0.take(settings, records) }
            }
        } catch {
            let wasTaken = state.withLock { state -> Bool in
                guard state.rootsGeneration != before.rootsGeneration else { return false }
                state.settings = before.settings
                state.roots = before.roots
                state.rootsGeneration += 1
                return true
            }
            // Walks have ended early for nothing; the next try scans everything.
            if wasTaken { note(databaseError: error) }
            throw error
        }
    }

    /// The innermost root that holds a path.
    func root(holding path: FilePath) -> WatchedRoot? {
        roots.filter { path.isWithin($0.path) }.max { $0.path.bytes.count < $1.path.bytes.count }
    }

    /// Hands a job to the thread of the file system on which the root lies.
    func add(_ job: WalkJob, for root: WatchedRoot) {
        guard let thread = thread(for: root) else { return }
        thread.add(job)
    }

    private func thread(for root: WatchedRoot) -> WalkingThread? {
        let key = root.fileSystemName
        return state.withLock { state in
            if state.isStopping { return nil }
            if let thread = state.threads[key] { return thread }
            do throws(SystemError) {
                let thread = try WalkingThread(
                    name: "walk-\(key)", perform: { [weak self] in self?.perform($0, on: $1) },
                    becameIdle: { [weak self] in self?.noteProgress() })
                state.threads[key] = thread
                return thread
            } catch {
                logger.error("cannot start a walking thread: \(error)")
                return nil
            }
        }
    }

    private func hashingSurroundings() -> HashingService.Surroundings {
        HashingService.Surroundings(
            catalog: catalog, events: events, logger: logger,
            options: { [weak self] in self?.options ?? IndexingSettings(roots: []).options },
            onlineRoots: { [weak self] in
                Set((self?.roots ?? []).filter { $0.condition.isOnline }.map(\.id))
            },
            lookAgain: { [weak self] path in
                guard let self, let root = root(holding: path) else { return }
                add(.directory(root, path.parent, recursive: false), for: root)
            },
            progressed: { [weak self] in self?.noteProgress() },
            databaseFailed: { [weak self] in self?.note(databaseError: $0) })
    }

    /// Wakes everybody who waits for the index to get on.
    func noteProgress() {
        state.withLock { $0.generation += 1 }
        progress.broadcast()
    }

    /// The database refused a change: what was found is found again by a scan as soon as it is worth a try.
    func note(databaseError error: any Error) {
        let isNew = state.withLock { state -> Bool in
            let text = "the catalogue cannot be written: \(error)"
            defer { state.databaseTrouble = text }
            return state.databaseTrouble != text
        }
        if isNew { logger.error("the catalogue cannot be written; trying again every minute: \(error)") }
        running?.watcher.schedule(Self.retryTag, afterNanoseconds: 60_000_000_000)
        noteProgress()
    }
}

extension Indexer.State {
    /// Goes by other settings from now on; the roots that stay keep their condition.
    fileprivate mutating func take(_ new: IndexingSettings, _ records: [RootRecord]) {
        if settings.coverage != new.coverage { rootsGeneration += 1 }
        settings = new
        let present = Dictionary(roots.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        roots = zip(records, new.roots).map { record, root in
            if let known = present[record.id], known.record.type == record.type, known.watchMode == root.watchMode {
                return known
            }
            return WatchedRoot(record: record, watchMode: root.watchMode)
        }
    }
}
