internal import Synchronization

/// Ends exchanges from another thread, for good: what is under way, and whatever its clients are asked afterwards.
package final class HTTPCancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    /// Whether `cancel` was called.
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Has every client that holds this end its exchange within a fraction of a second.
    package func cancel() { flag.store(true, ordering: .relaxed) }
}
