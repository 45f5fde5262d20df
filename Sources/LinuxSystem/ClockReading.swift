internal import Glibc

/// What three clocks of clock_gettime(2) said at one moment, in nanoseconds.
package struct ClockReading: Hashable, Sendable {
    /// CLOCK_MONOTONIC: stands still during suspend.
    package let monotonic: Int64
    /// CLOCK_BOOTTIME: goes on during suspend.
    package let boot: Int64
    /// CLOCK_REALTIME: may be set.
    package let wall: Int64

    package init(monotonic: Int64, boot: Int64, wall: Int64) {
        self.monotonic = monotonic
        self.boot = boot
        self.wall = wall
    }

    /// How long the system was suspended since it started.
    package var suspended: Int64 { boot.subtractingReportingOverflow(monotonic).partialValue }

    /// The wall clock at the start of the system: only setting the clock changes it.
    package var wallAtBoot: Int64 { wall.subtractingReportingOverflow(boot).partialValue }

    /// Reads the clocks, again while the thread was held up between them.
    package static var now: ClockReading {
        var reading: ClockReading
        var heldUp: Int64
        var attempts = 0
        repeat {
            let monotonic = nanoseconds(CLOCK_MONOTONIC)
            reading = ClockReading(
                monotonic: monotonic, boot: nanoseconds(CLOCK_BOOTTIME), wall: nanoseconds(CLOCK_REALTIME))
            heldUp = nanoseconds(CLOCK_MONOTONIC) - monotonic
            attempts += 1
        } while heldUp > 50_000_000 && attempts < 10
        return reading
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds.addingReportingOverflow(Int64(time.tv_nsec)).partialValue
    }
}
