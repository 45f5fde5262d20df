internal import Catalog
internal import Hashing
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Reads pending files and stores their digests.
///
/// A dispatching thread of normal priority fills the window on the catalogue and writes the outcomes down; the hashing
/// threads, and the reading threads that belong to them, only read and compute, so that nothing that others wait for
/// happens at idle priority.
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
        /// There is something to read from now on: `checkForHangingReads` is to be called while it says so.
        let reads: @Sendable () -> Void
        /// A file has been read without getting on for long.
        let hangs: @Sendable (FilePath) -> Void
        /// Something was stored, or nothing is left to do.
        let progressed: @Sendable () -> Void
        /// The time of a pause is over; `setPause` ends it.
        let pauseIsOver: @Sendable () -> Void
        /// The database refused; `retry` wakes the service when it is worth another try.
        let databaseFailed: @Sendable (any Error) -> Void
    }

    struct Delivery: Sendable {
        let job: HashJob
        let outcome: HashingOutcome
    }

    /// A hashing thread as the service sees it.
    struct Worker: Sendable {
        var thread: HashingThread?
        /// Files that it has begun and not ended.
        var files = 0
    }

    struct State: Sendable {
        var queue: HashQueue
        var deliveries: [Delivery] = []
        /// What is being read, by file.
        var readings: [Int64: FileReading] = [:]
        /// The worker of each file that is being read.
        var workerOfFile: [Int64: Int] = [:]
        var workers: [Int: Worker] = [:]
        var workerCount = 1
        var lastWorker = 0
        var drives = KnownDrives()
        /// Readings that were given up and have not let go of their drive, by the drive.
        var hangingReadings: [Drive: Int] = [:]
        /// How far each reading was when it was looked at last, and since when it is there.
        var marks: [Int64: (bytes: UInt64, since: MonotonicTime)] = [:]
        var bytesTotal: UInt64 = 0
        var filesTotal = 0
        var meter = RateMeter()
        var pause: Pause?
        var pressure = PressureMonitor()
        /// False when the last look at the pressure told nothing.
        var isPressureTold = true
        var nextPressureSample = MonotonicTime(nanoseconds: 0)
        var isStopping = false
        /// The database refused: nothing is stored before `retry`.
        var isSuspended = false
    }

    /// All reading is held.
    struct Pause: Sendable, Hashable {
        /// Nanoseconds since 1970; nil: until somebody ends it.
        var until: Int64?
    }

    let surroundings: Surroundings
    let state: Mutex<State>
    /// For the dispatching thread.
    let condition = Condition()
    let governor = ReadingGovernor()
    /// Tells what kikod's own tasks waited for drives; nil where that is not told.
    let ownPressureFile: FilePath?
    private let systemPressureFile: FilePath
    /// After so many nanoseconds without getting on a reading is given up.
    let readSilence: Int64

    init(
        capacity: Int, surroundings: Surroundings, readSilence: Int64 = HashingService.readSilence,
        systemPressureFile: FilePath = PressureStall.systemFile,
        ownPressureFile: FilePath? = PressureStall.ownFile()
    ) {
        self.surroundings = surroundings
        self.systemPressureFile = systemPressureFile
        self.readSilence = readSilence
        self.ownPressureFile = PressureStall.microseconds(in: systemPressureFile) == nil ? nil : ownPressureFile
        state = Mutex(State(queue: HashQueue(capacity: capacity)))
    }

    // MARK: - Life

    /// Starts the dispatching thread and so many workers.
    func start(workers count: Int) throws(SystemError) {
        try setWorkers(count)
        _ = try SystemThread(name: "hash-dispatch") { self.dispatch() }
    }

    /// Has so many workers from now on; a worker too many ends after the files that it reads.
    func setWorkers(_ count: Int) throws(SystemError) {
        let missing = state.withLock { state -> [Int] in
            state.workerCount = max(1, count)
            let missing = (0..<max(0, state.workerCount - state.workers.count)).map { state.lastWorker + 1 + $0 }
            state.lastWorker += missing.count
            for number in missing { state.workers[number] = Worker() }
            return missing
        }
        for number in missing {
            do throws(SystemError) {
                let thread = try HashingThread(
                    name: "hash-\(number)", governor: governor,
                    next: { [weak self] in self?.work(for: number, $0) ?? .end },
                    ended: { [weak self] in self?.ended($0, $1) })
                state.withLock { $0.workers[number]?.thread = thread }
                // It may have asked before it could be woken.
                thread.wake()
            } catch {
                state.withLock { $0.workers[number] = nil }
                throw error
            }
        }
        wakeWorkers()
    }

    /// Cancels what is being read and ends all threads; does not wait for one that hangs in a read.
    func stop() {
        let readings = state.withLock { state in
            state.isStopping = true
            return Array(state.readings.values)
        }
        for reading in readings { reading.control.cancel() }
        wakeWorkers()
        condition.broadcast()
        SystemThread.endIdleness()
    }

    // MARK: - Orders

    /// Ends the reading of files below a path, which cannot be reached any more; other work goes on.
    func cancel(within path: FilePath) {
        let readings = state.withLock { $0.readings.values.filter { $0.path.isWithin(path) } }
        for reading in readings { reading.control.cancel() }
        wake()
    }

    /// The catalogue has new work.
    func wake() {
        state.withLock { $0.queue.newWork() }
        condition.broadcast()
    }

    /// Has a file read before all others.
    func prefer(_ file: Int64) {
        if state.withLock({ $0.queue.prefer(file) }) { condition.broadcast() }
    }

    /// The database is worth another try.
    func retry() {
        state.withLock { $0.isSuspended = false }
        wake()
        wakeWorkers()
    }

    func setCapacity(_ capacity: Int) { state.withLock { $0.queue.capacity = max(1, capacity) } }

    /// Bytes per second for all files together; 0 is no limit.
    func setMaximumRate(_ rate: Int64) { governor.setMaximumRate(rate) }

    /// Holds all reading, what is under way too, or goes on with it.
    func setPause(_ pause: Pause?) {
        state.withLock { $0.pause = pause }
        governor.isPaused = pause != nil
        condition.broadcast()
        surroundings.progressed()
    }

    func wakeWorkers() {
        for worker in state.withLock({ Array($0.workers.values) }) { worker.thread?.wake() }
    }

    // MARK: - How it is

    /// Files that are being read right now.
    var readingFiles: Set<Int64> { state.withLock { Set($0.queue.reading.keys) } }

    /// True when nothing is being read and the catalogue has nothing that is due.
    var isIdle: Bool { state.withLock { $0.queue.isIdle && $0.deliveries.isEmpty } }

    var pause: Pause? { state.withLock { $0.pause } }

    /// What status shows of the queue.
    var queueFigures: (depth: Int, capacity: Int) { state.withLock { ($0.queue.depth, $0.queue.capacity) } }

    /// What status shows of the hashing.
    func status() -> IndexerStatus.Hashing {
        state.withLock { state in
            var status = IndexerStatus.Hashing()
            let isIdle = state.queue.reading.isEmpty && state.queue.depth == 0
            status.workers = state.workerCount
            status.bytesTotal = Int64(clamping: state.bytesTotal)
            status.filesTotal = state.filesTotal
            var running: UInt64 = 0
            for (id, job) in state.queue.reading.sorted(by: { $0.key < $1.key }) {
                let done = state.readings[id]?.control.bytesDone ?? 0
                running += done
                status.reading.append(
                    .init(id: id, path: job.path, bytesDone: Int64(clamping: done), size: job.size))
            }
            let rate = state.meter.rate(total: state.bytesTotal + running, at: .now)
            status.bytesPerSecond = isIdle || state.pause != nil ? 0 : rate
            if let pause = state.pause {
                status.state = .paused
                status.until = pause.until
            } else if state.pressure.isHigh {
                status.state = .backingOff
                let percent = Int(((state.pressure.othersWait ?? 0) * 100).rounded())
                status.message =
                    "other programs waited for the drives \(percent) % of the last 10 s, so one file is read at a time"
            } else if !isIdle {
                status.state = .running
            }
            if status.message == nil, ownPressureFile == nil || !state.isPressureTold {
                status.message =
                    "whether other programs wait for the drives cannot be told here (no io.pressure of kikod's own"
                    + " control group), so reading does not back off"
            }
            return status
        }
    }

    // MARK: - Making room for others

    /// Looks whether others wait for drives, and makes room for them if so.
    func samplePressure(at now: MonotonicTime = .now) {
        guard let ownPressureFile else {
            state.withLock { $0.nextPressureSample = .distantFuture }
            return
        }
        let own = PressureStall.microseconds(in: ownPressureFile)
        let all = PressureStall.microseconds(in: systemPressureFile)
        let isHigh = state.withLock { state in
            state.nextPressureSample = now.advanced(nanoseconds: PressureMonitor.interval)
            if let own, let all {
                state.pressure.add(.init(at: now, all: all, own: own))
            } else {
                state.pressure = PressureMonitor()
            }
            state.isPressureTold = state.pressure.hasSamples
            return state.pressure.isHigh
        }
        governor.setReadersAllowed(isHigh ? 1 : nil)
    }

    /// With nothing to read there is nothing to hold back.
    func endSamplingIfIdle() {
        let wasSampling = state.withLock { state in
            // Not only between two files, or what is seen would never cover the time that it has to.
            guard state.queue.isIdle, state.pressure.hasSamples else { return false }
            state.pressure = PressureMonitor()
            state.nextPressureSample = MonotonicTime(nanoseconds: 0)
            return true
        }
        if wasSampling { governor.setReadersAllowed(nil) }
    }
}
