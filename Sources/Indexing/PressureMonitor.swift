internal import LinuxSystem

/// Tells whether others on the machine wait for drives, from what the kernel counts for all tasks and for kikod's own.
///
/// What all tasks waited is no measure by itself: one reader on a disk where nothing else goes on waits 94 % of the time.
struct PressureMonitor: Sendable {
    /// One look: microseconds since the system started.
    struct Sample: Sendable {
        let at: MonotonicTime
        let all: Int64
        let own: Int64
    }

    /// The figures are compared over so long.
    static let window: Int64 = 10_000_000_000
    /// Between two looks.
    static let interval: Int64 = 2_000_000_000
    /// Above this part of the time others suffer; below the second one they no longer do.
    private static let tooMuch = 0.20
    private static let littleAgain = 0.10

    private var samples: [Sample] = []
    /// The part of the last ten seconds for which others waited while kikod did not; nil before there were ten.
    private(set) var othersWait: Double?
    /// True while reading has to make room.
    private(set) var isHigh = false

    /// Takes the next look.
    mutating func add(_ sample: Sample) {
        samples.append(sample)
        // The oldest that is kept is the youngest that is old enough.
        while samples.count > 2, sample.at.since(samples[1].at) >= Self.window { samples.removeFirst() }
        guard let first = samples.first, sample.at.since(first.at) >= Self.window else { return }
        let microseconds = Double(sample.at.since(first.at)) / 1000
        let others = Double(sample.all - first.all) - Double(sample.own - first.own)
        let share = min(1, max(0, others / microseconds))
        othersWait = share
        isHigh = share > (isHigh ? Self.littleAgain : Self.tooMuch)
    }

    var hasSamples: Bool { !samples.isEmpty }
}
