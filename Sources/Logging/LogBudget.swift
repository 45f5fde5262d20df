internal import Synchronization

/// Keeps one kind of message from flooding the log: so many in a time, then one that says that no more are logged for as
/// long, and later one that tells how many that were.
package final class LogBudget: Sendable {
    /// What becomes of a message.
    package enum Verdict: Sendable, Hashable {
        /// It is logged; so many have been dropped before it.
        case log(dropped: Int)
        /// It is logged, and none after it until the time is over.
        case logAsLast
        case drop
    }

    private struct State {
        var began: ContinuousClock.Instant?
        var used = 0
        var dropped = 0
    }

    /// How long nothing is logged when the budget is used up.
    package let minutes: Int
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: messages that are logged before the one that says there are more; at least 1.
    ///   - minutes: counted from the first of them, and anew from that one.
    package init(limit: Int, perMinutes minutes: Int) {
        self.limit = max(1, limit)
        self.minutes = minutes
    }

    /// Takes one message from the budget.
    package func take(now: ContinuousClock.Instant = .now) -> Verdict {
        state.withLock { state in
            var dropped = 0
            if state.began.map({ $0.duration(to: now) >= .seconds(60 * minutes) }) ?? true {
                dropped = state.dropped
                state = State(began: now)
            }
            state.used += 1
            if state.used <= limit { return .log(dropped: dropped) }
            if state.used == limit + 1 {
                state.began = now
                return .logAsLast
            }
            state.dropped += 1
            return .drop
        }
    }
}

extension Logger {
    /// Logs a message as far as its budget allows.
    ///
    /// - Parameter elsewhere: where all of them are listed, as words that follow a comma.
    package func log(
        _ level: LogLevel, _ message: @autoclosure () -> String, event: LogEvent, within budget: LogBudget,
        elsewhere: String = "", _ fields: @autoclosure () -> [LogRecord.Field]
    ) {
        guard isLogged(level) else { return }
        switch budget.take() {
        case .log(0): log(level, message(), event: event, fields())
        case .log(let dropped):
            log(level, "\(message()); \(dropped) more of these were not logged before", event: event, fields())
        case .logAsLast:
            let hint = elsewhere.isEmpty ? "" : ", " + elsewhere
            log(
                level, "\(message()); no more of these are logged for \(budget.minutes) minutes" + hint, event: event,
                fields())
        case .drop: break
        }
    }
}
