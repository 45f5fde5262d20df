import LinuxSystem
import Synchronization
import Testing

@testable import Hashing

private let mebibyte = 1 << 20

@Suite struct DriveMeterTests {
    @Test func nothingIsKnownBeforeEnoughWasRead() {
        let meter = DriveMeter()
        read(meter, bytes: 32 * mebibyte - 1, from: 0, to: 1)
        #expect(meter.bytesPerSecond == nil)
        read(meter, bytes: 1, from: 1, to: 2)
        #expect(meter.bytesPerSecond == Int64(16 * mebibyte))
    }

    @Test func theFirstMeasurementIsToldOnce() {
        let count = Count()
        let meter = DriveMeter { count.add() }
        read(meter, bytes: 31 * mebibyte, from: 0, to: 1)
        #expect(count.value == 0)
        for second in Int64(1)..<4 { read(meter, bytes: 32 * mebibyte, from: second, to: second + 1) }
        #expect(count.value == 1)
    }

    private final class Count: Sendable {
        private let number = Atomic(0)
        var value: Int { number.load(ordering: .relaxed) }
        func add() { number.wrappingAdd(1, ordering: .relaxed) }
    }

    @Test func timeInWhichNobodyWaitsDoesNotCount() {
        let meter = DriveMeter()
        read(meter, bytes: 16 * mebibyte, from: 0, to: 1)
        read(meter, bytes: 16 * mebibyte, from: 3601, to: 3602)
        #expect(meter.bytesPerSecond == Int64(16 * mebibyte))
    }

    @Test func timeInWhichSeveralWaitCountsOnce() {
        let meter = DriveMeter()
        meter.begin(at: second(0))
        meter.begin(at: second(1))
        meter.end(bytes: 16 * mebibyte, at: second(2))
        meter.begin(at: second(2))
        meter.end(bytes: 8 * mebibyte, at: second(3))
        #expect(meter.bytesPerSecond == nil)
        meter.end(bytes: 8 * mebibyte, at: second(4))
        #expect(meter.bytesPerSecond == Int64(8 * mebibyte))
    }

    @Test func eachMeasurementBeginsAnew() {
        let meter = DriveMeter()
        read(meter, bytes: 64 * mebibyte, from: 0, to: 1)
        #expect(meter.bytesPerSecond == Int64(64 * mebibyte))
        read(meter, bytes: 31 * mebibyte, from: 1, to: 11)
        #expect(meter.bytesPerSecond == Int64(64 * mebibyte))
        read(meter, bytes: mebibyte, from: 11, to: 17)
        #expect(meter.bytesPerSecond == Int64(2 * mebibyte))
    }

    @Test func whoGoesOnWaitingIsCountedInTheNextMeasurement() {
        let meter = DriveMeter()
        meter.begin(at: second(0))
        read(meter, bytes: 32 * mebibyte, from: 0, to: 1)
        #expect(meter.bytesPerSecond == Int64(32 * mebibyte))
        meter.end(bytes: 32 * mebibyte, at: second(5))
        #expect(meter.bytesPerSecond == Int64(8 * mebibyte))
    }

    @Test func readsThatTakeNoTimeTellNothing() {
        let meter = DriveMeter()
        read(meter, bytes: 64 * mebibyte, from: 1, to: 1)
        #expect(meter.bytesPerSecond == nil)
    }

    private func read(_ meter: DriveMeter, bytes: Int, from start: Int64, to end: Int64) {
        meter.begin(at: second(start))
        meter.end(bytes: bytes, at: second(end))
    }

    private func second(_ number: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: number * 1_000_000_000) }
}
