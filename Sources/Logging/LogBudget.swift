internal import Synchronization

/// Keeps one kind of message from flooding the log: so many in a time, and then one that says there are more.
package final class LogBudget: Sendable {
    /// What becomes of a message.
    package enum Verdict: Sendable { case log, logAsLast, drop }

    private struct State {
        var began: ContinuousClock.Instant?
        var used = 0
    }

    private let limit: Int
    private let time: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: messages that are logged before the one that says there are more; at least 1.
    ///   - time: counted from the first of them.
    package init(limit: Int, per time: Duration) {
        self.limit = max(1, limit)
        self.time = time
    }

    /// Takes one message from the budget: the one after `limit` messages is to say that later ones are left out.
    package func take(now: ContinuousClock.Instant = .now) -> Verdict {
        state.withLock { state in
            if state.began.map({ $0.duration(to: now) >= time }) ?? true { state = State(began: now) }
            state.used += 1
            return state.used <= limit ? .log : state.used == limit + 1 ? .logAsLast : .drop
        }
    }
}
