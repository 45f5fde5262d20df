internal import Catalog
internal import LinuxSystem
internal import Synchronization

/// What a scan is to do.
struct ScanRequest: Sendable, Hashable {
    enum Kind: String, Sendable {
        case scan, rehash
    }

    /// Where scans of the daemon's own come from; each shows in the log.
    enum Reason: String, Sendable {
        case start, request, reload, interval, poll, returned, retry, mounts, resumed
        case eventsLost = "events lost"
        case clockSet = "clock set"
    }

    let path: FilePath
    var kind: Kind = .scan
    let reason: Reason
    /// Believe a place that is another one and holds no model file.
    var acceptsEmpty = false

    /// Made by kikod for itself at every turn, and told only if there is something to tell.
    var isOwnLook: Bool { [.poll, .returned, .mounts].contains(reason) }
}

/// A scan under way. It walks one place after the other, on several threads, and has one row in `scan_history`.
///
/// It is over when its last part is: a part is a place, or a directory with links that lead elsewhere.
final class ScanRun: Sendable {
    private struct State: Sendable {
        var row: Int64?
        var isRehashQueued = false
        var openParts: Set<Part> = []
        var begunParts: Set<Part> = []
        var outcome = Outcome()
    }

    /// What one job on one thread does.
    struct Part: Hashable, Sendable {
        let path: FilePath
        /// The device on which links of the directory are followed; nil for the walk of a place.
        var linksOn: UInt64?
    }

    /// What came of all parts.
    struct Outcome: Sendable {
        var counts = ScanCounts()
        var troubles: [String] = []
    }

    /// More sentences than this in one scan help nobody.
    static let troubleLimit = 100

    let request: ScanRequest
    private let state: Mutex<State>
    private let rowMaking = Mutex(())

    /// - Parameter row: the row of `scan_history`, if it is there already; else it is made when there is need.
    init(_ request: ScanRequest, row: Int64? = nil) {
        self.request = request
        state = Mutex(State(row: row))
    }

    /// The row of `scan_history`, once there is one.
    var row: Int64? { state.withLock { $0.row } }

    /// The row of `scan_history`; makes it. Blocks.
    func row(in catalog: ModelCatalog) throws -> Int64 {
        // Two threads must not make two rows; who only asks for it must not wait.
        try rowMaking.withLock { _ in
            if let row { return row }
            let request = request
            let now = Timestamp.text(nanoseconds: WallClock.now)
            let made = try catalog.write {
                try $0.beginScan(kind: request.kind.rawValue, root: request.path, at: now)
            }
            state.withLock { $0.row = made }
            return made
        }
    }

    /// True for the first who asks: files are put into the queue of a rehash once.
    func takeRehash() -> Bool {
        state.withLock { state in
            guard request.kind == .rehash, !state.isRehashQueued else { return false }
            state.isRehashQueued = true
            return true
        }
    }

    /// Adds a part; false when it was one already.
    func begin(_ part: Part) -> Bool {
        state.withLock { state in
            guard state.begunParts.insert(part).inserted else { return false }
            state.openParts.insert(part)
            return true
        }
    }

    /// True while a part is not over and was not given up.
    func isOpen(_ part: Part) -> Bool { state.withLock { $0.openParts.contains(part) } }

    /// A part is over, or given up.
    ///
    /// - Returns: what came of all, if this was the last one.
    func end(_ part: Part, counts: ScanCounts = ScanCounts(), troubles: [String] = []) -> Outcome? {
        state.withLock { state in
            guard state.openParts.remove(part) != nil else { return nil }
            state.outcome.counts.add(counts)
            state.outcome.troubles += troubles.prefix(Self.troubleLimit - state.outcome.troubles.count)
            return state.openParts.isEmpty ? state.outcome : nil
        }
    }

    /// True when another scan, which waits, does what this one would.
    func isCovered(by other: ScanRun) -> Bool { row == nil && request == other.request }
}

extension ScanCounts {
    mutating func add(_ other: ScanCounts) {
        seen += other.seen
        added += other.added
        changed += other.changed
        moved += other.moved
        missing += other.missing
    }
}
