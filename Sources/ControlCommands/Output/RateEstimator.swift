/// How fast some work goes, over the last half minute, so that a time left that is told by it does not jump.
struct RateEstimator: Sendable {
    /// The span that is looked at, in nanoseconds.
    static let span: Int64 = 30_000_000_000
    /// From less than this nothing is told.
    static let shortestSpan: Int64 = 3_000_000_000
    /// Samples are no nearer to each other than this, so that their number is bounded.
    private static let distance: Int64 = 200_000_000

    private var samples: [(time: Int64, done: Int64)] = []
    private var newest: (time: Int64, done: Int64)?

    /// Takes in how many bytes are done at a time in nanoseconds. What goes backwards begins anew.
    mutating func add(done: Int64, at time: Int64) {
        if let newest, time < newest.time || done < newest.done { reset() }
        newest = (time, done)
        if let last = samples.last, time - last.time < Self.distance { return }
        samples.append((time, done))
        // One older than the span stays, so that the span is covered.
        while samples.count > 2, time - samples[1].time >= Self.span { samples.removeFirst() }
    }

    /// Forgets all, as after a pause.
    mutating func reset() {
        samples = []
        newest = nil
    }

    /// Bytes a second; nil before there is enough to tell it from.
    var bytesPerSecond: Int64? {
        guard let first = samples.first, let newest, newest.time - first.time >= Self.shortestSpan else { return nil }
        let seconds = Double(newest.time - first.time) / 1e9
        return Int64(exactly: (Double(newest.done - first.done) / seconds).rounded())
    }
}
