/// Spaces requests out: so many a second on the average, and so many at once after a quiet time.
///
/// It has no clock: moments are nanoseconds of whichever clock the caller has, always the same one.
package struct TokenBucket: Sendable, Hashable {
    /// Nanoseconds from one token to the next.
    private var interval: Int64
    /// Nanoseconds that it takes to fill an empty bucket.
    private var capacity: Int64
    /// When the bucket will be full again; in the past while it is.
    private var fullAt = Int64.min

    /// A full bucket with room for `burst` tokens, at least one, of which `ratePerSecond` come in each second.
    package init(ratePerSecond: Double, burst: Int = 1) {
        interval = Self.interval(ratePerSecond)
        capacity = Self.capacity(interval, burst)
    }

    /// Has tokens come at another rate from now on; what is missing stays missing.
    package mutating func setRate(_ ratePerSecond: Double) {
        let burst = capacity / interval
        interval = Self.interval(ratePerSecond)
        capacity = Self.capacity(interval, Int(burst))
    }

    /// The first moment from `now` on at which a token is there.
    ///
    /// A clock that was set back counts as one at which the bucket was empty: nobody waits longer than for a full one.
    package mutating func earliest(now: Int64) -> Int64 {
        fullAt = min(fullAt, now.advanced(saturating: capacity))
        return max(now, fullAt.advanced(saturating: interval - capacity))
    }

    /// Takes a token at a moment, also when there is none; of what is owed never more than a bucket is remembered.
    package mutating func take(at now: Int64) {
        fullAt = max(fullAt, now).advanced(saturating: interval)
        fullAt = min(fullAt, now.advanced(saturating: capacity))
    }

    /// At most a token a nanosecond, and at least one in thirty years.
    private static func interval(_ ratePerSecond: Double) -> Int64 {
        let longest: Int64 = 1_000_000_000_000_000_000
        guard ratePerSecond > 0 else { return longest }
        let nanoseconds = 1_000_000_000 / ratePerSecond
        return nanoseconds < Double(longest) ? max(1, Int64(nanoseconds)) : longest
    }

    private static func capacity(_ interval: Int64, _ burst: Int) -> Int64 {
        let (product, overflow) = interval.multipliedReportingOverflow(by: Int64(max(1, burst)))
        return overflow ? .max : product
    }
}

extension Int64 {
    /// The sum, or the number next to it that there is.
    package func advanced(saturating other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
