import Testing

@testable import Logging

@Suite struct LogBudgetTests {
    @Test func theOneAfterTheLimitIsTheLastUntilItsTimeIsOver() {
        let budget = LogBudget(limit: 2, perMinutes: 1)
        let start = ContinuousClock.now
        func take(after seconds: Int) -> LogBudget.Verdict { budget.take(now: start + .seconds(seconds)) }
        #expect([0, 1, 30, 31, 89].map(take) == [.log(dropped: 0), .log(dropped: 0), .logAsLast, .drop, .drop])
        #expect([90, 91, 92, 151].map(take) == [.log(dropped: 2), .log(dropped: 0), .logAsLast, .drop])
        #expect([1000, 1061].map(take) == [.log(dropped: 1), .log(dropped: 0)])
    }

    @Test func messagesSayWhatIsLeftOut() {
        let handler = MemoryHandler()
        let logger = Logger(level: .info, handler: handler)
        let budget = LogBudget(limit: 1, perMinutes: 7)
        // What is not logged anyway costs nothing.
        logger.log(.debug, "no", event: .started, within: budget, [])
        for name in ["one", "two", "three"] {
            logger.log(
                .info, name, event: .started, within: budget, elsewhere: "the list has all", [.init("name", name)])
        }
        #expect(
            handler.records.map(\.message) == [
                "one", "two; no more of these are logged for 7 minutes, the list has all",
            ])
        #expect(handler.records.map(\.fields) == [[.init("name", "one")], [.init("name", "two")]])
    }
}
