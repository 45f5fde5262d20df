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
    private var position = 0

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Files that wait here.
    var depth: Int { waiting.count - position }

    var isIdle: Bool { depth == 0 && reading.isEmpty && !mayBeIncomplete }

    /// Files that must not be taken from the catalogue again.
    var known: Set<Int64> { Set(reading.keys).union(waiting[position...].map(\.fileID)) }

    /// Something in the catalogue changed: look there again when the window is empty.
    mutating func catalogueChanged() { mayBeIncomplete = true }

    /// True when it is time to look into the catalogue.
    var needsRefill: Bool { depth == 0 && mayBeIncomplete }

    /// Takes in what the catalogue had next; fewer than asked for means that there is no more.
    mutating func refill(_ jobs: [HashJob]) {
        waiting = jobs
        position = 0
        mayBeIncomplete = jobs.count >= capacity
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
