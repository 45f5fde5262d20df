internal import LinuxSystem

/// When CivitAI is asked again, in nanoseconds since 1970.
enum LookupSchedule {
    private static let hour: Int64 = 3_600_000_000_000
    private static let day = 24 * hour

    /// What CivitAI does not know may be published, scanned or replaced later; its own caches repeat a "not found" for an
    /// hour and a half.
    ///
    /// - Parameter misses: how often it was not found before.
    static func afterNotFound(misses: Int, now: Int64) -> Int64 {
        let waits = [2 * hour, day, 7 * day, 30 * day]
        return now + (misses < waits.count ? waits[max(0, misses)] : 90 * day)
    }

    /// A question that fails by itself while others are answered: after five minutes, then twice as long each time, up to
    /// a day.
    static func afterFailure(attempts: Int, now: Int64) -> Int64 {
        now + min(day, (hour / 12) << Int64(min(max(attempts, 0), 12)))
    }

    /// An installed model is asked about once a day.
    static func afterModel(now: Int64) -> Int64 { now + day }

    /// Beyond these nothing is put off: what is has been by a clock that was ahead.
    static func latestLookup(now: Int64) -> Int64 { now + 91 * day }
    static func latestModel(now: Int64) -> Int64 { now + 2 * day }

    /// The beginning of the next day, by which the allowance for second chances is counted.
    static func nextDay(now: Int64) -> Int64 { now - now % day + day }

    /// An image that is not to be had, or is none.
    static func afterUselessImage(now: Int64) -> Int64 { now + 30 * day }

    /// LoRAs are asked about by AutoV3 at the end of everything, and so many a day.
    static let secondChancesPerDay = 100
}
