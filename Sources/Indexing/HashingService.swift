internal import Catalog
internal import Hashing
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Reads pending files and stores their digests.
///
/// A dispatching thread of normal priority fills the window on the catalogue, hands files to the hashing threads and
/// writes the outcomes down. The hashing threads, and the reading threads that belong to them, only read and compute:
/// nothing that others wait for happens at idle priority, and of the locks that they take none is needed to tell how
/// the service is.
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

    /// A hashing thread, and how much it has to do: a large file, or several small ones, count one.
    struct Worker: Sendable {
        let thread: HashingThread
        var tasks = 0
    }

    /// What tasks are told apart by.
    struct TaskKind: Hashable, Sendable {
        let drive: Drive
        /// To learn digests, and not only to be sure of them.
        let isFirst: Bool
    }

    /// What the hashing and reading threads have to tell.
    enum Notice: Sendable {
        case ended(FileReading, HashingOutcome)
        /// No call is made for the file any more.
        case letGo(FileReading)
        /// A worker has done one of its tasks.
        case done(worker: Int, TaskKind)
        /// It is known how fast a drive is.
        case measured
    }

    struct State: Sendable {
        var queue: HashQueue
        var deliveries: [Delivery] = []
        /// What was given to the workers, by file.
        var readings: [Int64: FileReading] = [:]
        var workers: [Int: Worker] = [:]
        var workerCount = 1
        /// The highest number that a worker has had.
        var lastWorker = 0
        var drives = KnownDrives()
        /// What the workers have to do, by the drive.
        var tasks: [TaskKind: Int] = [:]
        /// Readings that were given up and have not let go of their drive, by the drive.
        var hangingReadings: [Drive: Int] = [:]
        /// How far each reading was when it was looked at last, and since when it is there.
        var marks: [Int64: (bytes: UInt64, since: MonotonicTime)] = [:]
        var bytesTotal: UInt64 = 0
        /// Of files that are read no more, whatever came of them.
        var bytesRead: UInt64 = 0
        var filesTotal = 0
        var meter = RateMeter()
        var pause: Pause?
        var pressure = PressureMonitor()
        /// False when the last look at the pressure told nothing.
        var isPressureTold = true
        var nextPressureSample = MonotonicTime(nanoseconds: 0)
        /// When to see whether workers can be given more.
        var nextAssignment = MonotonicTime(nanoseconds: 0)
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
    let notices: Mutex<[Notice]> = Mutex([])
    /// For the dispatching thread.
    let condition = Condition()
    /// For the storing thread.
    let delivered = Condition()
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
        _ = try SystemThread(name: "hash-store") { self.storeOutcomes() }
    }

    /// Has so many workers from now on; a worker too many ends after the files that it reads.
    func setWorkers(_ count: Int) throws(SystemError) {
        let (missing, surplus) = state.withLock { state -> (Range<Int>, [Worker]) in
            state.workerCount = max(1, count)
            // Never the number of one that is still ending.
            let first = state.lastWorker + 1
            let surplus = state.workers.keys.sorted().dropFirst(state.workerCount)
            let ending = surplus.compactMap { state.workers.removeValue(forKey: $0) }
            let missing = max(0, state.workerCount - state.workers.count)
            state.lastWorker += missing
            return (first..<(first + missing), ending)
        }
        for worker in surplus { worker.thread.end() }
        for number in missing {
            let thread = try HashingThread(
                name: "hash-\(number)", governor: governor,
                ended: { [weak self] in self?.note($0, $1) })
            state.withLock { $0.workers[number] = Worker(thread: thread) }
        }
        assignSoon()
    }

    /// Cancels what is being read and ends all threads; does not wait for one that hangs in a read.
    func stop() {
        let (readings, workers) = state.withLock { state in
            state.isStopping = true
            return (Array(state.readings.values), Array(state.workers.values))
        }
        for reading in readings { reading.control.cancel() }
        for worker in workers { worker.thread.end() }
        condition.broadcast()
        delivered.broadcast()
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
        delivered.broadcast()
        wake()
        assignSoon()
    }

    func setCapacity(_ capacity: Int) { state.withLock { $0.queue.capacity = max(1, capacity) } }

    /// Bytes per second for all files together; 0 is no limit.
    func setMaximumRate(_ rate: Int64) { governor.setMaximumRate(rate) }

    /// Holds all reading, what is under way too, or goes on with it.
    func setPause(_ pause: Pause?) {
        state.withLock { $0.pause = pause }
        governor.isPaused = pause != nil
        assignSoon()
        surroundings.progressed()
    }

    /// There may be room for further files.
    private func assignSoon() {
        state.withLock { $0.nextAssignment = MonotonicTime(nanoseconds: 0) }
        condition.broadcast()
    }

    // MARK: - How it is

    /// Files that are being read right now.
    var readingFiles: Set<Int64> {
        state.withLock { Set($0.readings.filter { $0.value.control.hasBegun }.keys) }
    }

    /// True when no file that can be read waits for its first reading, or for another one because it may have changed.
    var knowsAllFiles: Bool {
        state.withLock { state in
            !state.queue.hasUnknownFiles {
                state.hangingReadings[state.drives[$0.device].drive, default: 0] < Self.hangingLimit
            }
        }
    }

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
            for (id, reading) in state.readings.sorted(by: { $0.key < $1.key }) where reading.control.hasBegun {
                let done = reading.control.bytesDone
                running += done
                status.reading.append(
                    .init(
                        id: id, path: reading.path, bytesDone: Int64(clamping: done), size: reading.size,
                        isFirst: reading.job.purpose == .first))
            }
            let rate = state.meter.rate(total: state.bytesRead + running, at: .now)
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
                    "it cannot be told here whether other programs wait for the drives, so reading makes no room for them"
                    + " (kikod has no control group of its own with an io.pressure)"
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
