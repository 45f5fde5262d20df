import LinuxSystem
import Testing

@testable import HTTPServer

@Suite struct ConnectionDeadlinesTests {
    private static let limits = HTTPServerLimits(
        connections: 3, idleSeconds: 60, requestSeconds: 30, crowdedSeconds: 2)

    private func second(_ number: Int) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(number) * 1_000_000_000) }

    @Test func firstRequestHasToBeCompleteInItsTime() {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        deadlines.open(7, at: second(100))
        #expect(deadlines.nextLook == second(130))
        #expect(deadlines.removeOverdue(at: second(129)) == [])
        #expect(deadlines.removeOverdue(at: second(130)) == [7])
        #expect(deadlines.removeOverdue(at: second(200)) == [])
    }

    @Test(arguments: [
        (ConnectionDeadlines.Wait.request, 30), (.nextRequest, 90), (.taking, 60),
    ])
    func everyWaitHasItsTimeAndBeginsAnew(_ wait: ConnectionDeadlines.Wait, _ seconds: Int) {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        deadlines.open(7, at: second(100))
        for moment in [110, 120] {
            deadlines.set(wait, of: 7, at: second(moment))
            #expect(deadlines.nextLook <= second(moment + seconds))
        }
        #expect(deadlines.removeOverdue(at: second(119 + seconds)) == [])
        #expect(deadlines.nextLook == second(120 + seconds))
        #expect(deadlines.removeOverdue(at: second(120 + seconds)) == [7])
    }

    @Test func clientsThatWaitForTheServerMayDoSoForEver() {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        for descriptor: Int32 in 1...3 {
            deadlines.open(descriptor, at: second(0))
            deadlines.set(nil, of: descriptor, at: second(0))
        }
        #expect(deadlines.removeOverdue(at: second(1_000_000)) == [])
        #expect(deadlines.nextLook == .distantFuture)
    }

    @Test func ofAllPlacesTheOneThatIsHeldLongestIsFreed() {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        deadlines.open(1, at: second(0))
        deadlines.open(2, at: second(1))
        #expect(deadlines.removeOverdue(at: second(10)) == [])
        deadlines.open(3, at: second(11))
        // The thread has to look at once, for the others have had their time.
        #expect(deadlines.nextLook <= second(11))
        #expect(deadlines.removeOverdue(at: second(11)) == [1])
        #expect(deadlines.removeOverdue(at: second(20)) == [])
        deadlines.close(1)
        deadlines.set(nil, of: 2, at: second(20))
        deadlines.open(4, at: second(20))
        #expect(deadlines.removeOverdue(at: second(20)) == [3])
    }

    @Test func aFullHouseGivesEverybodyAShortTime() {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        for descriptor: Int32 in 1...3 { deadlines.open(descriptor, at: second(0)) }
        #expect(deadlines.removeOverdue(at: second(1)) == [])
        #expect(deadlines.nextLook == second(2))
        // An answer and another wait begin anew.
        for descriptor: Int32 in 1...3 { deadlines.set(.nextRequest, of: descriptor, at: second(1)) }
        #expect(deadlines.removeOverdue(at: second(2)) == [])
        #expect(deadlines.nextLook == second(3))
        #expect(deadlines.removeOverdue(at: second(3)).count == 1)
        // With a free place the usual time counts.
        #expect(deadlines.nextLook == second(91))
    }

    @Test func whatIsClosedIsForgotten() {
        var deadlines = ConnectionDeadlines(limits: Self.limits, places: 3)
        deadlines.open(1, at: second(0))
        deadlines.close(1)
        #expect(deadlines.nextLook == .distantFuture)
        deadlines.set(.taking, of: 1, at: second(1))
        #expect(deadlines.nextLook == .distantFuture)
        #expect(deadlines.removeOverdue(at: second(1000)) == [])
    }
}
