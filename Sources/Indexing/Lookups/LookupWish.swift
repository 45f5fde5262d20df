internal import LinuxSystem
internal import Synchronization

/// Something that somebody waits for.
final class LookupWish: Sendable {
    enum Kind: Sendable {
        /// Ask about a content now.
        case ask(content: Int64)
        /// Link a content to a version.
        case pin(content: Int64, version: Int64)
        /// Fetch a model.
        case cache(model: Int64)
    }

    let kind: Kind
    private let outcome = Mutex<Result<Int, any Error>?>(nil)
    private let hasWaitedInVain = Mutex(false)
    private let condition = Condition()

    init(_ kind: Kind) { self.kind = kind }

    /// Nobody waits for it any more, so that it is not to be done either.
    var isAbandoned: Bool { hasWaitedInVain.withLock { $0 } }

    /// Lets who waits go on; the first outcome counts.
    func finish(_ result: Result<Int, any Error>) {
        outcome.withLock { $0 = $0 ?? result }
        condition.broadcast()
    }

    /// Waits for the outcome. Blocks.
    func wait(milliseconds: Int) throws -> Int {
        condition.wait(until: .now.advanced(milliseconds: milliseconds)) { outcome.withLock { $0 != nil } }
        guard let result = outcome.withLock({ $0 }) else {
            hasWaitedInVain.withLock { $0 = true }
            throw LookupRefusal.unavailable("CivitAI has not answered in time; try again.")
        }
        return try result.get()
    }
}
