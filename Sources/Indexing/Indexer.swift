package import Catalog
internal import DirectoryWatching
package import LinuxSystem
package import Logging
internal import Synchronization

/// The pipeline from the file system to the catalogue: watching, reconciling, hashing.
///
/// It owns the watchers, one walking thread per device, and the hashing service. All of its methods are safe
/// from any thread; those that wait say so.
package final class Indexer: Sendable {
    struct State: Sendable {
        var settings: IndexingSettings
        var roots: [WatchedRoot] = []
        var registry = PlaceRegistry()
        /// The places as the catalogue has them, by their paths.
        var records: [FilePath: PlaceRecord] = [:]
        /// Places that were offline when kikod ended, and have not been online since.
        var storedOffline: Set<FilePath> = []
        /// Counts the changes of what the roots cover: a walk that began before the last one goes by what is not so.
        var placesGeneration = 0
        /// The mount table as it was last read, and what was made of it.
        var mountTable: [UInt8] = []
        var mounts = PathResolver(MountTable([]))
        /// Counts the tables that were read.
        var mountGeneration = 0
        var threads: [UInt64: WalkingThread] = [:]
        /// Devices whose threads gave no sign.
        var silentDevices: Set<UInt64> = []
        var isWatchingForSilence = false
        /// Counts the jobs that threads were handed because of others.
        var handedJobs = 0
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
    package let events: EventLog
    let state: Mutex<State>
    let progress = Condition()
    let mountRefresh = Mutex(())
    /// Pauses begin and end one after the other.
    let pauseTurn = Mutex(())
    let cookieDirectory: FilePath
    private let parts = Mutex<Parts?>(nil)

    /// What is made by `start`.
    struct Parts: Sendable {
        let watcher: DirectoryWatcher
        let systemChanges: SystemChangeWatcher
        let hashing: HashingService
    }

    /// - Parameter runtimeDirectory: a directory of kikod's own on a local file system, for `sync`.
    package init(catalog: ModelCatalog, settings: IndexingSettings, runtimeDirectory: FilePath, logger: Logger) {
        self.catalog = catalog
        self.logger = logger
        let journal = IndexJournal(catalog: catalog, logger: logger)
        events = EventLog { journal.note($0) }
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
        let systemChanges = try SystemChangeWatcher(logger: logger) { [weak self] in self?.systemChanged($0) }
        let hashing = HashingService(
            capacity: settings.queueCapacity, surroundings: hashingSurroundings(), readSilence: settings.readSilence)
        parts.withLock { $0 = Parts(watcher: watcher, systemChanges: systemChanges, hashing: hashing) }
        try catalog.write { try $0.closeInterruptedScans(at: Timestamp.text(nanoseconds: WallClock.now)) }
        try watcher.start()
        try prepare(hashing, settings)
        try queueMissingDigests(settings)
        try hashing.start(workers: settings.workers ?? Self.automaticWorkers)
        try loadPlaces()
        try setRoots(settings)
        // Mounts that change from here on are told.
        try systemChanges.start()
        // All places of a device share a thread, so each root is opened before any of them is walked.
        for root in roots { if let top = place(holding: root.path) { add(.open(top)) } }
        scanAll(.start)
        waitForFirstSigns()
        schedule(settings)
        scheduleForgetting()
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
        running?.systemChanges.stop()
        running?.watcher.stop()
        progress.broadcast()
    }

    /// Four threads outrun every drive; they run only when nobody else wants the processors.
    static var automaticWorkers: Int { min(max(processorCount() / 2, min(processorCount(), 2)), 4) }

    // MARK: - Parts

    var running: Parts? { parts.withLock { $0 } }

    /// The configured roots in the order of the configuration.
    package var roots: [WatchedRoot] { state.withLock { $0.roots } }

    var placesGeneration: Int { state.withLock { $0.placesGeneration } }

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
                    wanted.map { ($0.path, $0.type) }, privateRoots: Set(wanted.filter(\.isPrivate).map(\.path)),
                    rules: (FileNameRules.builtInPatterns + rules.patterns).joined(separator: "\n"),
                    coversLinks: settings.followsSymbolicLinks, at: Timestamp.text(nanoseconds: now)
                ) { rules.covers($0, below: $1) }
                try writer.completeScans(now: now)
                // Inside of the transaction, so that no walk writes what it found by the old settings after it.
                self.state.withLock { $0.take(settings, records) }
            }
        } catch {
            let wasTaken = state.withLock { state -> Bool in
                guard state.placesGeneration != before.placesGeneration else { return false }
                state.settings = before.settings
                state.roots = before.roots
                state.registry = before.registry
                state.placesGeneration += 1
                return true
            }
            // Walks have ended early for nothing; the next try scans everything.
            if wasTaken { note(databaseError: error) }
            throw error
        }
    }

    /// Reads which places there were, and what is mounted.
    private func loadPlaces() throws {
        let (records, offline) = try catalog.read { (try $0.places(), try $0.offlinePlaces()) }
        let bytes = MountTable.currentBytes()
        state.withLock { state in
            state.records = Dictionary(records.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            state.storedOffline = offline
            state.mountTable = bytes
            state.mounts = PathResolver(MountTable(bytes))
        }
    }

    // MARK: - Threads

    /// The device whose thread makes the path calls for a place, as far as the mount table tells it.
    func device(of place: Place) -> UInt64 {
        if let device = place.condition.device { return device }
        let device = state.withLock { $0.mounts.mount(holding: place.path)?.device ?? 0 }
        return place.update { condition in
            condition.device = condition.device ?? device
            return device
        }
    }

    /// Hands a job to the thread of its place's device.
    ///
    /// - Parameter isFollowUp: false for a job that is not a consequence of another, which nobody waits for who waits
    ///   for what was begun before.
    func add(_ job: WalkJob, isFollowUp: Bool = true) {
        guard let place = job.place else { return }
        add(job, onDevice: device(of: place), isFollowUp: isFollowUp)
    }

    /// Hands a job to the thread of a device.
    func add(_ job: WalkJob, onDevice device: UInt64, isFollowUp: Bool = true) {
        guard let thread = thread(for: device) else { return }
        if isFollowUp { state.withLock { $0.handedJobs += 1 } }
        let (isCovered, givenUp) = thread.add(job)
        // One that waits does the same, and tells of it.
        if isCovered, let (run, part) = job.part(on: device), let outcome = run.end(part), run.row != nil {
            end(run, outcome)
        }
        // Too many single changes: a scan of their places finds them all.
        var places: [FilePath: Place] = [:]
        for job in givenUp { if let place = job.place { places[place.path] = place } }
        for place in places.values { scan(place, .eventsLost) }
        watchForSilence()
    }

    private func thread(for device: UInt64) -> WalkingThread? {
        state.withLock { state in
            if state.isStopping { return nil }
            if let thread = state.threads[device] { return thread }
            do throws(SystemError) {
                let thread = try WalkingThread(
                    device: device, patience: state.settings.driveSilence,
                    perform: { [weak self] in self?.perform($0, on: $1) },
                    becameIdle: { [weak self] in self?.becameIdle($0) })
                state.threads[device] = thread
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
            readable: { [weak self] in self?.readablePlaces ?? ReadablePlaces(roots: [], offline: []) },
            lookAgain: { [weak self] path in
                guard let self, let place = place(holding: path.parent) else { return }
                add(.directory(place, path.parent, recursive: false), isFollowUp: false)
            },
            reads: { [weak self] in self?.watchForSilence() },
            hangs: { [weak self] path in
                // Whether the drive answers is found out by its own thread.
                guard let self, let place = place(holding: path.parent) else { return }
                add(.open(place))
            },
            progressed: { [weak self] in self?.noteProgress() },
            pauseIsOver: { [weak self] in self?.endPauseInTime() },
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
        if isNew {
            logger.error(
                "the catalogue cannot be written; trying again every minute: \(error)", event: .catalogueFailed)
        }
        running?.watcher.schedule(Self.retryTag, afterNanoseconds: 60_000_000_000)
        noteProgress()
    }
}

extension Indexer.State {
    /// Goes by other settings from now on; the roots that stay keep their condition.
    fileprivate mutating func take(_ new: IndexingSettings, _ records: [RootRecord]) {
        if settings.coverage != new.coverage { placesGeneration += 1 }
        settings = new
        let present = Dictionary(roots.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        roots = zip(records, new.roots).map { record, root in
            if let known = present[record.id], known.record.type == record.type, known.watchMode == root.watchMode {
                return known
            }
            return WatchedRoot(record: record, watchMode: root.watchMode)
        }
        registry.setRoots(roots)
        // Places in the roots that were known before this start, or before other roots.
        for record in self.records.values where record.kind != .root && registry.place(at: record.path) == nil {
            guard let holder = registry.place(holding: record.path),
                settings.followsSymbolicLinks || record.kind != .link,
                !settings.options.rules.excludes(record.path, below: holder.root.path)
            else { continue }
            _ = registry.place(at: record.path, kind: record.kind, of: holder.root)
        }
        registry.removeInner(followsLinks: settings.followsSymbolicLinks) { [rules = settings.options.rules] place in
            rules.excludes(place.path, below: place.root.path)
        }
    }
}
