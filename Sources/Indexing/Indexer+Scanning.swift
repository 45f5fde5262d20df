internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import ModelFormats
internal import Synchronization

extension Indexer {
    // MARK: - Beginning

    /// Has a path reconciled: the place that holds it, and every mount and link that begins below it in the same root.
    ///
    /// - Parameter row: the row of `scan_history`, if it is there already.
    func scan(_ path: FilePath, _ request: ScanRequest, row: Int64? = nil) {
        let run = ScanRun(request, row: row)
        let places = state.withLock { state in
            guard let holder = state.registry.place(holding: path) else { return [Place]() }
            let inner = state.registry.places(within: path).filter { $0 !== holder && $0.root === holder.root }
            return [holder] + inner
        }
        // All parts are begun before the first can end.
        let parts = places.map { place in (place, path.isWithin(place.path) ? path : place.path) }
            .filter { run.begin(ScanRun.Part(path: $0.1)) }
        for (place, path) in parts { add(.scan(place, path, run)) }
        if parts.isEmpty { close(row, sentence: "no root holds \(path)") }
    }

    /// Has one place reconciled, without those that begin in it.
    func scan(_ place: Place, _ reason: ScanRequest.Reason) {
        let run = ScanRun(ScanRequest(path: place.path, reason: reason))
        guard run.begin(ScanRun.Part(path: place.path)) else { return }
        add(.scan(place, place.path, run))
    }

    // MARK: - One job

    /// Does one job; runs on a walking thread.
    func perform(_ job: WalkJob, on thread: WalkingThread) {
        guard let watcher = running?.watcher else { return }
        if let place = job.place, let start = job.start {
            guard self.place(holding: start) === place else { return redirect(job, thread) }
        }
        switch job {
        case .open(let place): open(place, watcher, thread)
        case .scan(let place, let path, let run): scan(place, path, run, watcher, thread)
        case .directory(let place, let path, let recursive):
            guard place.condition.isOnline else { return lookAgain(at: place) }
            var reconciliation = Reconciliation(
                place: place, surroundings: surroundings(of: place, watcher, thread), letsUrgentIn: false)
            let walker = walker(for: place, watcher, thread)
            let realPath = place.realPath(of: path)
            if path == place.path {
                walker.walkPlace(path, realPath: realPath, recursive: recursive, visitor: &reconciliation)
            } else {
                walker.walk(path, realPath: realPath, recursive: recursive, visitor: &reconciliation)
            }
            conclude(&reconciliation, of: place, nil) { try $0.finish(below: path, recursive: recursive) }
            // A link that leads nowhere waits for another part of its way now, which the listing finds out.
            // What begins there is not to be asked here: it may hang.
            if reconciliation.foundNothing, reconciliation.boundaries.isEmpty, path != place.path, isLink(path) {
                add(.directory(place, path.parent, recursive: false))
            }
        case .file(let place, let path, let hint):
            guard place.condition.isOnline else { return lookAgain(at: place) }
            var reconciliation = Reconciliation(
                place: place, surroundings: surroundings(of: place, watcher, thread), letsUrgentIn: false)
            let resolve = resolver(for: place, thread)
            conclude(&reconciliation, of: place, nil) {
                try $0.reconcileFile(at: path, hint: hint, resolve: resolve)
            }
            // What the other parts of a model are depends on this one.
            if reconciliation.foundNoFile
                || (reconciliation.hasWritten && PartName(path.name) != nil)
            {
                add(.directory(place, path.parent, recursive: false))
            }
        case .companion(let place, let path):
            guard place.condition.isOnline else { return }
            var reconciliation = Reconciliation(
                place: place, surroundings: surroundings(of: place, watcher, thread), letsUrgentIn: false)
            let resolve = resolver(for: place, thread)
            conclude(&reconciliation, of: place, nil) { try $0.reconcileFiles(beside: path, resolve: resolve) }
        case .linkedFiles(let place, let path, let run): followLinks(place, path, run, watcher, thread)
        case .barrier(let reached): reached()
        }
    }

    private func isLink(_ path: FilePath) -> Bool {
        (try? FileStatus.of(path, followLinks: false).kind) == .link
    }

    /// Something happened in a place that is offline: if it holds a model file now, it is believed.
    private func lookAgain(at place: Place) {
        if place.condition.isDoubted { scan(place, .returned) }
    }

    /// The path of a job belongs to another place now, or to none. All that has changed hands is scanned because of
    /// that; only a scan that is written down somewhere has to come to its end.
    private func redirect(_ job: WalkJob, _ thread: WalkingThread) {
        guard let (run, part) = job.part(on: thread.device) else { return }
        if case .scan(_, let path, _) = job, run.isOpen(part), let place = place(holding: path) {
            return add(.scan(place, path, run))
        }
        end(run, part, troubles: ["\(part.path) is in no root any more"])
    }

    /// Ends a reconciliation: what it has found out is written down and followed up.
    private func conclude(
        _ reconciliation: inout Reconciliation, of place: Place, _ run: ScanRun?,
        _ body: (inout Reconciliation) throws -> Void
    ) {
        do {
            try body(&reconciliation)
            if let error = reconciliation.databaseError { throw error }
        } catch {
            note(databaseError: error)
        }
        followUp(reconciliation, of: place, run)
        if reconciliation.counts.missing > 0 { scheduleForgetting() }
        running?.hashing.wake()
        noteProgress()
    }

    // MARK: - A part of a scan

    private func scan(
        _ place: Place, _ path: FilePath, _ run: ScanRun, _ watcher: DirectoryWatcher, _ thread: WalkingThread
    ) {
        closeFailedScans()
        let part = ScanRun.Part(path: path)
        // A part that was given up because its drive hung is done all the same, as a scan of its own.
        guard run.isOpen(part) else { return scan(place, .returned) }
        let reasonBefore = place.condition.offlineReason
        switch open(place, run.request, watcher, thread) {
        case .online: break
        case .offline:
            markAbsentFiles(of: place)
            let reason = place.condition.offlineReason ?? "it is offline"
            let isKnown = run.request.isOwnLook && reason == reasonBefore
            end(
                run, part,
                troubles: isKnown ? [] : [place.path == run.request.path ? reason : "\(place.path): \(reason)"])
            return afterScan(of: place)
        case .nothingHere:
            end(run, part)
            return afterScan(of: place)
        case .elsewhere: return add(.scan(place, path, run))
        case .dissolved:
            // What surrounds it has it now.
            if let holder = self.place(holding: path) { add(.scan(holder, path, run)) } else { end(run, part) }
            return
        }
        do {
            try queueRehash(run)
            let generation = placesGeneration
            let catalog = catalog
            var reconciliation = Reconciliation(
                place: place, surroundings: surroundings(of: place, watcher, thread), letsUrgentIn: true,
                scan: { try run.row(in: catalog) })
            try walk(place, path, watcher, thread, &reconciliation)
            // What was cut short is not told as if it were whole; the next start closes its row.
            guard !thread.isStopping else { return }
            guard placesGeneration == generation else {
                // A reload has changed what the walk went by.
                return redirect(.scan(place, path, run), thread)
            }
            followUp(reconciliation, of: place, run, isWhole: path == place.path)
            noteWalk(of: place, isWhole: path == place.path)
            end(run, part, counts: reconciliation.counts, troubles: Array(reconciliation.troubles.values).sorted())
        } catch {
            note(databaseError: error)
            end(run, part, troubles: ["the catalogue could not be written: \(error)"])
        }
        afterScan(of: place)
    }

    private func queueRehash(_ run: ScanRun) throws {
        guard run.takeRehash() else { return }
        let row = try run.row(in: catalog)
        let path = run.request.path
        _ = try catalog.write {
            try $0.queueRehash(below: path, scan: row, at: Timestamp.text(nanoseconds: WallClock.now))
        }
    }

    private func walk(
        _ place: Place, _ path: FilePath, _ watcher: DirectoryWatcher, _ thread: WalkingThread,
        _ reconciliation: inout Reconciliation
    ) throws {
        let walker = walker(for: place, watcher, thread)
        let condition = place.condition
        if path == place.path, let realPath = condition.realPath {
            walker.walkPlace(path, realPath: realPath, visitor: &reconciliation)
        } else if isFile(path, in: place, thread) {
            try reconciliation.reconcileFile(at: path, hint: .appeared, resolve: resolver(for: place, thread))
        } else {
            walker.walk(path, realPath: place.realPath(of: path), recursive: true, visitor: &reconciliation)
        }
        if let error = reconciliation.databaseError { throw error }
        // What was listed belongs to the place that was opened; if that went meanwhile, nothing is missing.
        guard let status = try? FileStatus.of(place.path), DirectoryIdentity(status) == condition.identity else {
            return
        }
        try reconciliation.finish(below: path, recursive: true)
    }

    private func isFile(_ path: FilePath, in place: Place, _ thread: WalkingThread) -> Bool {
        guard options.rules.isModelFile(path.name) else { return false }
        guard case .found(let target) = resolver(for: place, thread)(place.realPath(of: path)) else { return true }
        return (try? FileStatus.of(target).kind) == .regular
    }

    private func followLinks(
        _ place: Place, _ path: FilePath, _ run: ScanRun?, _ watcher: DirectoryWatcher, _ thread: WalkingThread
    ) {
        let part = ScanRun.Part(path: path, linksOn: thread.device)
        var reconciliation = Reconciliation(
            place: place, surroundings: surroundings(of: place, watcher, thread), letsUrgentIn: false)
        let walker = walker(for: place, watcher, thread)
        let resolve = resolver(for: place, thread)
        conclude(&reconciliation, of: place, run) { try $0.reconcileLinks(of: path, walker, resolve: resolve) }
        guard let run else { return }
        end(run, part, counts: reconciliation.counts, troubles: Array(reconciliation.troubles.values).sorted())
    }

    /// A place was walked.
    private func noteWalk(of place: Place, isWhole: Bool) {
        countUnwatched(in: place)
        if isWhole { place.update { $0.isReconciled = true } }
        guard isWhole else { return }
        do {
            try catalog.write { writer in
                try writer.noteScan(ofRoot: place.root.id, at: Timestamp.text(nanoseconds: WallClock.now))
            }
        } catch {
            note(databaseError: error)
        }
    }

    private func countUnwatched(in place: Place) {
        let unwatched = running?.watcher.unwatchedDirectories(below: place.path) ?? []
        let own = unwatched.count { self.place(holding: $0) === place }
        place.update { $0.unwatchedDirectories = $0.isPolled ? 0 : own }
    }

    private func afterScan(of place: Place) {
        scheduleNextLook(at: place)
        running?.hashing.wake()
        noteProgress()
    }

    // MARK: - The end

    /// Ends a part of a scan, and the scan if it was the last.
    func end(
        _ run: ScanRun, _ part: ScanRun.Part, counts: ScanCounts = ScanCounts(), troubles: [String] = []
    ) {
        guard let outcome = run.end(part, counts: counts, troubles: troubles) else { return }
        end(run, outcome)
    }

    /// Ends a scan whose parts are all over.
    func end(_ run: ScanRun, _ outcome: ScanRun.Outcome) {
        let request = run.request
        // A look of kikod's own that has found nothing is not worth a row.
        let isQuiet =
            request.isOwnLook && outcome.counts.changes == 0 && outcome.troubles.isEmpty
        defer {
            scheduleForgetting()
            noteProgress()
        }
        if isQuiet, run.row == nil { return }
        do {
            let row = try run.row(in: catalog)
            try catalog.write(telling: events) { writer, events in
                if isQuiet { return try writer.discardScan(row) }
                let now = Timestamp.text(nanoseconds: WallClock.now)
                try writer.endWalk(
                    of: row, below: request.path, outcome.counts, errors: outcome.troubles, at: now)
                try writer.completeScans(telling: &events)
            }
            if !isQuiet { report(request, row, outcome) }
        } catch {
            note(databaseError: error)
            close(run.row, sentence: "the catalogue could not be written: \(error)")
        }
    }

    private func report(_ request: ScanRequest, _ row: Int64, _ outcome: ScanRun.Outcome) {
        let counts = outcome.counts
        logger.info(
            "scanned \(request.path) (\(request.reason.rawValue)): \(counts.seen) files, \(counts.added) new,"
                + " \(counts.changed) changed, \(counts.moved) moved, \(counts.missing) missing",
            event: .scanWalked, .init("scan", row), .init("root", request.path),
            .init("reason", request.reason.rawValue), .init("files", counts.seen), .init("new", counts.added),
            .init("changed", counts.changed), .init("moved", counts.moved), .init("missing", counts.missing))
    }

    /// Ends a scan that came to nothing; if that cannot be written, the next scan does it.
    func close(_ row: Int64?, sentence: String) {
        guard let row else { return }
        state.withLock { $0.failedScans[row] = sentence }
        closeFailedScans()
        noteProgress()
    }

    private func closeFailedScans() {
        let failed = state.withLock { $0.failedScans }
        guard !failed.isEmpty else { return }
        do {
            try catalog.write(telling: events) { writer, events in
                let time = Timestamp.text(nanoseconds: WallClock.now)
                for (row, sentence) in failed {
                    try writer.endWalk(of: row, below: nil, ScanCounts(), errors: [sentence], at: time)
                }
                try writer.completeScans(telling: &events)
            }
            state.withLock { state in for row in failed.keys { state.failedScans[row] = nil } }
        } catch {
            note(databaseError: error)
        }
    }

    // MARK: - Helpers

    private func surroundings(
        of place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread
    ) -> Reconciliation.Surroundings {
        let (generation, mountGeneration) = state.withLock { ($0.placesGeneration, $0.mountGeneration) }
        return Reconciliation.Surroundings(
            catalog: catalog, watcher: watcher, events: events, thread: thread, options: options,
            isOutdated: { [weak self] in
                self?.state.withLock { state in
                    state.placesGeneration != generation || state.registry.place(at: place.path) !== place
                } ?? true
            },
            isMountTableOutdated: { [weak self] in
                self?.state.withLock { $0.mountGeneration != mountGeneration } ?? true
            },
            placesWithin: { [weak self] path in self?.state.withLock { $0.registry.places(within: path) } ?? [] })
    }

    /// Follows links from a place without entering devices that are neither the place's nor the thread's.
    func resolver(for place: Place, _ thread: WalkingThread) -> @Sendable (FilePath) -> PathResolution {
        let devices = place.condition.passedDevices.union([thread.device])
        let own = device(of: place)
        let (mounts, silent) = state.withLock { ($0.mounts, $0.silentDevices) }
        // A thread that follows a link for another device goes all the way, but into what is known to hang.
        if thread.device != own { return { mounts.resolve($0) { !silent.contains($0.device) } } }
        return { mounts.resolve($0) { devices.contains($0.device) } }
    }

    func walker(for place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread) -> TreeWalker {
        let options = options
        let mounts = state.withLock { $0.mounts }
        var rules = TreeWalkRules(names: options.rules.watchedNames, resolve: resolver(for: place, thread))
        rules.followsLinks = options.followsSymbolicLinks
        rules.usesEvents = !place.condition.isPolled
        rules.isPlace = { [weak self] path in self?.state.withLock { $0.registry.place(at: path) } != nil }
        rules.isMountPoint = { mounts.mount(at: $0) != nil }
        rules.isOtherPlace = { [weak self] identity in self?.isTopOfOther(identity, than: place) ?? false }
        return TreeWalker(watcher: watcher, rules: rules)
    }

    /// True when another place has this directory as its top, however it is reached.
    private func isTopOfOther(_ identity: DirectoryIdentity, than place: Place) -> Bool {
        state.withLock { $0.registry.place(with: identity) }.map { $0 !== place } ?? false
    }
}
