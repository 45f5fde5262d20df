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
        let (old, before) = state.withLock { ($0.settings, $0.roots) }
        try setRoots(settings)
        running?.watcher.update(
            names: settings.options.rules.watchedNames, timing: ChangeSettling.Timing(settle: settings.settle))
        running?.hashing.setCapacity(settings.queueCapacity)
        try running?.hashing.setWorkers(settings.workers ?? Self.automaticWorkers)
        if settings.maximumFileSize != old.maximumFileSize {
            try catalog.write { try $0.queueUnread(at: Timestamp.text(nanoseconds: WallClock.now)) }
        }
        let after = roots
        for root in before where !after.contains(where: { $0 === root }) { retire(root) }
        if settings.coverage != old.coverage {
            for root in after { scan(root, ScanRequest(path: root.path, reason: .reload)) }
        }
        schedule(settings)
        for root in after { scheduleNextLook(at: root) }
        running?.hashing.wake()
        noteProgress()
    }

    /// Ends the watching of a root that the configuration names no more.
    private func retire(_ root: WatchedRoot) {
        guard !roots.contains(where: { $0.path == root.path }) else { return }
        running?.watcher.forget(root.path)
        logger.info("no longer watched", .init("root", root.path))
    }
}
