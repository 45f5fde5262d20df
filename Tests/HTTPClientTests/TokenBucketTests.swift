import TestSupport
import Testing

@testable import HTTPClient

@Suite struct TokenBucketTests {
    private static let second: Int64 = 1_000_000_000

    @Test func aTokenASecondComesWithoutABurst() {
        var bucket = TokenBucket(ratePerSecond: 1)
        #expect(bucket.earliest(now: 5) == 5)
        bucket.take(at: 5)
        #expect(bucket.earliest(now: 6) == Self.second + 5)
        bucket.take(at: Self.second + 5)
        #expect(bucket.earliest(now: Self.second + 5) == 2 * Self.second + 5)
        // A quiet hour is worth one token.
        let later = 3600 * Self.second
        #expect(bucket.earliest(now: later) == later)
        bucket.take(at: later)
        #expect(bucket.earliest(now: later) == later + Self.second)
    }

    @Test func aBurstIsServedAtOnce() {
        var bucket = TokenBucket(ratePerSecond: 2, burst: 3)
        for _ in 0..<3 {
            #expect(bucket.earliest(now: 0) == 0)
            bucket.take(at: 0)
        }
        #expect(bucket.earliest(now: 0) == Self.second / 2)
        #expect(bucket.earliest(now: Self.second) == Self.second)
    }

    @Test func aClockThatIsSetBackHoldsNobodyForLong() {
        var bucket = TokenBucket(ratePerSecond: 1, burst: 2)
        bucket.take(at: 1_000_000 * Self.second)
        bucket.take(at: 1_000_000 * Self.second)
        #expect(bucket.earliest(now: 10) == Self.second + 10)
        #expect(bucket.earliest(now: Self.second + 10) == Self.second + 10, "asking does not put it off")
    }

    @Test func theRateCanBeChanged() {
        var bucket = TokenBucket(ratePerSecond: 1)
        bucket.setRate(0.1)
        bucket.take(at: 0)
        #expect(bucket.earliest(now: 0) == 10 * Self.second)
        bucket.setRate(10)
        #expect(bucket.earliest(now: 0) == Self.second / 10)
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e-300, 1e300, .leastNonzeroMagnitude])
    func noNumberTraps(rate: Double) {
        for burst in [.min, 0, 1, Int.max] {
            var bucket = TokenBucket(ratePerSecond: rate, burst: burst)
            for now in [Int64.min, 0, .max, .min] {
                let earliest = bucket.earliest(now: now)
                #expect(earliest >= now)
                bucket.take(at: now)
                bucket.setRate(rate)
            }
        }
    }

    @Test func noMoreThanTheRateIsEverGiven() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var bucket = TokenBucket(ratePerSecond: 4, burst: 3)
        var now: Int64 = 0
        var taken = 0
        for _ in 0..<10_000 {
            now += Int64.random(in: 0...Self.second / 2, using: &generator)
            if bucket.earliest(now: now) == now {
                bucket.take(at: now)
                taken += 1
            }
            #expect(taken <= 3 + Int(now * 4 / Self.second), "seed \(seed)")
        }
        #expect(taken > 5000, "seed \(seed)")
    }
}
