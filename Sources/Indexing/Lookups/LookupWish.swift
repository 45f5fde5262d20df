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
    private let condition = Condition()

    init(_ kind: Kind) { self.kind = kind }

    /// Lets who waits go on; the first outcome counts.
    func finish(_ result: Result<Int, any Error>) {
        outcome.withLock { $0 = $0 ?? result }
        condition.broadcast()
    }

    /// Waits for the outcome. Blocks.
    func wait(milliseconds: Int) throws -> Int {
        condition.wait(until: .now.advanced(milliseconds: milliseconds)) { outcome.withLock { $0 != nil } }
        guard let result = outcome.withLock({ $0 }) else {
            throw LookupRefusal.unavailable("CivitAI has not answered in time; kikod goes on asking.")
        }
        return try result.get()
    }
}
