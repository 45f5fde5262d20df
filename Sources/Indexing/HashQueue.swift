internal import Catalog
internal import LinuxSystem

/// Which files are to be read next, in memory: a bounded part of what the catalogue has, and what is being read.
///
/// A value without I/O. The catalogue is the queue; this is the window that is open on it.
struct HashQueue: Sendable {
    /// Files at most.
    var capacity: Int
    private(set) var waiting: [HashJob] = []
    /// By file, with the time at which reading began.
    private(set) var reading: [Int64: HashJob] = [:]
    /// The catalogue may have jobs that are not here.
    private(set) var mayBeIncomplete = true
    /// Somebody is looking into the catalogue.
    private var isRefilling = false
    private var position = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Files that wait here.
    var depth: Int { waiting.count - position }

    var isIdle: Bool { depth == 0 && reading.isEmpty && !mayBeIncomplete && !isRefilling }

    /// Files that must not be taken from the catalogue again.
    var known: Set<Int64> { Set(reading.keys).union(waiting[position...].map(\.fileID)) }

    /// Something in the catalogue changed: look there again when the window is empty.
    mutating func catalogueChanged() { mayBeIncomplete = true }

    /// True when it is time to look into the catalogue.
    var needsRefill: Bool { depth == 0 && mayBeIncomplete && !isRefilling }

    /// Somebody looks into the catalogue now; a change from here on may not be seen by that look.
    mutating func beginRefill() {
        isRefilling = true
        mayBeIncomplete = false
    }

    /// Takes in what the look found; as many as asked for means that there may be more.
    mutating func endRefill(_ jobs: [HashJob]) {
        isRefilling = false
        waiting = jobs
        position = 0
        if jobs.count >= capacity { mayBeIncomplete = true }
    }

    /// The next file to read, which counts as being read until `finish`.
    mutating func next() -> HashJob? {
        guard position < waiting.count else { return nil }
        let job = waiting[position]
        position += 1
        if position == waiting.count {
            waiting = []
            position = 0
        }
        reading[job.fileID] = job
        return job
    }

    /// Reading is over, however it ended.
    mutating func finish(_ job: HashJob) { reading[job.fileID] = nil }
}
