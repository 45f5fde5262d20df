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
        /// Of those in `roots`.
        var purpose = HashJob.Purpose.first
        /// Files that may have changed in secret wait to be read, here or not.
        var hasDoubtful = false
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
    /// The catalogue may have files that were never read.
    private var mayHaveFirst = true
    /// Devices whose files are passed over by the next look, because others of theirs fill the window.
    private(set) var avoidedDevices: Set<UInt64> = []
    /// The files of theirs that the window had.
    private var kept: [HashJob] = []
    private var isAvoiding = false

    /// More wishes than these are not remembered.
    private static let preferenceLimit = 100
    /// While there is something to read, new work is looked for at most so often.
    private static let refillInterval: Int64 = 1_000_000_000

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Files that wait here.
    var depth: Int { window.asked.count + kept.count + window.roots.reduce(0) { $0 + $1.count } }

    var isIdle: Bool { depth == 0 && reading.isEmpty && !mayBeIncomplete && !isRefilling }

    /// Files that wait here.
    var waiting: [HashJob] { window.asked + kept + window.roots.joined() }

    /// Nothing may be read from these devices now. If they have filled the window, others have their turn.
    mutating func avoid(_ devices: Set<UInt64>) {
        guard window.isCut, !isRefilling, depth > 0, !devices.isSubset(of: avoidedDevices) else { return }
        avoidedDevices.formUnion(devices)
        mayBeIncomplete = true
        mayBeOutdated = true
    }

    /// Something in the catalogue changed: look there again when the window is empty.
    mutating func catalogueChanged() {
        mayBeIncomplete = true
        mayHaveFirst = true
    }

    /// The catalogue may have work that comes before what is here.
    mutating func newWork() {
        catalogueChanged()
        mayBeOutdated = true
    }

    /// True when the catalogue has, or may have, files whose bytes are not known yet, or not any more; those that cannot
    /// be read anyway do not count.
    func hasUnknownFiles(where canBeRead: (HashJob) -> Bool) -> Bool {
        func isUnknown(_ job: HashJob) -> Bool { job.purpose == .first || job.purpose == .again }
        if mayHaveFirst || isRefilling || reading.values.contains(where: isUnknown) { return true }
        return window.hasDoubtful && window.purpose != .again || waiting.contains { isUnknown($0) && canBeRead($0) }
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
        let isUsedUp = window.isCut && window.roots.contains(where: \.isEmpty) || isAvoiding && kept.isEmpty
        if depth == 0 || isUsedUp { return MonotonicTime(nanoseconds: 0) }
        return mayBeOutdated ? lastRefill.advanced(nanoseconds: Self.refillInterval) : nil
    }

    /// Somebody looks into the catalogue now; a change from here on may not be seen by that look.
    mutating func beginRefill(at now: MonotonicTime = .now) {
        isRefilling = true
        mayBeIncomplete = false
        mayBeOutdated = false
        mayHaveFirst = false
        if isAvoiding, kept.isEmpty { avoidedDevices = [] }
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
        // Without them their devices would have nothing to do as soon as they can.
        kept = (kept + window.roots.joined()).filter { avoidedDevices.contains($0.device) && isNew($0) }
        isAvoiding = !avoidedDevices.isEmpty
        window = found
        window.asked = found.asked.filter(isNew)
        let asked = Set(window.asked.map(\.fileID))
        window.roots = found.roots.map { $0.filter { isNew($0) && !asked.contains($0.fileID) } }
        preferred.removeAll { !asked.contains($0) }
        finishedMeanwhile = []
        if found.isCut || isAvoiding { mayBeIncomplete = true }
        if found.isCut, found.purpose == .first { mayHaveFirst = true }
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
        guard let job = takeAsked(isAllowed) ?? takeKept(isAllowed) ?? takeInTurn(isAllowed) else { return nil }
        reading[job.fileID] = job
        preferred.removeAll { $0 == job.fileID }
        return job
    }

    private mutating func takeAsked(_ isAllowed: (HashJob) -> Bool) -> HashJob? {
        window.asked.firstIndex(where: isAllowed).map { window.asked.remove(at: $0) }
    }

    private mutating func takeKept(_ isAllowed: (HashJob) -> Bool) -> HashJob? {
        kept.firstIndex(where: isAllowed).map { kept.remove(at: $0) }
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
