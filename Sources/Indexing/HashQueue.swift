internal import Catalog
internal import LinuxSystem

/// Which files are to be read next, in memory: a bounded part of what the catalogue has, and what is being read.
///
/// A value without I/O. The catalogue is the queue; this is the window that is open on it. First come files that
/// somebody asked for, then the roots in turns, in each the smallest file first.
struct HashQueue: Sendable {
    /// What a look into the catalogue has found.
    struct Window: Sendable {
        /// In the order in which they were asked for.
        var asked: [HashJob] = []
        /// By root, the smallest first.
        var roots: [[HashJob]] = []
        /// As many as were looked for in a root: there may be more.
        var isCut = false

        var isEmpty: Bool { asked.isEmpty && roots.allSatisfy(\.isEmpty) }
    }

    /// Files at most.
    var capacity: Int
    private var window = Window()
    /// The root whose turn it is.
    private var turn = 0
    /// By file.
    private(set) var reading: [Int64: HashJob] = [:]
    /// Numbers of files that somebody asked for and that are not read yet.
    private(set) var preferred: [Int64] = []
    /// The catalogue may have jobs that are not here.
    private(set) var mayBeIncomplete = true
    /// The catalogue may have jobs that come before those that are here.
    private var mayBeOutdated = false
    /// Somebody is looking into the catalogue.
    private var isRefilling = false
    /// What that look may still take for unread.
    private var finishedMeanwhile: Set<Int64> = []
    private var lastRefill = MonotonicTime(nanoseconds: 0)

    /// More wishes than these are not remembered.
    private static let preferenceLimit = 100
    /// While there is something to read, new work is looked for at most so often.
    private static let refillInterval: Int64 = 1_000_000_000

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Files that wait here.
    var depth: Int { window.asked.count + window.roots.reduce(0) { $0 + $1.count } }

    var isIdle: Bool { depth == 0 && reading.isEmpty && !mayBeIncomplete && !isRefilling }

    /// Something in the catalogue changed: look there again when the window is empty.
    mutating func catalogueChanged() { mayBeIncomplete = true }

    /// The catalogue may have work that comes before what is here.
    mutating func newWork() {
        mayBeIncomplete = true
        mayBeOutdated = true
    }

    /// Somebody asks for a file; true when that is new.
    mutating func prefer(_ file: Int64) -> Bool {
        guard reading[file] == nil, !preferred.contains(file) else { return false }
        preferred.append(file)
        if preferred.count > Self.preferenceLimit { preferred.removeFirst() }
        mayBeIncomplete = true
        mayBeOutdated = true
        return true
    }

    /// When to look into the catalogue; nil when there is no reason to.
    var nextRefill: MonotonicTime? {
        guard !isRefilling, mayBeIncomplete else { return nil }
        if depth == 0 || (window.isCut && window.roots.contains(where: \.isEmpty)) {
            return MonotonicTime(nanoseconds: 0)
        }
        return mayBeOutdated ? lastRefill.advanced(nanoseconds: Self.refillInterval) : nil
    }

    /// Somebody looks into the catalogue now; a change from here on may not be seen by that look.
    mutating func beginRefill(at now: MonotonicTime = .now) {
        isRefilling = true
        mayBeIncomplete = false
        mayBeOutdated = false
        lastRefill = now
    }

    /// Takes in what the look found, in place of what was here.
    mutating func endRefill(_ found: Window) {
        isRefilling = false
        // Some of it may have been begun meanwhile; a link to it is answered by that reading.
        let links = Set(reading.values.map(Link.init))
        func isNew(_ job: HashJob) -> Bool {
            reading[job.fileID] == nil && !finishedMeanwhile.contains(job.fileID)
                && (job.contentID == nil || !links.contains(Link(job)))
        }
        window = found
        window.asked = found.asked.filter(isNew)
        let asked = Set(window.asked.map(\.fileID))
        window.roots = found.roots.map { $0.filter { isNew($0) && !asked.contains($0.fileID) } }
        preferred.removeAll { !asked.contains($0) }
        finishedMeanwhile = []
        if found.isCut { mayBeIncomplete = true }
    }

    /// Two names of a file have this in common.
    private struct Link: Hashable {
        let content: Int64?
        let inode: UInt64

        init(_ job: HashJob) {
            content = job.contentID
            inode = job.inode
        }
    }

    /// The next file that may be read, which counts as being read until `finish`.
    mutating func next(where isAllowed: (HashJob) -> Bool = { _ in true }) -> HashJob? {
        guard let job = takeAsked(isAllowed) ?? takeInTurn(isAllowed) else { return nil }
        reading[job.fileID] = job
        preferred.removeAll { $0 == job.fileID }
        return job
    }

    private mutating func takeAsked(_ isAllowed: (HashJob) -> Bool) -> HashJob? {
        window.asked.firstIndex(where: isAllowed).map { window.asked.remove(at: $0) }
    }

    private mutating func takeInTurn(_ isAllowed: (HashJob) -> Bool) -> HashJob? {
        for step in window.roots.indices {
            let root = (turn + step) % window.roots.count
            if let index = window.roots[root].firstIndex(where: isAllowed) {
                turn = root + 1
                return window.roots[root].remove(at: index)
            }
        }
        return nil
    }

    /// Reading is over, however it ended.
    mutating func finish(_ job: HashJob) {
        reading[job.fileID] = nil
        if isRefilling { finishedMeanwhile.insert(job.fileID) }
    }
}
