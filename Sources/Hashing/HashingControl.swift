internal import LinuxSystem
internal import Synchronization

/// The handle by which others follow and stop the hashing of a file.
package final class HashingControl: Sendable {
    private let cancelled = Atomic(false)
    private let hashed = Atomic<UInt64>(0)
    /// What a hashing thread waits on, so that `cancel` reaches it even while the drive does not answer.
    let condition = Condition()

    package init() {}

    /// Makes the hashing end with `HashingError.cancelled` before its next slice of work.
    package func cancel() {
        cancelled.store(true, ordering: .releasing)
        condition.broadcast()
    }

    package var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Bytes hashed so far.
    package var bytesDone: UInt64 { hashed.load(ordering: .relaxed) }

    func check() throws(HashingError) {
        if isCancelled { throw .cancelled }
    }

    func advance(by count: Int) { hashed.wrappingAdd(UInt64(count), ordering: .relaxed) }
}
