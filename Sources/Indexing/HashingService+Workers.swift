internal import Catalog
internal import Hashing
internal import LinuxSystem
internal import Synchronization

/// What the hashing threads get and give back, and what happens when a drive does not answer.
extension HashingService {
    // MARK: - On the hashing and reading threads

    /// Leaves the outcome of a file for the dispatching thread.
    func note(_ file: any FileToHash, _ result: Result<Digests, any Error>) {
        guard let reading = file as? FileReading else { return }
        leave(.ended(reading, reading.outcome(of: result)))
    }

    func leave(_ notice: Notice) {
        notices.withLock { $0.append(notice) }
        condition.broadcast()
    }

    // MARK: - On the dispatching thread

    /// Takes in what the threads have left.
    func take(_ notices: [Notice]) {
        state.withLock { state in
            for notice in notices {
                switch notice {
                case .ended(let reading, let outcome): state.end(reading, outcome)
                case .letGo(let reading): state.letGo(reading)
                case .measured: break
                case .done(let worker, let kind):
                    state.workers[worker]?.tasks -= 1
                    state.tasks[kind, default: 1] -= 1
                }
            }
            state.nextAssignment = MonotonicTime(nanoseconds: 0)
        }
        delivered.broadcast()
    }

    /// Between two looks whether a drive turned out to be fast enough for another reader.
    private static let assignmentInterval: Int64 = 500_000_000

    /// What a worker is given at once: a large file, or small ones on one drive.
    private struct Task: Sendable {
        let worker: Int
        let thread: HashingThread
        let kind: TaskKind
        let readings: [FileReading]
    }

    /// Gives the hashing threads what they have room for.
    func assign() {
        let options = surroundings.options()
        let (given, resting) = state.withLock { state -> ([Task], [Worker]) in
            var given: [Task] = []
            // What is begun during a pause would only be held before its first byte.
            let isHeld = state.isStopping || state.isSuspended || state.pause != nil
            while !isHeld, let worker = state.freeWorker() {
                let readings = state.nextJobs().map { job in
                    FileReading(job, on: state.drives[job.device], options: options) { [weak self] in
                        self?.leave(.letGo($0))
                    }
                }
                guard let first = readings.first else { break }
                let kind = TaskKind(drive: first.drive.drive, isFirst: first.job.purpose == .first)
                if state.readings.isEmpty { state.meter = RateMeter() }
                for reading in readings {
                    state.readings[reading.job.fileID] = reading
                    // What was seen of an earlier reading of the file says nothing of this one.
                    state.marks[reading.job.fileID] = nil
                }
                state.workers[worker.number]?.tasks += 1
                state.tasks[kind, default: 0] += 1
                given.append(Task(worker: worker.number, thread: worker.thread, kind: kind, readings: readings))
            }
            // Work for other drives may lie beyond the window.
            if !isHeld, state.freeWorker() != nil { state.queue.avoid(state.busyDevices()) }
            let isWaiting = !isHeld && state.queue.depth > 0 && !state.readings.isEmpty
            state.nextAssignment = isWaiting ? .now.advanced(nanoseconds: Self.assignmentInterval) : .distantFuture
            let isIdle = state.queue.depth == 0 && state.queue.nextRefill == nil
            return (given, isIdle ? state.workers.values.filter { $0.tasks == 0 } : [])
        }
        for task in given {
            task.thread.give(task.readings) { [weak self] in self?.leave(.done(worker: task.worker, task.kind)) }
        }
        for worker in resting { worker.thread.rest() }
    }

    // MARK: - Drives that hang

    /// A reading that has not got on for so long is given up, in nanoseconds; a disk that has to start turning is faster.
    static let readSilence: Int64 = 30_000_000_000
    /// After this part of that time its drive is looked at.
    private static let firstLook: Int64 = 6
    /// As many readings of a drive as were given up and still hang, and it is left alone: more of them would tell
    /// nothing more and cost their memory.
    static let hangingLimit = 2

    /// Has the drives looked at whose files do not get on, and gives up those files that still do not later.
    ///
    /// - Returns: true while there is something to look after, or going to be.
    func checkForHangingReads() -> Bool {
        let now = MonotonicTime.now
        let (hanging, lost, isReading) = state.withLock { state -> ([FilePath], [FileReading], Bool) in
            var marks: [Int64: (bytes: UInt64, since: MonotonicTime)] = [:]
            var hanging: [FilePath] = []
            var lost: [FileReading] = []
            for (id, reading) in state.readings where reading.control.hasBegun {
                let done = reading.control.bytesDone
                let isSame = state.marks[id]?.bytes == done && !reading.control.isHeld
                let mark = isSame ? state.marks[id] : nil
                marks[id] = mark ?? (bytes: done, since: now)
                guard let mark, now.since(mark.since) * Self.firstLook >= readSilence else { continue }
                hanging.append(reading.path)
                if now.since(mark.since) >= readSilence { lost.append(reading) }
            }
            state.marks = marks
            return (hanging, lost, state.pause == nil && (!state.readings.isEmpty || state.queue.depth > 0))
        }
        for path in hanging { surroundings.hangs(path) }
        for reading in lost {
            reading.giveUp("Its drive has not answered for \(readSilence / 1_000_000_000) s.")
        }
        return isReading
    }
}

extension HashingService.State {
    /// The worker with the most room: a second task only where every other one has one.
    fileprivate func freeWorker() -> (number: Int, thread: HashingThread)? {
        let free = workers.filter { $0.value.tasks < HashingThread.filesAtOnce }
        let next = free.min { ($0.value.tasks, $0.key) < ($1.value.tasks, $1.key) }
        return next.map { ($0.key, $0.value.thread) }
    }

    /// Small files are given together, up to so many and so many bytes.
    private static let batchCount = 64
    private static let batchSize: Int64 = 16 << 20

    /// True when the drive of a file can stand another reader.
    private func mayBegin(_ job: HashJob) -> Bool {
        let known = drives[job.device]
        let all = workerCount * HashingThread.filesAtOnce
        let firsts = tasks[.init(drive: known.drive, isFirst: true), default: 0]
        let others = tasks[.init(drive: known.drive, isFirst: false), default: 0]
        if job.purpose != .first {
            // What is read only to be sure leaves a place for what somebody may wait for.
            let allOthers = tasks.reduce(0) { $0 + ($1.key.isFirst ? 0 : $1.value) }
            if all > 1, allOthers >= all - 1 { return false }
        }
        // And whoever reads only to be sure is no reason to wait.
        let readers = job.purpose == .first ? firsts + max(0, others - 1) : firsts + others
        switch hangingReadings[known.drive, default: 0] {
        case 0: return readers < known.readersAllowed(of: all)
        // One at a time, so that not all of them come to hang too.
        case ..<HashingService.hangingLimit: return readers < 1
        default: return false
        }
    }

    /// Devices from which nothing of the window may be read now.
    fileprivate func busyDevices() -> Set<UInt64> { Set(queue.waiting.filter { !mayBegin($0) }.map(\.device)) }

    /// The next file whose drive can stand another reader; if it is small, with more such files on that drive.
    fileprivate mutating func nextJobs() -> [HashJob] {
        let drives = drives
        let first = queue.next { [self] in mayBegin($0) }
        guard let first else { return [] }
        var jobs = [first]
        var room = Self.batchSize - first.size
        while first.size <= HashingThread.smallFileSize, jobs.count < Self.batchCount,
            let next = queue.next(where: {
                $0.size <= min(room, HashingThread.smallFileSize)
                    && drives[$0.device].drive == drives[first.device].drive
            })
        {
            jobs.append(next)
            room -= next.size
        }
        return jobs
    }

    fileprivate mutating func end(_ reading: FileReading, _ outcome: HashingOutcome) {
        let job = reading.job
        if case .digests = outcome {
            bytesTotal += UInt64(job.size)
            filesTotal += 1
        }
        bytesRead += reading.control.bytesDone
        readings[job.fileID] = nil
        if reading.control.hasBegun, !reading.hasBeenLetGo { hangingReadings[reading.drive.drive, default: 0] += 1 }
        deliveries.append(HashingService.Delivery(job: job, outcome: outcome))
    }

    /// If the reading was given up before, its drive answers again.
    fileprivate mutating func letGo(_ reading: FileReading) {
        reading.hasBeenLetGo = true
        guard readings[reading.job.fileID] !== reading, let count = hangingReadings[reading.drive.drive] else { return }
        hangingReadings[reading.drive.drive] = count > 1 ? count - 1 : nil
    }
}
