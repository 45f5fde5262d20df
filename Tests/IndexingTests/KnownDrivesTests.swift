import LinuxSystem
import Testing

@testable import Hashing
@testable import Indexing

@Suite struct KnownDrivesTests {
    @Test(arguments: [Drive.Kind.rotating, .network])
    func aDriveThatReadersDisturbHasOneUntilItIsMeasuredFast(kind: Drive.Kind) {
        let known = KnownDrive(drive: Drive(id: "a", kind: kind), meter: DriveMeter())
        #expect(known.readersAllowed(of: 4) == 1)
        known.meter.measure(megabytesPerSecond: 399)
        #expect(known.readersAllowed(of: 4) == 1)
        known.meter.measure(megabytesPerSecond: 401)
        #expect(known.readersAllowed(of: 4) == 4)
        known.meter.measure(megabytesPerSecond: 200)
        #expect(known.readersAllowed(of: 4) == 1)
    }

    @Test func aDriveWithoutMovingPartsHasAllUntilItIsMeasuredSlow() {
        let known = KnownDrive(drive: Drive(id: "a", kind: .solid), meter: DriveMeter())
        #expect(known.readersAllowed(of: 4) == 4)
        known.meter.measure(megabytesPerSecond: 149)
        #expect(known.readersAllowed(of: 4) == 1)
        known.meter.measure(megabytesPerSecond: 151)
        #expect(known.readersAllowed(of: 4) == 4)
    }

    @Test func whatLiesOnOneDriveIsMeasuredTogether() {
        var drives = KnownDrives()
        let (one, other) = (Drive(id: "one", kind: .solid), Drive(id: "other", kind: .solid))
        #expect(drives.unknown(among: [1, 2, 2]) == [1, 2])
        drives.add([1: one])
        drives.add([2: one, 3: other])
        #expect(drives.unknown(among: [1, 2, 3, 4]) == [4])
        #expect(drives[1].meter === drives[2].meter)
        #expect(drives[1].meter !== drives[3].meter)
        #expect(drives[3].drive == other)
        #expect(drives[4].drive.kind == .solid)
    }
}

extension DriveMeter {
    /// Reads enough for a measurement.
    fileprivate func measure(megabytesPerSecond rate: Int) {
        begin(at: MonotonicTime(nanoseconds: 0))
        end(bytes: rate * 1_000_000, at: MonotonicTime(nanoseconds: 1_000_000_000))
    }
}
