internal import Catalog
internal import Hashing
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Reads pending files on worker threads and stores their digests.
///
/// A dispatching thread of normal priority fills the window on the catalogue and writes the outcomes down; the
/// workers only read and compute, so that nothing that others wait for happens at idle priority.
final class HashingService: Sendable {
    /// What the service needs of the rest of the pipeline.
    struct Surroundings: Sendable {
        let catalog: ModelCatalog
        let events: EventLog
        let logger: Logger
        let options: @Sendable () -> IndexingOptions
        /// Where files can be read now.
        let readable: @Sendable () -> ReadablePlaces
        /// Asks for another look at a path.
        let lookAgain: @Sendable (FilePath) -> Void
        /// A file has been read without getting on for long.
        let hangs: @Sendable (FilePath) -> Void
        /// Something was stored, or nothing is left to do.
        let progressed: @Sendable () -> Void
        /// The database refused; `retry` wakes the service when it is worth another try.
        let databaseFailed: @Sendable (any Error) -> Void
    }

    /// What status shows.
    struct Snapshot: Sendable {
        var isIdle = true
        var depth = 0
        var capacity = 0
        var workers = 0
        var bytesPerSecond: Int64 = 0
        var bytesTotal: UInt64 = 0
        var filesTotal = 0
        var current: [(id: Int64, path: FilePath, done: UInt64, size: Int64)] = []
    }

    fileprivate struct Delivery: Sendable {
        let job: HashJob
        let outcome: HashingOutcome
    }

    fileprivate struct State: Sendable {
        var queue: HashQueue
        var deliveries: [Delivery] = []
        var controls: [Int64: ReplaceableControl] = [:]
        var workerOfFile: [Int64: Int] = [:]
        var bytesTotal: UInt64 = 0
        var filesTotal = 0
        var meter = RateMeter()
        var isStopping = false
        var workerCount = 1
        /// Numbers of the workers that take files.
        var activeWorkers: Set<Int> = []
        /// Numbers of those that hang in a file, and that others have taken the place of.
        var hangingWorkers: Set<Int> = []
        var lastWorker = 0
        /// How far each reading was when it was looked at last, and since when it is there.
        var marks: [Int64: (bytes: UInt64, since: MonotonicTime)] = [:]
        /// The database refused: nothing is stored before `retry`.
        var isSuspended = false
    }

    private let surroundings: Surroundings
    private let state: Mutex<State>
    private let condition = Condition()
    private let workers: Mutex<[Int: HashingWorker]> = Mutex([:])

    init(capacity: Int, surroundings: Surroundings) {
        self.surroundings = surroundings
        state = Mutex(State(queue: HashQueue(capacity: capacity)))
    }

    /// Starts the dispatching thread and so many workers.
    func start(workers count: Int) throws(SystemError) {
        try setWorkers(count)
        _ = try SystemThread(name: "hash-dispatch") { self.dispatch() }
    }

    /// Has so many workers from now on; a worker too many ends after the file that it reads.
    func setWorkers(_ count: Int) throws(SystemError) {
        let missing = state.withLock { state -> [Int] in
            state.workerCount = max(1, count)
            let missing = (0..<max(0, state.workerCount - state.activeWorkers.count)).map { state.lastWorker + 1 + $0 }
            state.lastWorker += missing.count
            state.activeWorkers.formUnion(missing)
            return missing
        }
        for number in missing {
            let worker = try HashingWorker(
                number: number, options: surroundings.options, take: { self.take($0) },
                deliver: { self.deliver($1, $2) })
            workers.withLock { $0[number] = worker }
        }
        condition.broadcast()
    }

    /// Cancels what is being read and ends all threads; does not wait for one that hangs in a read.
    func stop() {
        state.withLock { $0.isStopping = true }
        for worker in workers.withLock({ Array($0.values) }) { worker.control.cancel() }
        condition.broadcast()
        SystemThread.endIdleness()
    }

    /// Ends the reading of files below a path, which cannot be reached any more; other work goes on.
    func cancel(within path: FilePath) {
        let controls = state.withLock { state in
            state.queue.reading.filter { $0.value.path.isWithin(path) }.compactMap { state.controls[$0.key] }
        }
        for control in controls { control.cancelCurrent() }
        wake()
    }

    /// The catalogue has new work.
    func wake() {
        state.withLock { $0.queue.catalogueChanged() }
        condition.broadcast()
    }

    /// The database is worth another try.
    func retry() {
        state.withLock { $0.isSuspended = false }
        wake()
    }

    func setCapacity(_ capacity: Int) { state.withLock { $0.queue.capacity = max(1, capacity) } }

    /// Files that are being read right now.
    var readingFiles: Set<Int64> { state.withLock { Set($0.queue.reading.keys) } }

    /// True when nothing is being read and the catalogue has nothing that is due.
    var isIdle: Bool { state.withLock { $0.queue.isIdle && $0.deliveries.isEmpty } }

    func snapshot() -> Snapshot {
        state.withLock { state in
            var snapshot = Snapshot()
            snapshot.isIdle = state.queue.reading.isEmpty && state.queue.depth == 0
            snapshot.depth = state.queue.depth
            snapshot.capacity = state.queue.capacity
            snapshot.workers = state.activeWorkers.count
            var running: UInt64 = 0
            for (id, job) in state.queue.reading.sorted(by: { $0.key < $1.key }) {
                let done = state.controls[id]?.bytesDone ?? 0
                running += done
                snapshot.current.append((id, job.path, done, job.size))
            }
            snapshot.bytesTotal = state.bytesTotal
            snapshot.filesTotal = state.filesTotal
            snapshot.bytesPerSecond = state.meter.rate(total: state.bytesTotal + running, at: .now)
            return snapshot
        }
    }

    // MARK: - Drives that hang

    /// A reading that has not got on for so long hangs, in nanoseconds.
    private static let patience: Int64 = 5_000_000_000
    /// Threads that may hang at once; more drives than this never do.
    private static let hangingLimit = 16

    /// Has the drives looked at whose files do not get on, and gives their workers' places to others.
    ///
    /// - Returns: true while there is something to look after.
    func checkForHangingReads() -> Bool {
        let now = MonotonicTime.now
        let (hanging, isReading) = state.withLock { state -> ([FilePath], Bool) in
            var marks: [Int64: (bytes: UInt64, since: MonotonicTime)] = [:]
            var hanging: [FilePath] = []
            for (id, job) in state.queue.reading {
                let done = state.controls[id]?.bytesDone ?? 0
                let mark = state.marks[id].flatMap { $0.bytes == done ? $0 : nil } ?? (bytes: done, since: now)
                marks[id] = mark
                guard now.since(mark.since) >= Self.patience, let worker = state.workerOfFile[id] else { continue }
                hanging.append(job.path)
                if state.hangingWorkers.count < Self.hangingLimit, state.activeWorkers.remove(worker) != nil {
                    state.hangingWorkers.insert(worker)
                }
            }
            state.marks = marks
            return (hanging, !state.queue.reading.isEmpty)
        }
        for path in hanging { surroundings.hangs(path) }
        do throws(SystemError) {
            if !hanging.isEmpty { try setWorkers(state.withLock { $0.workerCount }) }
        } catch {
            surroundings.logger.error("cannot start a hashing thread: \(error)")
        }
        return isReading
    }

    // MARK: - Workers' side

    private func take(_ worker: HashingWorker) -> HashJob? {
        var job: HashJob?
        condition.wait {
            self.state.withLock { state in
                if state.isStopping || state.ends(worker.number) { return true }
                if state.isSuspended { return false }
                job = state.queue.next()
                if let job {
                    state.controls[job.fileID] = worker.control
                    state.workerOfFile[job.fileID] = worker.number
                }
                return job != nil
            }
        }
        if job != nil {
            condition.broadcast()
        } else {
            workers.withLock { $0[worker.number] = nil }
        }
        return job
    }

    private func deliver(_ job: HashJob, _ outcome: HashingOutcome) {
        state.withLock { state in
            if case .digests = outcome {
                state.bytesTotal += UInt64(job.size)
                state.filesTotal += 1
            }
            state.controls[job.fileID] = nil
            state.workerOfFile[job.fileID] = nil
            state.deliveries.append(Delivery(job: job, outcome: outcome))
        }
        condition.broadcast()
    }

    // MARK: - The dispatching thread

    private enum Step: Sendable {
        case store([Delivery])
        case refill(limit: Int, without: Set<Int64>)
        case end
    }

    private func dispatch() {
        var nextAttempt = MonotonicTime.distantFuture
        while true {
            guard let step = nextStep(until: nextAttempt) else {
                // A file in error is due again.
                state.withLock { $0.queue.catalogueChanged() }
                nextAttempt = .distantFuture
                continue
            }
            switch step {
            case .end: return
            case .store(let deliveries): store(deliveries)
            case .refill(let limit, let without): nextAttempt = refill(limit: limit, without: without)
            }
        }
    }

    private func nextStep(until deadline: MonotonicTime) -> Step? {
        var step: Step?
        condition.wait(until: deadline) {
            self.state.withLock { state in
                if state.isStopping {
                    step = .end
                } else if state.isSuspended {
                    return false
                } else if !state.deliveries.isEmpty {
                    step = .store(state.deliveries)
                    state.deliveries = []
                } else if state.queue.needsRefill {
                    step = .refill(limit: state.queue.capacity, without: state.queue.known)
                }
                return step != nil
            }
        }
        return step
    }

    /// Opens the window on the catalogue again.
    ///
    /// - Returns: when a file that failed may be tried again.
    private func refill(limit: Int, without known: Set<Int64>) -> MonotonicTime {
        do {
            let now = WallClock.now
            let readable = surroundings.readable()
            state.withLock { $0.queue.beginRefill() }
            // A single pass leaves what can wait to the next run.
            let secondReadings = !surroundings.options().isSinglePass
            let (jobs, next) = try surroundings.catalog.read { reader in
                let purposes: [HashJob.Purpose] = secondReadings ? HashJob.Purpose.allCases : [.first]
                let time = Timestamp.text(nanoseconds: now)
                for purpose in purposes {
                    let jobs = try readable.roots.sorted().flatMap {
                        try reader.hashJobs(
                            purpose, ofRoot: $0, limit: limit, now: time, withoutFiles: known,
                            outside: readable.offline)
                    }
                    if !jobs.isEmpty { return (jobs, String?.none) }
                }
                let jobs: [HashJob] = []
                let next = try reader.nextAttempt(
                    withoutFiles: known, ofRoots: readable.roots, outside: readable.offline, purposes: purposes)
                return (jobs, next)
            }
            state.withLock { $0.queue.endRefill(jobs) }
            condition.broadcast()
            if jobs.isEmpty { surroundings.progressed() }
            guard let next, let due = Timestamp.nanoseconds(next) else { return .distantFuture }
            // A little later than due, so that the comparison of texts with milliseconds finds it due.
            return MonotonicTime.now.advanced(nanoseconds: max(due - now, 0) + 2_000_000)
        } catch {
            state.withLock { $0.queue.endRefill([]) }
            suspend(error)
            return .distantFuture
        }
    }

    private func store(_ deliveries: [Delivery]) {
        do {
            let results = deliveries
            let outcomes = try surroundings.catalog.write(telling: surroundings.events) { writer, events in
                let now = WallClock.now
                let outcomes = try results.map { try Self.write($0, writer, now: now, telling: &events) }
                try writer.completeScans(telling: &events)
                return outcomes
            }
            for (delivery, stored) in zip(deliveries, outcomes) { report(delivery, stored: stored) }
            finish(deliveries)
        } catch {
            finish(deliveries)
            suspend(error)
        }
        surroundings.progressed()
    }

    private func finish(_ deliveries: [Delivery]) {
        state.withLock { state in
            for delivery in deliveries { state.queue.finish(delivery.job) }
            state.queue.catalogueChanged()
        }
    }

    private func suspend(_ error: any Error) {
        state.withLock { state in
            state.isSuspended = true
            state.queue.catalogueChanged()
        }
        surroundings.databaseFailed(error)
    }

    /// How long a file that failed is left alone: a minute, then twice as long each time, up to a day.
    static func backOff(attempts: Int) -> Int64 {
        let minutes = 1 << min(max(attempts, 0), 11)
        return Int64(min(minutes, 24 * 60)) * 60_000_000_000
    }

    /// Writes one outcome down; false when the row no longer says what was read.
    private static func write(
        _ delivery: Delivery, _ writer: CatalogWriter, now: Int64, telling events: inout [IndexEvent]
    ) throws -> Bool {
        let job = delivery.job
        let time = Timestamp.text(nanoseconds: now)
        guard try writer.isCurrent(job) else { return false }
        switch delivery.outcome {
        case .digests(let digests, let description, let changed, _):
            let outcome = try writer.store(
                digests, of: job, changed: changed, description: description, at: time)
            try tell(outcome, of: job, writer, &events)
            return outcome != .discarded
        case .failed(let message):
            let next = Timestamp.text(nanoseconds: now + backOff(attempts: job.attempts))
            try writer.noteTrouble(
                job.fileID, message, unread: job.purpose == .first, nextAttempt: next, at: time)
            try tell(.fileError, job.fileID, message, writer, &events)
        case .tooLarge(let message):
            try writer.skipReading(job.fileID, message, at: time)
            try tell(.fileIndexed, job.fileID, message, writer, &events)
        case .changed, .absent:
            // The look that follows tells what it is now; until then it is not tried in a circle.
            try writer.postpone(job.fileID, until: Timestamp.text(nanoseconds: now + 1_000_000_000))
        case .cancelled: break
        }
        return true
    }

    private static func tell(
        _ outcome: CatalogWriter.DigestOutcome, of job: HashJob, _ writer: CatalogWriter, _ events: inout [IndexEvent]
    ) throws {
        switch outcome {
        case .discarded: break
        case .stored(let files, _):
            // Reading once more to be sure has told nothing new.
            guard job.purpose == .first else { return }
            for file in files { try tell(.fileIndexed, file, nil, writer, &events) }
        case .foundOther:
            for kind in [IndexEvent.Kind.fileChanged, .fileIndexed] {
                try tell(kind, job.fileID, nil, writer, &events)
            }
        }
    }

    private static func tell(
        _ kind: IndexEvent.Kind, _ file: Int64, _ message: String?, _ writer: CatalogWriter,
        _ events: inout [IndexEvent]
    ) throws {
        // The path of the row: the file may have moved while it was read.
        events.append(IndexEvent(kind, fileID: file, path: try writer.place(ofFile: file)?.path, message: message))
    }

    private func report(_ delivery: Delivery, stored: Bool) {
        let path = LogRecord.Field("path", delivery.job.path)
        switch delivery.outcome {
        case .digests(let digests, _, _, let seconds) where stored:
            surroundings.logger.debug(
                "indexed", path, .init("digest", digests.sha256), .init("bytes", delivery.job.size),
                .init("seconds", seconds))
        case .digests, .changed, .absent: surroundings.lookAgain(delivery.job.path)
        case .failed(let message):
            surroundings.logger.warning("cannot read a file: \(message)", path)
        case .tooLarge(let message): surroundings.logger.debug(message, path)
        case .cancelled: break
        }
    }
}

extension HashingService.State {
    /// True when a worker has to end, because another has its place or there are too many; it counts no more then.
    fileprivate mutating func ends(_ worker: Int) -> Bool {
        if hangingWorkers.remove(worker) != nil { return true }
        guard activeWorkers.count > workerCount, worker == activeWorkers.max() else { return false }
        activeWorkers.remove(worker)
        return true
    }
}
