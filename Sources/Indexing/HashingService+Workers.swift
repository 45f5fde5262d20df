internal import Catalog
internal import Hashing
internal import LinuxSystem
internal import Synchronization

/// The hashing threads' side: what they get, what they give back, and what happens when a drive does not answer.
extension HashingService {
    /// What a worker is to do that has begun so many files.
    func work(for worker: Int, _ begun: Int) -> HashingThread.Work {
        let options = surroundings.options()
        let (work, others) = state.withLock { state -> (HashingThread.Work, [Worker]) in
            if state.isStopping || state.ends(worker, begun: begun) { return (.end, []) }
            state.workers[worker]?.files = begun
            guard !state.isSuspended else { return (.nothing, []) }
            // A second file only where every other core has one.
            if begun > 0, state.workers.values.contains(where: { $0.files == 0 }) { return (.nothing, []) }
            let readersOf = state.readersByDrive()
            let all = state.workerCount * HashingThread.filesAtOnce
            let (drives, hanging) = (state.drives, state.hangingReadings)
            let job = state.queue.next { job in
                let known = drives[job.device]
                let allowed =
                    switch hanging[known.drive, default: 0] {
                    case 0: known.readersAllowed(of: all)
                    // One at a time, so that not all of them come to hang too.
                    case ..<Self.hangingLimit: 1
                    default: 0
                    }
                return readersOf[known.drive, default: 0] < allowed
            }
            guard let job else { return (.nothing, []) }
            let reading = FileReading(job, on: drives[job.device], options: options) { [weak self] in self?.letGo($0) }
            state.readings[job.fileID] = reading
            // What was seen of an earlier reading of the file says nothing of this one.
            state.marks[job.fileID] = nil
            state.workerOfFile[job.fileID] = worker
            state.workers[worker]?.files = begun + 1
            // Those that did not get a second file before may get one now.
            return (.file(reading), state.queue.depth > 0 ? Array(state.workers.values) : [])
        }
        for other in others { other.thread?.wake() }
        if case .file = work { condition.broadcast() }
        return work
    }

    /// Takes the outcome of a file.
    func ended(_ file: any FileToHash, _ result: Result<Digests, any Error>) {
        guard let reading = file as? FileReading else { return }
        let job = reading.job
        let outcome = reading.outcome(of: result)
        state.withLock { state in
            if case .digests = outcome {
                state.bytesTotal += UInt64(job.size)
                state.filesTotal += 1
            }
            state.readings[job.fileID] = nil
            if let worker = state.workerOfFile.removeValue(forKey: job.fileID) { state.workers[worker]?.files -= 1 }
            if !reading.hasBeenLetGo { state.hangingReadings[reading.drive.drive, default: 0] += 1 }
            state.deliveries.append(Delivery(job: job, outcome: outcome))
        }
        condition.broadcast()
        // The drive has room for another reader.
        wakeWorkers()
    }

    /// A reading makes no call any more; if it was given up before, its drive answers again.
    private func letGo(_ reading: FileReading) {
        let isFree = state.withLock { state -> Bool in
            reading.hasBeenLetGo = true
            guard state.readings[reading.job.fileID] !== reading,
                let count = state.hangingReadings[reading.drive.drive]
            else { return false }
            state.hangingReadings[reading.drive.drive] = count > 1 ? count - 1 : nil
            return true
        }
        if isFree { wakeWorkers() }
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
            for (id, reading) in state.readings {
                let done = reading.control.bytesDone
                let isSame = state.marks[id]?.bytes == done && !reading.control.isHeld
                let mark = isSame ? state.marks[id] : nil
                marks[id] = mark ?? (bytes: done, since: now)
                guard let mark, now.since(mark.since) * Self.firstLook >= readSilence else { continue }
                hanging.append(reading.path)
                if now.since(mark.since) >= readSilence { lost.append(reading) }
            }
            state.marks = marks
            return (hanging, lost, !state.readings.isEmpty || state.queue.depth > 0)
        }
        for path in hanging { surroundings.hangs(path) }
        for reading in lost {
            reading.giveUp("Its drive has not answered for \(readSilence / 1_000_000_000) s.")
        }
        return isReading
    }
}

extension HashingService.State {
    /// True when a worker has to end because there are too many; it counts no more then.
    fileprivate mutating func ends(_ worker: Int, begun: Int) -> Bool {
        guard workers[worker] != nil else { return true }
        guard workers.count > workerCount, worker == workers.keys.max() else { return false }
        workers[worker] = nil
        return true
    }

    /// Readers of each drive, without those that were given up.
    fileprivate func readersByDrive() -> [Drive: Int] {
        var readers: [Drive: Int] = [:]
        for reading in readings.values { readers[reading.drive.drive, default: 0] += 1 }
        return readers
    }
}
