internal import LinuxSystem
internal import Synchronization

/// The handle by which others follow and stop the hashing of a file.
package final class HashingControl: Sendable {
    private let cancelled = Atomic(false)
    private let begun = Atomic(false)
    private let held = Atomic(false)
    private let hashed = Atomic<UInt64>(0)
    /// What threads wait on that have to do with the file.
    private let conditions: Mutex<[Condition]> = Mutex([])

    package init() {}

    /// Makes the hashing end with `HashingError.cancelled`, even while the drive does not answer.
    package func cancel() {
        cancelled.store(true, ordering: .releasing)
        for condition in conditions.withLock({ $0 }) { condition.broadcast() }
    }

    package var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// True once it was the file's turn.
    package internal(set) var hasBegun: Bool {
        get { begun.load(ordering: .relaxed) }
        set { begun.store(newValue, ordering: .relaxed) }
    }

    /// True while the next block may not be read yet: a pause or a rate keeps it back, not the drive.
    package internal(set) var isHeld: Bool {
        get { held.load(ordering: .relaxed) }
        set { held.store(newValue, ordering: .relaxed) }
    }

    /// Bytes hashed so far.
    package var bytesDone: UInt64 { hashed.load(ordering: .relaxed) }

    func check() throws(HashingError) {
        if isCancelled { throw .cancelled }
    }

    func advance(by count: Int) { hashed.wrappingAdd(UInt64(count), ordering: .relaxed) }

    /// Has `cancel` wake who waits there. Whoever waits looks at `isCancelled` before.
    func wakes(_ condition: Condition) { conditions.withLock { $0.append(condition) } }
}
