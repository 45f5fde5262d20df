import Testing

@testable import LinuxSystem

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_735_689_600_000_000_000, "2025-01-01T00:00:00.000Z"),
        (1_709_164_800_123_456_789, "2024-02-29T00:00:00.123Z"),
        (951_868_799_999_999_999, "2000-02-29T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (Int64.max, "2262-04-11T23:47:16.854Z"),
        (Int64.min, "1677-09-21T00:12:43.145Z"),
    ])
    func momentsHaveTheirText(_ nanoseconds: Int64, _ text: String) {
        #expect(Timestamp.text(nanoseconds: nanoseconds) == text)
    }

    @Test(arguments: [
        ("2025-01-01T00:00:00Z", 1_735_689_600_000_000_000),
        ("2025-01-01T00:00:00.5Z", 1_735_689_600_500_000_000),
        ("1969-12-31T23:59:59.999Z", -1_000_000),
    ])
    func textsHaveTheirMoment(_ text: String, _ nanoseconds: Int64) {
        #expect(Timestamp.nanoseconds(text) == nanoseconds)
    }

    @Test(arguments: [
        "", "2025-01-01", "2025-01-01T00:00:00", "2025-13-01T00:00:00Z", "2025-01-01T24:00:00Z",
        "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00.0000000000Z", "9999-01-01T00:00:00Z", "2025-01-01 00:00:00.000Z",
        "0000-01-01T00:00:00Z",
    ])
    func otherTextsHaveNone(_ text: String) {
        #expect(Timestamp.nanoseconds(text) == nil)
    }

    @Test func everyMomentComesBack() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix(state: seed)
        for _ in 0..<10_000 {
            let moment = Int64.random(in: -9_000_000_000_000...9_000_000_000_000, using: &generator) * 1_000_000
            #expect(Timestamp.nanoseconds(Timestamp.text(nanoseconds: moment)) == moment, "seed \(seed)")
        }
    }
}

/// A generator that a printed seed reproduces.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
