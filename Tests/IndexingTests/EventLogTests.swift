import LinuxSystem
import TestSupport
import Testing

@testable import Indexing

@Suite(.timeLimit(.minutes(5))) struct EventLogTests {
    private func event(_ number: Int) -> IndexEvent { IndexEvent(.fileAdded, fileID: Int64(number), at: 0) }

    private func events(_ numbers: ClosedRange<Int>) -> [IndexEvent] { numbers.map(event) }

    private func fileIDs(_ entries: [EventLog.Entry]?) -> [Int64]? { entries?.compactMap(\.event.fileID) }

    @Test func eventsAreNumberedFromOneInTheirOrder() {
        let log = EventLog()
        #expect(log.newest == 0)
        #expect(log.read(after: 0, limit: 10) == [])
        log.append(events(1...2))
        log.append([event(3)])
        #expect(log.newest == 3)
        #expect(log.read(after: 0, limit: 10)?.map(\.id) == [1, 2, 3])
        #expect(fileIDs(log.read(after: 0, limit: 10)) == [1, 2, 3])
        #expect(fileIDs(log.read(after: 1, limit: 1)) == [2])
        #expect(log.read(after: 3, limit: 10) == [])
    }

    @Test func onlyTheLatestEventsAreHeld() {
        let log = EventLog(capacity: 4)
        log.append(events(1...10))
        #expect(fileIDs(log.read(after: 6, limit: 100)) == [7, 8, 9, 10])
        #expect(fileIDs(log.read(after: 7, limit: 100)) == [8, 9, 10])
        #expect(log.read(after: 5, limit: 100) == nil)
        #expect(log.read(after: 0, limit: 100) == nil)
    }

    @Test func numbersThatWereNeverGivenAreUnknown() {
        let log = EventLog()
        log.append([event(1)])
        #expect(log.read(after: 2, limit: 1) == nil)
        #expect(log.read(after: -1, limit: 1) == nil)
        #expect(log.read(after: .min, limit: .max) == nil)
        #expect(log.read(after: .max, limit: .max) == nil)
    }

    @Test func textOfANumberTellsTheInstance() {
        let log = EventLog()
        #expect(log.id(in: log.text(of: 42)) == 42)
        #expect(log.instance.utf8.count == 8)
        // Two of four billion instances are alike once in a while, and a third hardly ever as well.
        #expect((0..<2).contains { _ in EventLog().id(in: log.text(of: 42)) == nil })
        for text in ["", "42", "-42", log.instance, log.instance + "-", log.instance + "-x", log.instance + "-+1"] {
            #expect(log.id(in: text) == nil, "\(text)")
        }
        #expect(log.id(in: log.instance + "-99999999999999999999") == nil)
    }

    @Test func waitingEndsWithTheNextEvent() async throws {
        let log = EventLog()
        log.append([event(1)])
        #expect(log.wait(after: 0))
        let waiting = Task { try await onOwnThread("wait") { log.wait(after: 1) } }
        log.append([event(2)])
        #expect(try await waiting.value)
    }

    @Test func waitingEndsAtTheDeadlineOrWhenItIsOver() {
        let log = EventLog()
        #expect(!log.wait(after: 0, until: .now))
        #expect(!log.wait(after: 0, unless: { true }))
    }

    @Test func eventsOfATransactionWaitForThoseOfEarlierOnes() {
        let log = EventLog()
        let (first, second, third) = (log.takeTurn(), log.takeTurn(), log.takeTurn())
        third.tell([event(3)])
        second.tell([event(2)])
        #expect(log.newest == 0)
        first.tell([event(1)])
        #expect(fileIDs(log.read(after: 0, limit: 10)) == [1, 2, 3])
    }

    @Test func failedTransactionHoldsUpNobody() {
        let log = EventLog()
        var failed: EventLog.Turn? = log.takeTurn()
        let second = log.takeTurn()
        second.tell([event(2)])
        #expect(log.newest == 0)
        withExtendedLifetime(failed) {}
        failed = nil
        #expect(fileIDs(log.read(after: 0, limit: 10)) == [2])
    }

    @Test func turnThatIsHeldUpForLongLosesItsPlaceAndNotItsEvents() {
        let log = EventLog(capacity: 4)
        let late = log.takeTurn()
        for number in 2...6 { log.takeTurn().tell([event(number)]) }
        #expect(fileIDs(log.read(after: 1, limit: 10)) == [3, 4, 5, 6])
        late.tell([event(1)])
        #expect(fileIDs(log.read(after: log.newest - 2, limit: 10)) == [6, 1])
    }

    @Test func eventsOfManyThreadsAllArrive() async throws {
        let log = EventLog(capacity: 10_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    try await onOwnThread("append") {
                        for number in 1...1000 {
                            if number % 2 == 0 {
                                log.takeTurn().tell([IndexEvent(.fileAdded, fileID: Int64(thread * 1000 + number))])
                            } else {
                                log.append([IndexEvent(.fileAdded, fileID: Int64(thread * 1000 + number))])
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let entries = try #require(log.read(after: 0, limit: .max))
        #expect(entries.map(\.id) == Array(1...4000))
        #expect(Set(entries.compactMap(\.event.fileID)).count == 4000)
    }
}
