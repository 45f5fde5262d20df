internal import Catalog
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// The dispatching thread: from the catalogue to the hashing threads.
extension HashingService {
    enum Step: Sendable {
        case take([Notice])
        case refill(limit: Int, without: Set<Int64>, preferred: [Int64])
        /// Something is due that depends on the time.
        case look
        case end
    }

    /// The purposes for which files are read, in the order in which they come: what people wait for, what they asked
    /// for, and what kikod wants to be sure of.
    private static let purposes: [HashJob.Purpose] = [.first, .verification, .again, .completion]

    func dispatch() {
        var nextAttempt = MonotonicTime.distantFuture
        while true {
            endSamplingIfIdle()
            if state.withLock({ $0.nextAssignment <= .now }) { assign() }
            switch nextStep(nextAttempt: nextAttempt) {
            case .end: return
            case .take(let notices): take(notices)
            case .refill(let limit, let without, let preferred):
                nextAttempt = refill(limit: limit, without: without, preferred: preferred)
            case .look:
                if MonotonicTime.now >= nextAttempt {
                    // A file in error is due again.
                    state.withLock { $0.queue.newWork() }
                    nextAttempt = .distantFuture
                }
                endPauseIfOver()
                if state.withLock({ $0.nextPressureSample <= .now }) { samplePressure() }
            }
        }
    }

    private func nextStep(nextAttempt: MonotonicTime) -> Step {
        while true {
            var step: Step?
            let deadline = min(nextAttempt, state.withLock { $0.nextLook() })
            let isMet = condition.wait(until: deadline) {
                step = self.notices.withLock { notices in
                    defer { notices = [] }
                    return notices.isEmpty ? nil : .take(notices)
                }
                if step != nil { return true }
                return self.state.withLock { state in
                    step = state.step()
                    // What has changed may have brought the next look forward.
                    return step != nil || min(nextAttempt, state.nextLook()) < deadline
                }
            }
            if let step { return step }
            if !isMet { return .look }
        }
    }

    private func endPauseIfOver() {
        guard let until = pause?.until, until <= WallClock.now else { return }
        surroundings.pauseIsOver()
    }

    /// Opens the window on the catalogue again.
    ///
    /// - Returns: when a file that failed may be tried again.
    private func refill(limit: Int, without known: Set<Int64>, preferred: [Int64]) -> MonotonicTime {
        do {
            let now = WallClock.now
            // Before anything is asked: what changes from here on is looked for again.
            let avoided = state.withLock { state in
                state.queue.beginRefill()
                return state.queue.avoidedDevices
            }
            let readable = surroundings.readable()
            // A single pass leaves what can wait to the next run.
            let purposes = surroundings.options().isSinglePass ? [.first] : Self.purposes
            let (window, next) = try surroundings.catalog.read { reader in
                try Self.window(
                    reader, purposes, readable, limit: limit, without: known, preferred: preferred, avoiding: avoided,
                    now: now)
            }
            lookUpDrives(of: window)
            state.withLock { state in
                state.queue.endRefill(window)
                state.nextAssignment = MonotonicTime(nanoseconds: 0)
            }
            if window.isEmpty { surroundings.progressed() } else { surroundings.reads() }
            guard let next, let due = Timestamp.nanoseconds(next) else { return .distantFuture }
            // What is due and yet not here waits for something else, such as the reading of another name of the file.
            let wait = due > now ? due - now : 1_000_000_000
            // A little later than due, so that the comparison of texts with milliseconds finds it due.
            return MonotonicTime.now.advanced(nanoseconds: wait + 2_000_000)
        } catch {
            state.withLock { $0.queue.endRefill(HashQueue.Window()) }
            suspend(error)
            return .distantFuture
        }
    }

    /// The files to be read next for the first purpose for which there are any; without any, when there will be.
    private static func window(
        _ reader: CatalogReader, _ purposes: [HashJob.Purpose], _ readable: ReadablePlaces, limit: Int,
        without known: Set<Int64>, preferred: [Int64], avoiding avoided: Set<UInt64>, now: Int64
    ) throws -> (HashQueue.Window, nextAttempt: String?) {
        let time = Timestamp.text(nanoseconds: now)
        var window = HashQueue.Window()
        window.asked = try reader.hashJobs(
            ofFiles: preferred.filter { !known.contains($0) }, now: time, ofRoots: readable.roots,
            outside: readable.offline)
        let share = max(1, limit / max(1, readable.roots.count))
        for purpose in purposes {
            for root in readable.roots.sorted() {
                let jobs = try reader.hashJobs(
                    purpose, ofRoot: root, limit: share, now: time, withoutFiles: known, outside: readable.offline,
                    withoutDevices: avoided)
                if !jobs.isEmpty { window.roots.append(jobs) }
                // Links to one file are one job, so that there may be more though fewer have come.
                if jobs.count >= share { window.isCut = true }
            }
            if !window.isEmpty {
                window.purpose = purpose
                break
            }
        }
        window.hasDoubtful =
            try purposes.contains(.again)
            && readable.roots.contains { root in
                try !reader.hashJobs(
                    .again, ofRoot: root, limit: 1, now: time, withoutFiles: known, outside: readable.offline
                ).isEmpty
            }
        let next = try reader.nextAttempt(
            withoutFiles: known, ofRoots: readable.roots, outside: readable.offline, purposes: purposes)
        return (window, next)
    }

    private func lookUpDrives(of window: HashQueue.Window) {
        let devices = (window.asked + window.roots.joined()).map(\.device)
        let unknown = state.withLock { $0.drives.unknown(among: devices) }
        guard !unknown.isEmpty else { return }
        let found = KnownDrives.lookUp(unknown)
        state.withLock { state in
            state.drives.add(found) { [weak self] in self?.leave(.measured) }
        }
    }
}

extension HashingService.State {
    /// What is to be done now, apart from what the time brings.
    fileprivate mutating func step() -> HashingService.Step? {
        if isStopping { return .end }
        if isSuspended { return nil }
        guard let refill = queue.nextRefill, refill <= .now else { return nil }
        return .refill(limit: queue.capacity, without: Set(queue.reading.keys), preferred: queue.preferred)
    }

    /// When to look next though nothing happens.
    fileprivate func nextLook() -> MonotonicTime {
        // Nothing is read in a pause, so nobody has to wait because of it.
        var next = queue.isIdle || pause != nil ? .distantFuture : nextPressureSample
        if !isStopping { next = min(next, nextAssignment) }
        if let until = pause?.until {
            // The clock may be set, or the machine sleep, and nothing tells of it here.
            let wait = min(max(0, until.subtractingReportingOverflow(WallClock.now).partialValue), 60_000_000_000)
            next = min(next, .now.advanced(nanoseconds: wait))
        }
        if !isSuspended, let refill = queue.nextRefill { next = min(next, refill) }
        return next
    }
}
