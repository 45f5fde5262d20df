internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

extension Indexer {
    /// Has a root, or a path below it, reconciled.
    func scan(_ root: WatchedRoot, _ request: ScanRequest) { add(.scan(root, request), for: root) }

    /// Does one job; runs on the walking thread of the root's file system.
    func perform(_ job: WalkJob, on thread: WalkingThread) {
        guard let watcher = running?.watcher else { return }
        if let root = job.root, let path = job.path, self.root(holding: path) !== root { return redirect(job) }
        switch job {
        case .open(let root): open(root, watcher)
        case .scan(let root, let request): perform(request, of: root, watcher: watcher, on: thread)
        case .directory(let root, let path, let recursive):
            var reconciliation = self.reconciliation(of: root, watcher, thread, scan: nil, letsUrgentIn: false)
            walker(for: root, watcher).walk(path, recursive: recursive, isRoot: false, visitor: &reconciliation)
            conclude(&reconciliation) { try $0.finish(below: path, recursive: recursive) }
        case .file(let root, let path, let hint):
            var reconciliation = self.reconciliation(of: root, watcher, thread, scan: nil, letsUrgentIn: false)
            conclude(&reconciliation) { try $0.reconcileFile(at: path, hint: hint) }
        case .barrier(let reached): reached()
        }
    }

    /// A reload gave the path of a job to another root, or to none. All that the roots hold now is scanned because of
    /// it; only a scan that is written down somewhere has to come to its end.
    private func redirect(_ job: WalkJob) {
        guard case .scan(_, let request) = job, request.row != nil else { return }
        if let root = root(holding: request.path) { return scan(root, request) }
        close(request.row, sentence: "the configuration names no root that holds it any more")
        noteProgress()
    }

    private func conclude(_ reconciliation: inout Reconciliation, _ body: (inout Reconciliation) throws -> Void) {
        do {
            try body(&reconciliation)
            if let error = reconciliation.databaseError { throw error }
        } catch {
            note(databaseError: error)
        }
        running?.hashing.wake()
        noteProgress()
    }

    // MARK: - A recorded scan

    private func perform(
        _ request: ScanRequest, of root: WatchedRoot, watcher: DirectoryWatcher, on thread: WalkingThread
    ) {
        closeFailedScans()
        guard let place = openRoot(root, request, watcher) else {
            close(request.row, sentence: root.condition.offlineReason ?? "the root is offline")
            markAbsentFiles(of: root)
            return afterScan(of: root)
        }
        var openRow = request.row
        do {
            let began = Timestamp.text(nanoseconds: WallClock.now)
            let row =
                try openRow
                ?? catalog.write { writer in
                    try writer.beginScan(kind: request.kind.rawValue, root: request.path, at: began)
                }
            openRow = row
            if request.kind == .rehash {
                let path = request.path
                _ = try catalog.write { writer in try writer.queueRehash(below: path, scan: row, at: began) }
            }
            let generation = rootsGeneration
            var reconciliation = self.reconciliation(of: root, watcher, thread, scan: row, letsUrgentIn: true)
            try walk(request, of: root, watcher, &reconciliation)
            // What was cut short is not told as if it were whole; the next start closes its row.
            guard !thread.isStopping else { return }
            if rootsGeneration != generation {
                // What is to be read again is known already; the walk is what has to be done once more.
                let again = ScanRequest(
                    path: request.path, reason: request.reason, row: row, acceptsEmpty: request.acceptsEmpty)
                return redirect(.scan(root, again))
            }
            try end(request, row: row, of: root, place: place, &reconciliation)
        } catch {
            note(databaseError: error)
            close(openRow, sentence: "the catalogue could not be written: \(error)")
        }
        afterScan(of: root)
    }

    private func walk(
        _ request: ScanRequest, of root: WatchedRoot, _ watcher: DirectoryWatcher,
        _ reconciliation: inout Reconciliation
    ) throws {
        let isRoot = request.path == root.path
        if !isRoot, (try? FileStatus.of(request.path).kind) == .regular {
            try reconciliation.reconcileFile(at: request.path, hint: .appeared)
        } else {
            walker(for: root, watcher).walk(request.path, recursive: true, isRoot: isRoot, visitor: &reconciliation)
        }
        if let error = reconciliation.databaseError { throw error }
        // What was listed belongs to the place that was opened; if that went meanwhile, nothing is missing.
        guard let descriptor = try? FileDescriptor.open(root.path, O_RDONLY | O_DIRECTORY),
            DirectoryIdentity(try descriptor.status()) == root.condition.place
        else { return }
        try reconciliation.finish(below: request.path, recursive: true)
    }

    private func end(
        _ request: ScanRequest, row: Int64, of root: WatchedRoot, place: FileSystemType,
        _ reconciliation: inout Reconciliation
    ) throws {
        let (counts, troubles) = (reconciliation.counts, reconciliation.troubles)
        let isQuiet = request.reason == .poll && counts.changes == 0 && troubles.isEmpty
        try catalog.write { writer in
            let now = WallClock.now
            if isQuiet { return try writer.discardScan(row) }
            try writer.endWalk(of: row, counts, errors: troubles, at: Timestamp.text(nanoseconds: now))
            try writer.noteScan(ofRoot: root.id, at: Timestamp.text(nanoseconds: now))
            try writer.completeScans(now: now)
        }
        let unwatched = running?.watcher.counts(below: root.path).unwatched ?? 0
        let before = root.condition.message
        root.update { condition in
            condition.unwatchedDirectories = condition.isPolled ? 0 : unwatched
            // A look at a part says nothing of the rest.
            if request.path == root.path || !troubles.isEmpty {
                condition.message = Self.message(troubles: troubles, unwatched: condition.unwatchedDirectories)
            }
            if request.path == root.path { condition.isReconciled = true }
        }
        // What stays closed would say so at every look; it is told when it is new.
        if let message = root.condition.message, message != before {
            logger.warning("not everything can be seen: \(message)", .init("root", root.path))
        }
        guard !isQuiet else { return }
        logger.log(
            .info,
            "scanned \(request.path) (\(request.reason.rawValue)): \(counts.seen) files, \(counts.added) new,"
                + " \(counts.changed) changed, \(counts.moved) moved, \(counts.missing) missing",
            id: "5d9f4bb3a8a04c0f8f0b6c3a3d5e7c11",
            [.init("scan", row), .init("root", root.path), .init("files", counts.seen)])
    }

    private static func message(troubles: [String], unwatched: Int) -> String? {
        var sentences: [String] = []
        if let first = troubles.first {
            sentences.append(troubles.count == 1 ? first : "\(first), and \(troubles.count - 1) more")
        }
        if unwatched > 0 {
            sentences.append(
                "\(unwatched) directories are polled, because no inotify watches are left:"
                    + " raise fs.inotify.max_user_watches")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
    }

    private func afterScan(of root: WatchedRoot) {
        scheduleNextLook(at: root)
        running?.hashing.wake()
        noteProgress()
    }

    /// Ends a scan that came to nothing; if that cannot be written, the next scan does it.
    private func close(_ row: Int64?, sentence: String) {
        guard let row else { return }
        state.withLock { $0.failedScans[row] = sentence }
        closeFailedScans()
    }

    private func closeFailedScans() {
        let failed = state.withLock { $0.failedScans }
        guard !failed.isEmpty else { return }
        do {
            try catalog.write { writer in
                let now = WallClock.now
                let time = Timestamp.text(nanoseconds: now)
                for (row, sentence) in failed {
                    try writer.endWalk(of: row, ScanCounts(), errors: [sentence], at: time)
                }
                try writer.completeScans(now: now)
            }
            state.withLock { state in for row in failed.keys { state.failedScans[row] = nil } }
        } catch {
            note(databaseError: error)
        }
    }

    // MARK: - The place

    /// Tells early whether a root is there, before the long walks of others on its file system.
    private func open(_ root: WatchedRoot, _ watcher: DirectoryWatcher) {
        _ = openRoot(root, ScanRequest(path: root.path, reason: .start), watcher, searches: false)
        noteProgress()
    }

    /// Opens a root and finds out whether it is the place that it was; nil makes it offline, with the reason.
    ///
    /// - Parameter searches: false leaves the root as it is if only a search for model files can decide.
    private func openRoot(
        _ root: WatchedRoot, _ request: ScanRequest, _ watcher: DirectoryWatcher, searches: Bool = true
    ) -> FileSystemType? {
        do throws(SystemError) {
            let descriptor = try FileDescriptor.open(root.path, O_RDONLY | O_DIRECTORY)
            let status = try descriptor.status()
            let fileSystem = descriptor.fileSystemType()
            let id = fileSystemID(ofDescriptor: descriptor.number)
            if !isSamePlace(root, status, fileSystem, id), !request.acceptsEmpty {
                guard searches else {
                    root.update { $0.isDoubted = true }
                    return nil
                }
                guard holdsModelFile(root, watcher) else {
                    setOffline(
                        root,
                        "another place without a model file is there (an empty mount point?); if this is right, run:"
                            + " kikod-ctl scan --accept-empty \(root.path)")
                    return nil
                }
            }
            remember(root, id, status)
            setOnline(root, status, fileSystem, realPath(ofDescriptor: descriptor.number))
            return fileSystem
        } catch {
            let isAbsent = error.errno == .noEntry || error.errno == .notDirectory
            setOffline(root, isAbsent ? "it does not exist" : "\(error)", isAbsent: isAbsent)
            return nil
        }
    }

    private func isSamePlace(
        _ root: WatchedRoot, _ status: FileStatus, _ fileSystem: FileSystemType, _ id: String?
    ) -> Bool {
        let stored = (try? catalog.read { try $0.root(id: root.id) }).flatMap(\.self)
        guard let stored, let inode = stored.inode else { return true }
        return !PlaceIdentity.isOther(
            fileSystemID: id, inode: status.inode, than: (stored.fileSystemID, inode), on: fileSystem)
    }

    private func remember(_ root: WatchedRoot, _ id: String?, _ status: FileStatus) {
        let inode = status.inode
        do {
            let stored = try catalog.read { try $0.root(id: root.id) }
            if stored?.fileSystemID == id, stored?.inode == inode { return }
            try catalog.write { writer in
                try writer.noteIdentity(ofRoot: root.id, fileSystemID: id, inode: inode)
            }
        } catch {
            note(databaseError: error)
        }
    }

    private func holdsModelFile(_ root: WatchedRoot, _ watcher: DirectoryWatcher) -> Bool {
        var search = ModelFileSearch()
        walker(for: root, watcher).walk(root.path, recursive: true, isRoot: true, visitor: &search)
        return search.hasFound
    }

    private func setOnline(
        _ root: WatchedRoot, _ status: FileStatus, _ fileSystem: FileSystemType, _ realPath: FilePath?
    ) {
        let wasOffline = root.condition.hasBegun && !root.condition.isOnline
        root.update { condition in
            condition.isOnline = true
            condition.hasBegun = true
            condition.offlineReason = nil
            condition.place = DirectoryIdentity(status)
            condition.realPath = realPath
            condition.isPolled =
                root.watchMode == .poll || (root.watchMode == .auto && fileSystem.needsPolling)
        }
        if wasOffline { logger.notice("root online", .init("root", root.path)) }
        noteProgress()
    }

    func setOffline(_ root: WatchedRoot, _ reason: String, isAbsent: Bool = true) {
        let isNew = root.condition.offlineReason != reason
        root.update { $0.goOffline(reason, isAbsent: isAbsent) }
        running?.watcher.forget(root.path)
        if isNew {
            logger.warning("root offline: \(reason)", .init("root", root.path))
        }
        noteProgress()
    }

    /// Makes a root offline that gave no sign in time, unless it just did.
    func setUnanswered(_ root: WatchedRoot) {
        let reason = root.update { condition -> String? in
            guard !condition.hasBegun else { return nil }
            let reason =
                condition.isDoubted ? "another place is there; it is searched for model files" : "it does not answer"
            condition.goOffline(reason, isAbsent: false)
            return reason
        }
        guard let reason else { return }
        // Nothing below it is watched yet, and what its thread may watch from now on is to stay.
        logger.warning("root offline: \(reason)", .init("root", root.path))
        noteProgress()
    }

    /// The files of an absent place are missing. Those of a place that merely cannot be read stay as they were.
    private func markAbsentFiles(of root: WatchedRoot) {
        guard root.condition.isAbsent else { return }
        do {
            let ids = try catalog.read { reader -> [Int64] in
                var ids: [Int64] = []
                try reader.presentFiles(ofRoot: root.id, below: []) { id, _ in ids.append(id) }
                return ids
            }
            guard !ids.isEmpty else { return }
            let now = Timestamp.text(nanoseconds: WallClock.now)
            try catalog.write { writer in
                try writer.markMissing(ids, at: now)
                try writer.completeScans(now: WallClock.now)
            }
        } catch {
            note(databaseError: error)
        }
    }

    // MARK: - Helpers

    private func reconciliation(
        of root: WatchedRoot, _ watcher: DirectoryWatcher, _ thread: WalkingThread, scan: Int64?, letsUrgentIn: Bool
    ) -> Reconciliation {
        let generation = rootsGeneration
        return Reconciliation(
            root: root, catalog: catalog, events: events, watcher: watcher, options: options, thread: thread,
            logger: logger,
            scan: scan, letsUrgentIn: letsUrgentIn,
            isOutdated: { [weak self] in self?.rootsGeneration != generation })
    }

    private func walker(for root: WatchedRoot, _ watcher: DirectoryWatcher) -> TreeWalker {
        let options = options
        let others = Set(roots.filter { $0 !== root }.map(\.path))
        let all = roots.map(\.path)
        return TreeWalker(
            watcher: watcher, names: options.rules.watchedNames, followsLinks: options.followsSymbolicLinks,
            usesEvents: !root.condition.isPolled, isOtherRoot: { others.contains($0) },
            isInsideRoots: { path in all.contains { path.isWithin($0) } })
    }
}

/// Ends at the first model file.
private struct ModelFileSearch: TreeWalkVisitor {
    private(set) var hasFound = false
    var isCancelled: Bool { hasFound }

    mutating func listed(
        _ path: FilePath, descriptor: Int32, fileSystem: FileSystemType, files: [FoundFile],
        unreadable: [(name: [UInt8], error: SystemError)]
    ) {
        hasFound = hasFound || !files.isEmpty
    }

    mutating func failed(_ path: FilePath, _ error: SystemError) {}
    mutating func skipped(_ path: FilePath) {}
}
