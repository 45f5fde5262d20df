internal import Glibc

/// A moment on the monotonic clock (CLOCK_MONOTONIC): not set by anybody, standing still during suspend.
package struct MonotonicTime: Hashable, Sendable, Comparable {
    /// Nanoseconds since an arbitrary start, never negative.
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = max(0, nanoseconds) }

    package static let distantFuture = MonotonicTime(nanoseconds: .max)

    package static var now: MonotonicTime { MonotonicTime(nanoseconds: clockNanoseconds(CLOCK_MONOTONIC)) }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// This moment and so many nanoseconds later; saturates.
    package func advanced(nanoseconds: Int64) -> MonotonicTime {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    package func advanced(milliseconds: Int) -> MonotonicTime {
        let (product, overflow) = Int64(milliseconds).multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .distantFuture : advanced(nanoseconds: product)
    }

    /// Nanoseconds from `earlier` to this moment.
    package func since(_ earlier: MonotonicTime) -> Int64 { nanoseconds - earlier.nanoseconds }
}

/// The wall clock.
package enum WallClock {
    /// Nanoseconds since 1970.
    package static var now: Int64 { clockNanoseconds(CLOCK_REALTIME) }
}

private func clockNanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
