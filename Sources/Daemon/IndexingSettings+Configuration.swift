internal import Configuration
internal import Indexing

extension IndexingSettings {
    /// What the configuration says to the pipeline.
    init(_ settings: Settings, isSinglePass: Bool) {
        self.init(
            roots: settings.roots.map { root in
                Root(
                    path: root.path, type: root.type?.rawValue, watchMode: .init(root.watch), isPrivate: !root.civitai)
            })
        ignoredNames = settings.watch.ignore
        settle = settings.watch.settle.nanoseconds
        pollInterval = settings.watch.pollInterval.nanoseconds
        rescanInterval = settings.watch.rescanInterval.nanoseconds
        keepMissing = settings.watch.keepMissing.nanoseconds
        followsSymbolicLinks = settings.watch.followSymlinks
        workers = settings.hashing.workers
        queueCapacity = settings.hashing.queueCapacity
        maximumFileSize = settings.hashing.maximumFileSize
        autoV3MaximumSize = settings.hashing.autoV3MaximumSize
        maximumRate = settings.hashing.maximumRate
        blake3 = settings.hashing.blake3
        self.isSinglePass = isSinglePass
    }
}

extension WatchedRoot.WatchMode {
    fileprivate init(_ mode: WatchMode) {
        switch mode {
        case .auto: self = .auto
        case .inotify: self = .inotify
        case .poll: self = .poll
        }
    }
}

extension Duration {
    /// Whole nanoseconds, as many as 64 bits hold.
    fileprivate var nanoseconds: Int64 {
        let (product, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product.addingReportingOverflow(components.attoseconds / 1_000_000_000).partialValue
    }
}
