internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

extension Indexer {
    static let retryTag = "retry"
    static let rescanTag = "rescan"
    private static let pollPrefix = "poll:"

    /// Turns what the watcher tells into jobs. Runs on the event-reading thread, so it only puts jobs into queues.
    func consume(_ changes: [DirectoryChange]) {
        // Several names that went from one directory are one listing of it.
        var listed: Set<FilePath> = []
        for change in changes {
            switch change {
            case .file(let path, .gone):
                guard listed.insert(path.parent).inserted, let root = rootCovering(path) else { continue }
                add(.directory(root, path.parent, recursive: false), for: root)
            case .file(let path, let hint):
                guard let root = rootCovering(path) else { continue }
                add(.file(root, path, hint), for: root)
            case .directory(let path, let recursive):
                guard let root = rootCovering(path) else { continue }
                if path == root.path {
                    // The root itself went, came or was replaced.
                    scan(root, ScanRequest(path: path, reason: .returned))
                } else {
                    add(.directory(root, path, recursive: recursive), for: root)
                }
            case .eventsLost:
                logger.notice("file events were lost; all roots are scanned")
                for root in roots { scan(root, ScanRequest(path: root.path, reason: .eventsLost)) }
            case .due(let tag): appointment(tag)
            }
        }
    }

    /// The root of a path, unless it lies in a directory that is ignored since a reload and still watched.
    private func rootCovering(_ path: FilePath) -> WatchedRoot? {
        root(holding: path).flatMap { options.rules.excludes(path, below: $0.path) ? nil : $0 }
    }

    private func appointment(_ tag: String) {
        switch tag {
        case Self.retryTag: retryAfterDatabaseTrouble()
        case Self.rescanTag:
            for root in roots { scan(root, ScanRequest(path: root.path, reason: .interval)) }
            schedule(state.withLock { $0.settings })
        default:
            guard tag.hasPrefix(Self.pollPrefix), let id = Int64(tag.dropFirst(Self.pollPrefix.count)),
                let root = roots.first(where: { $0.id == id })
            else { return }
            scan(root, ScanRequest(path: root.path, reason: .poll))
        }
    }

    /// Makes the appointment for the next complete rescan.
    func schedule(_ settings: IndexingSettings) {
        let interval = settings.isSinglePass || settings.rescanInterval <= 0 ? nil : settings.rescanInterval
        running?.watcher.schedule(Self.rescanTag, afterNanoseconds: interval)
    }

    /// Makes the appointment for the next look at a root: soon when it is polled or offline, else none.
    func scheduleNextLook(at root: WatchedRoot) {
        let settings = state.withLock { $0.settings }
        let condition = root.condition
        let needsLook = condition.isPolled || condition.unwatchedDirectories > 0 || !condition.isOnline
        // A root that is offline is looked for at least every minute: nothing tells when it comes back.
        let interval = condition.isOnline ? settings.pollInterval : min(settings.pollInterval, 60_000_000_000)
        running?.watcher.schedule(
            Self.pollPrefix + "\(root.id)", afterNanoseconds: needsLook && !settings.isSinglePass ? interval : nil)
    }

    /// Goes on after trouble with the database, if there was any and it can be written again.
    func retryAfterDatabaseTrouble() {
        guard state.withLock({ $0.databaseTrouble }) != nil else { return }
        do {
            try catalog.write { writer in
                let now = Timestamp.text(nanoseconds: WallClock.now)
                try writer.setMetadata("database_recovered_at", now, at: now)
            }
            state.withLock { $0.databaseTrouble = nil }
            logger.notice("the catalogue can be written again")
            running?.hashing.retry()
            for root in roots { scan(root, ScanRequest(path: root.path, reason: .retry)) }
        } catch {
            note(databaseError: error)
        }
    }
}
