package import Catalog
internal import DirectoryWatching
package import LinuxSystem
internal import Logging
internal import Synchronization

/// A request that cannot be done, with a sentence for who asked.
package enum IndexerRefusal: Error, Hashable, Sendable {
    /// The path is not in any root.
    case notBelowAnyRoot(FilePath)
}

extension Indexer {
    /// A scan that was asked for.
    package struct StartedScan: Sendable, Hashable {
        package let id: Int64
        package let root: FilePath
    }

    /// What came of waiting.
    package struct SyncOutcome: Sendable, Hashable {
        package var isSynced: Bool
        /// Roots that are offline and were left out.
        package var skipped: [FilePath]
        /// Files that are still being written or read.
        package var waiting: [FilePath]
    }

    /// Starts a scan of a path, or of every root when it is nil. Blocks until the rows of `scan_history` are there.
    package func startScans(
        path: FilePath?, rehash: Bool, acceptsEmpty: Bool
    ) throws -> [StartedScan] {
        var wanted = roots.map(\.path)
        if let path {
            let inner = wanted.filter { $0.isWithin(path) }
            if place(holding: path) != nil {
                wanted = [path] + inner.filter { $0 != path }
            } else if inner.isEmpty {
                throw IndexerRefusal.notBelowAnyRoot(path)
            } else {
                wanted = inner
            }
        }
        let kind: ScanRequest.Kind = rehash ? .rehash : .scan
        let targets = wanted
        let rows = try catalog.write { writer in
            let now = Timestamp.text(nanoseconds: WallClock.now)
            return try targets.map { try writer.beginScan(kind: kind.rawValue, root: $0, at: now) }
        }
        // Somebody asks, and the catalogue could be written: there is no need to wait for the next try.
        retryAfterDatabaseTrouble()
        return zip(targets, rows).map { path, row in
            events.append([IndexEvent(.scanStarted, path: path, scanID: row)])
            scan(path, ScanRequest(path: path, kind: kind, reason: .request, acceptsEmpty: acceptsEmpty), row: row)
            return StartedScan(id: row, root: path)
        }
    }

    /// Returns when every change made to the file system before the call is in the catalogue. Blocks.
    /// Before the end of the start that is what was there at its beginning.
    ///
    /// - Parameter hashed: wait also until all files then pending are read.
    package func sync(hashed: Bool, milliseconds: Int) -> SyncOutcome {
        let deadline = MonotonicTime.now.advanced(milliseconds: milliseconds)
        let isStarted = waitForProgress(until: deadline) { $0.isStarted }
        refreshMounts()
        let isSynced =
            isStarted && waitForEarlierEvents(until: deadline) && waitForWalks(until: deadline)
            && state.withLock { $0.databaseTrouble } == nil
        let skipped = offlinePlaces
        guard isSynced else { return SyncOutcome(isSynced: false, skipped: skipped, waiting: heldPaths() ?? []) }
        guard hashed else { return SyncOutcome(isSynced: true, skipped: skipped, waiting: []) }
        running?.hashing.wake()
        // Nothing that waits would be read in a pause.
        var isDone = false
        _ = waitForProgress(until: deadline) { indexer in
            isDone = indexer.isHashed
            return isDone || indexer.isPaused
        }
        let waiting = (heldPaths() ?? []) + (running?.hashing.status().reading.map(\.path) ?? [])
        return SyncOutcome(isSynced: isDone, skipped: skipped, waiting: isDone ? [] : waiting)
    }

    /// The path under which the catalogue would have what a path leads to, by way of links; nil when it leads nowhere
    /// or into no root. Asks the file system, so it may hang with a dead drive.
    package func catalogPath(for path: FilePath) -> FilePath? {
        guard let descriptor = try? FileDescriptor.open(path, pathOnlyFlag),
            let real = realPath(ofDescriptor: descriptor.number)
        else { return nil }
        if let place = place(holding: real), !place.condition.isElsewhere { return real }
        let homes = places.compactMap { place in place.condition.realPath.map { (place, $0) } }
        guard let home = homes.filter({ real.isWithin($0.1) }).max(by: { $0.1.bytes.count < $1.1.bytes.count }),
            let relative = real.relative(to: home.1)
        else { return nil }
        return home.0.path.appending(relative)
    }

    /// Changes what a person says of a content.
    ///
    /// - Returns: false when there is no such content any more.
    package func changeUserFields(
        ofContent id: Int64, _ change: @escaping @Sendable (inout StoredUserFields) -> Void
    ) throws -> Bool {
        let now = Timestamp.text(nanoseconds: WallClock.now)
        return try catalog.write(telling: events) { writer, _ in
            var fields = try writer.reader.userFields(ofContent: id)
            change(&fields)
            return try writer.setUserFields(ofContent: id, fields, at: now)
        }
    }

    /// True when the place that holds a path can be asked now.
    package func isOnline(_ path: FilePath) -> Bool { place(holding: path.parent)?.condition.isOnline == true }

    /// Waits until one pass over everything is done (`--once`), or until the indexer stops. Blocks.
    ///
    /// - Returns: true when every root was reconciled, or is offline, and every file that was there was tried once.
    package func waitForFirstPass() -> Bool {
        waitForProgress(until: .distantFuture) { indexer in
            indexer.isStarted
                && indexer.places.map(\.condition).allSatisfy {
                    $0.hasBegun && ($0.isReconciled || !$0.isOnline)
                }
                && (indexer.isHashed || indexer.isPaused)
        }
    }

    // MARK: - Waiting

    /// True once all roots are known and each has given a sign or was given up for now.
    private var isStarted: Bool { state.withLock { $0.isStarted } }

    /// True while a walking thread has something to do and is not held up by a drive that does not answer.
    var isWalking: Bool { state.withLock { Array($0.threads.values) }.contains { $0.isBusy && !$0.isSilent } }

    /// True when no file waits to be read or to be finished by who writes it.
    ///
    /// In this order: a file that is no longer held was released by a walking thread, which tells the hashing of it
    /// before it rests.
    private var isHashed: Bool {
        // While there is work to be seen, the catalogue need not be asked.
        isResting && heldPaths(limit: 1)?.isEmpty == true && isResting
    }

    var isResting: Bool { !isWalking && running?.hashing.knowsAllFiles == true }

    /// Files that wait for whoever writes them; nil when the catalogue cannot be read.
    private func heldPaths(limit: Int = 100) -> [FilePath]? {
        do {
            let readable = readablePlaces
            return try catalog.read {
                try $0.heldPaths(ofRoots: readable.roots, outside: readable.offline, limit: limit)
            }
        } catch {
            note(databaseError: error)
            return nil
        }
    }

    private func waitForEarlierEvents(until deadline: MonotonicTime) -> Bool {
        guard let watcher = running?.watcher else { return false }
        let reached = Flag()
        do throws(SystemError) {
            try watcher.afterEarlierEvents(cookieDirectory: cookieDirectory) { reached.set() }
        } catch {
            // Without a cookie, listing everything is as good.
            logger.warning("cannot ask the event queue: \(error)")
            scanAll(.request)
            return true
        }
        return reached.wait(until: deadline)
    }

    /// Waits for the walks that are under way, and for one listing of every polled directory.
    private func waitForWalks(until deadline: MonotonicTime) -> Bool {
        for place in places {
            let condition = place.condition
            if condition.isOnline, condition.isPolled || condition.unwatchedDirectories > 0 { poll(place) }
        }
        // A walk on one thread may hand on to another what begins in it, so all of them are asked until none did. Where
        // changes without end keep them busy, what is handed on later has come later.
        for _ in 0..<Self.walkRounds {
            let (threads, jobs) = state.withLock { (Array($0.threads.values), $0.handedJobs) }
            guard waitForBarriers(on: threads, until: deadline) else { return false }
            if state.withLock({ $0.handedJobs }) == jobs || threads.allSatisfy({ !$0.isBusy }) { return true }
        }
        return true
    }

    /// Walks that begin in walks, one in the other, are not more than these.
    private static let walkRounds = 8

    /// Waits until every thread has done what waits there now. One whose drive does not answer is not waited for.
    private func waitForBarriers(on threads: [WalkingThread], until deadline: MonotonicTime) -> Bool {
        let barriers = threads.map { thread -> (WalkingThread, Flag) in
            let reached = Flag()
            _ = thread.add(
                .barrier { [weak self] in
                    reached.set()
                    self?.noteProgress()
                })
            return (thread, reached)
        }
        for (thread, reached) in barriers {
            let isOver = waitForProgress(until: deadline) { _ in reached.isReached || thread.isSilent }
            if !isOver { return false }
        }
        return true
    }

    /// Waits until `isMet`, which is asked whenever the index got on; false when time is over or the indexer stops.
    private func waitForProgress(until deadline: MonotonicTime, _ isMet: (Indexer) -> Bool) -> Bool {
        while true {
            let generation = state.withLock { $0.generation }
            if isMet(self) { return true }
            let isOver = !progress.wait(until: deadline) {
                self.state.withLock { $0.generation != generation || $0.isStopping }
            }
            if isOver || state.withLock({ $0.isStopping }) { return isMet(self) }
        }
    }

    /// Gives every root two seconds to answer; those that do not are offline until they do.
    func waitForFirstSigns() {
        let deadline = MonotonicTime.now.advanced(nanoseconds: WalkingThread.patience)
        let tops = places.filter { $0.kind == .root }
        progress.wait(until: deadline) {
            tops.allSatisfy { $0.condition.hasBegun } || self.state.withLock { $0.isStopping }
        }
        guard !state.withLock({ $0.isStopping }) else { return }
        for top in tops where !top.condition.hasBegun { setUnanswered(top) }
    }
}

/// Something that happens once and that threads wait for.
private final class Flag: Sendable {
    private let isSet = Mutex(false)
    private let condition = Condition()

    var isReached: Bool { isSet.withLock { $0 } }

    func set() {
        isSet.withLock { $0 = true }
        condition.broadcast()
    }

    func wait(until deadline: MonotonicTime) -> Bool {
        condition.wait(until: deadline) { self.isSet.withLock { $0 } }
    }
}
