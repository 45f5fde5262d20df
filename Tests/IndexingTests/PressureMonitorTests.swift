import LinuxSystem
import Testing

@testable import Indexing

@Suite struct PressureMonitorTests {
    @Test func nothingIsKnownBeforeTenSeconds() {
        var monitor = PressureMonitor()
        #expect(!monitor.hasSamples)
        for second in [0, 2, 4, 6, 8] { monitor.add(second: second, all: Double(second), own: 0) }
        #expect(monitor.hasSamples)
        #expect((monitor.othersWait, monitor.isHigh) == (nil, false))
        monitor.add(second: 10, all: 10, own: 0)
        #expect((monitor.othersWait, monitor.isHigh) == (1, true))
    }

    @Test func ownWaitingIsNoReasonToMakeRoom() {
        var monitor = PressureMonitor()
        for second in stride(from: 0, through: 30, by: 2) {
            monitor.add(second: second, all: Double(second) * 0.94 + 100, own: Double(second) * 0.93 + 7)
        }
        #expect(!monitor.isHigh)
        #expect(abs((monitor.othersWait ?? 1) - 0.01) < 0.000_001)
    }

    @Test func itIsHighAboveAFifthAndLowAgainAtATenth() {
        var monitor = PressureMonitor()
        var all: Int64 = 0
        var heights: [Bool] = []
        // Each step lasts so long that only it is in the window.
        for (step, percent) in [0, 20, 21, 15, 11, 10, 20, 15, 30].enumerated() {
            let start = MonotonicTime(nanoseconds: Int64(step) * PressureMonitor.window)
            monitor.add(.init(at: start, all: all, own: 0))
            all += Int64(percent) * 100_000
            monitor.add(.init(at: start.advanced(nanoseconds: PressureMonitor.window), all: all, own: 0))
            heights.append(monitor.isHigh)
        }
        #expect(heights == [false, false, true, true, true, false, false, false, true])
    }

    @Test func theWindowSlides() {
        var monitor = PressureMonitor()
        // Others wait from the twentieth to the thirtieth second.
        let heights = stride(from: 0, through: 50, by: 2).map { second in
            monitor.add(second: second, all: Double(min(max(second, 20), 30)), own: 0)
            return monitor.isHigh
        }
        #expect(heights.firstIndex(of: true) == 24 / 2)
        #expect(heights.lastIndex(of: true) == 38 / 2)
        #expect(monitor.othersWait == 0)
    }

    @Test func figuresThatGoBackAreNoPressure() {
        var monitor = PressureMonitor()
        monitor.add(second: 0, all: 100, own: 10)
        monitor.add(second: 10, all: 0, own: 20)
        #expect((monitor.othersWait, monitor.isHigh) == (0, false))
    }
}

extension PressureMonitor {
    fileprivate mutating func add(second: Int, all: Double, own: Double) {
        add(
            Sample(
                at: MonotonicTime(nanoseconds: Int64(second) * 1_000_000_000), all: Int64(all * 1e6),
                own: Int64(own * 1e6)))
    }
}
