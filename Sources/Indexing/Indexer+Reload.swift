internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

extension Indexer {
    /// Takes over another configuration without a restart: roots come and go, rules change, hashes go on.
    ///
    /// - Throws: when the catalogue cannot be written; then nothing has changed.
    package func reload(_ settings: IndexingSettings) throws {
        let (old, before) = state.withLock { ($0.settings, $0.registry.all) }
        try setRoots(settings)
        // What a file that is not covered any more said of others is judged without it.
        try catalog.write(telling: events) { _, _ in }
        running?.watcher.update(
            names: settings.options.rules.watchedNames, timing: ChangeSettling.Timing(settle: settings.settle))
        running?.hashing.setCapacity(settings.queueCapacity)
        running?.hashing.setMaximumRate(settings.maximumRate)
        do throws(SystemError) {
            try running?.hashing.setWorkers(settings.workers ?? Self.automaticWorkers)
        } catch {
            logger.error("cannot start a hashing thread: \(error)")
        }
        if settings.maximumFileSize != old.maximumFileSize {
            try catalog.write { try $0.queueUnread(at: Timestamp.text(nanoseconds: WallClock.now)) }
        }
        if settings.blake3 != old.blake3 || settings.autoV3MaximumSize != old.autoV3MaximumSize {
            try queueMissingDigests(settings)
        }
        let after = places
        for place in before where !after.contains(where: { $0 === place }) { retire(place) }
        if settings.coverage != old.coverage { scanAll(.reload) }
        schedule(settings)
        for place in after { scheduleNextLook(at: place) }
        scheduleForgetting()
        running?.hashing.wake()
        noteProgress()
    }

    /// Ends the watching of a place that is none any more.
    private func retire(_ place: Place) {
        guard state.withLock({ $0.registry.place(at: place.path) }) == nil else { return }
        running?.watcher.forget(place.path)
        running?.watcher.unfollow(below: place.path)
        logger.info("no longer watched", .init("root", place.path))
    }
}
