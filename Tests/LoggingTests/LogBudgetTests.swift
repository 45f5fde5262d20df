import Testing

@testable import Logging

@Suite struct LogBudgetTests {
    @Test func theOneAfterTheLimitIsTheLastUntilTheTimeIsOver() {
        let budget = LogBudget(limit: 2, per: .seconds(10))
        let start = ContinuousClock.now
        func take(after seconds: Int) -> LogBudget.Verdict { budget.take(now: start + .seconds(seconds)) }
        #expect([0, 1, 2, 3, 9].map(take) == [.log, .log, .logAsLast, .drop, .drop])
        #expect([10, 11, 12, 19].map(take) == [.log, .log, .logAsLast, .drop])
        #expect(take(after: 1000) == .log)
    }
}
