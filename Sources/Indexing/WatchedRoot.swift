package import Catalog
package import LinuxSystem

/// A root as the configuration names it.
package final class WatchedRoot: Sendable {
    /// How changes below the root are noticed.
    package enum WatchMode: String, Sendable {
        case auto, inotify, poll
    }

    package let record: RootRecord
    package let watchMode: WatchMode

    package init(record: RootRecord, watchMode: WatchMode) {
        self.record = record
        self.watchMode = watchMode
    }

    package var id: Int64 { record.id }
    package var path: FilePath { record.path }
}
