internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem

/// Work for a walking thread.
enum WalkJob: Sendable {
    /// Find out whether a root is there, which is quick; what needs a look at its files is left to a scan.
    case open(WatchedRoot)
    /// Reconcile a root, or a directory or file below it, from end to end.
    case scan(WatchedRoot, ScanRequest)
    /// List one directory again, with everything below it when `recursive`.
    case directory(WatchedRoot, FilePath, recursive: Bool)
    /// Look at one file again.
    case file(WatchedRoot, FilePath, FileHint)
    /// Runs when everything before it is done.
    case barrier(@Sendable () -> Void)

    /// Changes that somebody waits for right now; they go before walks and in between their directories.
    var isUrgent: Bool {
        switch self {
        case .open, .directory, .file: true
        case .scan, .barrier: false
        }
    }

    var path: FilePath? {
        switch self {
        case .scan(_, let request): request.path
        case .open(let root): root.path
        case .directory(_, let path, _), .file(_, let path, _): path
        case .barrier: nil
        }
    }

    var root: WatchedRoot? {
        switch self {
        case .open(let root), .scan(let root, _), .directory(let root, _, _), .file(let root, _, _): root
        case .barrier: nil
        }
    }
}

/// What a scan is to do, and where it is written down.
struct ScanRequest: Sendable, Hashable {
    enum Kind: String, Sendable {
        case scan, rehash
    }

    /// Where scans of the daemon's own come from; each shows in the log.
    enum Reason: String, Sendable {
        case start, request, reload, eventsLost = "events lost", interval, poll, returned, retry
    }

    let path: FilePath
    let kind: Kind
    let reason: Reason
    /// The row of `scan_history`; nil for one that is written down only if it has something to tell.
    var row: Int64?
    /// Believe a place that is another one and holds no model file.
    let acceptsEmpty: Bool

    init(path: FilePath, kind: Kind = .scan, reason: Reason, row: Int64? = nil, acceptsEmpty: Bool = false) {
        self.path = path
        self.kind = kind
        self.reason = reason
        self.row = row
        self.acceptsEmpty = acceptsEmpty
    }
}
