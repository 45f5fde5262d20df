internal import LinuxSystem
internal import Synchronization

/// An outcome that one thread delivers once and another waits for.
package final class Reply<Success: Sendable>: Sendable {
    private let outcome = Mutex<Result<Success, any Error>?>(nil)
    private let delivered = Condition()

    func deliver(_ result: Result<Success, any Error>) {
        outcome.withLock { $0 = result }
        delivered.broadcast()
    }

    /// Waits for the outcome, on a thread outside of the cooperative pool.
    package func wait() throws -> Success {
        while true {
            delivered.wait { outcome.withLock { $0 != nil } }
            if let result = outcome.withLock({ $0 }) { return try result.get() }
        }
    }
}
