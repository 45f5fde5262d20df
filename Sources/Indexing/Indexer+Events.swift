internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

extension Indexer {
    static let retryTag = "retry"
    static let rescanTag = "rescan"
    static let silenceTag = "silence"
    static let forgetTag = "forget"
    private static let pollPrefix = "poll:"

    /// Turns what the watcher tells into jobs. Runs on the event-reading thread, so it makes no path call.
    func consume(_ changes: [DirectoryChange]) {
        // Several names that went from one directory are one listing of it.
        var listed: Set<FilePath> = []
        for change in changes {
            switch change {
            case .file(let path, _) where !options.rules.isModelFile(path.name):
                guard let place = placeOfFile(path) else { continue }
                // It says what the directories below it are.
                let isIndex = path.name == FolderTypes.pipelineIndex
                if isIndex { add(.directory(place, path.parent, recursive: true), isFollowUp: false) }
                // Also while it is written: what it says then is replaced when it is whole, and nobody has to wait.
                add(.companion(place, path), isFollowUp: false)
            case .file(let path, .gone):
                guard listed.insert(path.parent).inserted, let place = placeOfFile(path) else { continue }
                add(.directory(place, path.parent, recursive: false), isFollowUp: false)
            case .file(let path, let hint):
                guard let place = placeOfFile(path) else { continue }
                add(.file(place, path, hint), isFollowUp: false)
            case .directory(let path, let recursive):
                guard let place = placeCovering(path) else { continue }
                if path == place.path, recursive || !place.condition.isOnline {
                    // The place itself went, came or was replaced.
                    scan(place, .returned)
                } else {
                    // It may not be read any more, or by everybody.
                    if path == place.path { add(.open(place), isFollowUp: false) }
                    add(.directory(place, path, recursive: recursive), isFollowUp: false)
                }
            case .eventsLost:
                logger.notice("file events were lost; all roots are scanned", event: .fileEventsLost)
                scanAll(.eventsLost)
            case .due(let tag): appointment(tag)
            }
        }
    }

    /// Has every root reconciled, with all that begins in it.
    func scanAll(_ reason: ScanRequest.Reason) {
        for root in roots { scan(root.path, ScanRequest(path: root.path, reason: reason)) }
    }

    /// The place of a file, unless its name or a directory that it lies in is ignored since a reload.
    private func placeOfFile(_ path: FilePath) -> Place? {
        place(holding: path.parent).flatMap { options.rules.excludes(path, below: $0.root.path) ? nil : $0 }
    }

    /// The place of a path, unless it lies in a directory that is ignored since a reload and still watched.
    private func placeCovering(_ path: FilePath) -> Place? {
        place(holding: path).flatMap { options.rules.excludes(path, below: $0.root.path) ? nil : $0 }
    }

    private func appointment(_ tag: String) {
        switch tag {
        case Self.retryTag: retryAfterDatabaseTrouble()
        case Self.rescanTag:
            scanAll(.interval)
            schedule(state.withLock { $0.settings })
        case Self.silenceTag: checkForSilence()
        case Self.forgetTag: forgetMissingFiles()
        default:
            guard tag.hasPrefix(Self.pollPrefix), let number = Int(tag.dropFirst(Self.pollPrefix.count)),
                let place = state.withLock({ $0.registry.place(number: number) })
            else { return }
            poll(place)
            scheduleNextLook(at: place)
        }
    }

    /// Looks at what no event tells of: a whole place, or those of its directories that no watch was left for.
    func poll(_ place: Place) {
        let condition = place.condition
        guard condition.isOnline, !condition.isPolled, let watcher = running?.watcher else {
            return scan(place, .poll)
        }
        let unwatched = watcher.unwatchedDirectories(below: place.path)
        for path in unwatched where self.place(holding: path) === place {
            add(.directory(place, path, recursive: false))
        }
    }

    /// Makes the appointment for the next complete rescan.
    func schedule(_ settings: IndexingSettings) {
        let interval = settings.isSinglePass || settings.rescanInterval <= 0 ? nil : settings.rescanInterval
        running?.watcher.schedule(Self.rescanTag, afterNanoseconds: interval)
    }

    /// Makes the appointment for the next look at a place: soon when it is polled or offline, else none.
    func scheduleNextLook(at place: Place) {
        let settings = state.withLock { $0.settings }
        let condition = place.condition
        let isOffline = !condition.isOnline && !condition.isElsewhere
        let needsLook = condition.isPolled || condition.unwatchedDirectories > 0 || isOffline
        // A place that is offline is looked for at least every minute, should no event tell that it comes back.
        let interval = isOffline ? min(settings.pollInterval, 60_000_000_000) : settings.pollInterval
        running?.watcher.schedule(
            Self.pollPrefix + "\(place.number)", afterNanoseconds: needsLook && !settings.isSinglePass ? interval : nil)
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
            logger.notice("the catalogue can be written again", event: .catalogueRecovered)
            running?.hashing.retry()
            scanAll(.retry)
        } catch {
            note(databaseError: error)
        }
    }
}
