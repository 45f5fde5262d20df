internal import LinuxSystem

/// Bytes a second over the last ten seconds, from readings of a growing total.
struct RateMeter: Sendable {
    private static let window: Int64 = 10_000_000_000
    private var readings: [(at: MonotonicTime, total: UInt64)] = []

    /// Takes a reading and returns the rate since the oldest one in the window.
    mutating func rate(total: UInt64, at now: MonotonicTime) -> Int64 {
        // Readings closer than a tenth of a second add nothing but memory.
        if readings.last.map({ now.since($0.at) >= 100_000_000 }) ?? true { readings.append((now, total)) }
        while readings.count > 1, now.since(readings[0].at) > Self.window { readings.removeFirst() }
        guard let oldest = readings.first, total >= oldest.total else { return 0 }
        let elapsed = now.since(oldest.at)
        guard elapsed > 0 else { return 0 }
        return Int64(exactly: (Double(total - oldest.total) / (Double(elapsed) / 1e9)).rounded()) ?? .max
    }
}
