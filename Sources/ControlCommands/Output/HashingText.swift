internal import IndexAPI

/// What holds the hashing up, in words: `paused until 14:05`; nil when nothing does.
func holdUpText(_ hashing: HashingStatus, now: Int64) -> String? {
    switch hashing.state {
    case "paused":
        return "paused until " + (hashing.until.map { localMinuteText($0, now: now) } ?? "kikod-ctl resume")
    case "backing_off":
        return "backing off for other programs"
            + (hashing.until.map { " until " + localMinuteText($0, now: now) } ?? "")
    default: return nil
    }
}

/// How long so many bytes take at a rate; nil where there is nothing to tell it from.
func timeLeftText(bytes: Int64, bytesPerSecond: Int64?) -> String? {
    // A rate of less than a byte a millisecond tells no time worth showing.
    guard bytes > 0, let bytesPerSecond, bytesPerSecond >= 1000 else { return nil }
    let seconds = bytes / bytesPerSecond
    guard seconds < 1_000_000_000 else { return nil }
    return durationText(milliseconds: max(1, seconds) * 1000) + " left"
}

/// How much of a file is read: `45 %`.
func percentText(_ done: Int64, of size: Int64) -> String {
    guard size > 0 else { return "0 %" }
    return "\(Int(min(1, max(0, Double(done) / Double(size))) * 100)) %"
}

extension Int64 {
    /// The sum, or the largest or smallest number where it is beyond that.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension HashingStatus {
    /// Bytes of the files that are being read that have been read.
    var bytesInFlight: Int64 { current.reduce(0) { $0.addingSaturated(max(0, $1.bytesDone)) } }
}

extension StatusAnswer {
    /// Bytes of the pending files that have not been read.
    var bytesLeft: Int64 {
        // What is being read is pending, or is read once more.
        let isPending = files.hashing > 0
        return max(0, queue.pendingBytes.addingSaturated(isPending ? -hashing.bytesInFlight : 0))
    }
}
