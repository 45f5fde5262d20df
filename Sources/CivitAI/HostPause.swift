internal import HTTPClient

/// Why and until when a host is left alone.
struct HostPause: Sendable, Hashable {
    /// Nobody is left alone for longer.
    static let longest: Int64 = 86_400_000_000_000

    /// Not a length of time but a judgement: somebody has to do something.
    let isBlock: Bool
    /// A sentence for people.
    let message: String
    private(set) var since: Int64
    private(set) var until: Int64

    init(isBlock: Bool, from now: Int64, nanoseconds: Int64, message: String) {
        self.isBlock = isBlock
        self.message = message
        since = now
        until = now.advanced(saturating: max(0, min(nanoseconds, Self.longest)))
    }

    /// Begins anew where the clock was set back to before its beginning, so that it is never longer than it was meant.
    mutating func adjust(to now: Int64) {
        if now < since { self = Self(isBlock: isBlock, from: now, nanoseconds: length, message: message) }
    }

    private var length: Int64 { until.subtractingReportingOverflow(since).partialValue }
}
