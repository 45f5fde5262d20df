import Glibc
import TestSupport
import Testing

@testable import LinuxSystem

/// Clocks, the timer that tells of their changes, and poll(2) with the events of one's choice.
@Suite struct ClockAndPollTests {
    @Test func readingHoldsTheThreeClocks() {
        let before = MonotonicTime.now
        let reading = ClockReading.now
        #expect(reading.monotonic >= before.nanoseconds)
        #expect(reading.monotonic <= MonotonicTime.now.nanoseconds)
        #expect(reading.boot >= reading.monotonic)
        // After 2020, and before times that nanoseconds in 64 bits do not hold.
        #expect(reading.wall > 1_577_836_800_000_000_000)
    }

    @Test func differencesOfClocksNeverTrap() {
        let odd = ClockReading(monotonic: .min, boot: .max, wall: .min)
        _ = (odd.suspended, odd.wallAtBoot)
        #expect(ClockReading(monotonic: 5, boot: 12, wall: 100).suspended == 7)
        #expect(ClockReading(monotonic: 5, boot: 12, wall: 100).wallAtBoot == 88)
    }

    @Test func clockThatNobodySetsIsSilent() throws {
        let clock = try ClockChangeDescriptor()
        #expect(try waitUntilReadable([clock.descriptor.number], until: .now) == [false])
        #expect(try clock.takeChange() == false)
        #expect(try clock.takeChange() == false)
    }

    @Test func eventsAreThoseThatDescriptorsHave() throws {
        let quiet = try EventDescriptor()
        let signalled = try EventDescriptor()
        signalled.signal()
        let events = try waitForEvents([
            (quiet.descriptor.number, .readable), (signalled.descriptor.number, .readable),
            (signalled.descriptor.number, .exceptional), (-1, .readable),
        ])
        #expect(events == [[], .readable, [], []])
        // A number far beyond what a process opens.
        #expect(try waitForEvents([(Int32.max, .readable)]) == [.invalid])
    }
}
