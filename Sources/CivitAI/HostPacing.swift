internal import HTTPClient

/// When a host may be asked next: politeness, patience after failures, and what to tell people of it.
///
/// It has neither a clock nor chance: moments are nanoseconds since 1970 by the wall clock, so that they hold over
/// restarts, and `jitter` is any number from 0 up to 1.
package struct HostPacing: Sendable, Hashable {
    /// How a host stands.
    package enum State: String, Sendable, Hashable {
        /// Asked as often as the rate allows.
        case open
        /// Left alone for a while after failures, or because it wants it.
        case backingOff
        /// It does not want this client, or nobody from here.
        case blocked
    }

    private static let second: Int64 = 1_000_000_000
    private static let hour = 3600 * second
    /// After so many failures in a row only a probe is sent now and then.
    private static let toleratedFailures = 5
    private static let toleratedConnectFailures = 3
    /// The slowest that a host can make this client, as a part of what is configured; and by how much it quickens after
    /// so many successes.
    private static let slowest = 1.0 / 16
    private static let successesToQuicken = 20

    private var bucket: TokenBucket
    var counts = Counts()
    var pause: HostPause?
    /// Questions a second that are configured, and that the host allows at present.
    private(set) var configuredRate: Double
    private(set) var rate: Double
    /// When the last usable answer came, in nanoseconds since 1970.
    package var lastSuccess: Int64?

    /// What happened since the last success.
    struct Counts: Sendable, Hashable {
        var failures = 0
        var connectFailures = 0
        var rateLimits = 0
        /// How often in a row only a probe was left.
        var openings = 0
        var successesSinceQuicker = 0
    }

    package init(requestsPerSecond: Double) { self.init(configured: requestsPerSecond, rate: requestsPerSecond) }

    init(configured: Double, rate: Double) {
        configuredRate = Self.usable(configured)
        self.rate = max(configuredRate * Self.slowest, min(Self.usable(rate), configuredRate))
        bucket = TokenBucket(ratePerSecond: self.rate)
    }

    // MARK: - What is known

    package var state: State {
        guard let pause else { return .open }
        return pause.isBlock ? .blocked : .backingOff
    }

    /// When the host is tried again, which may have passed; nil while it is open.
    package var retryAt: Int64? { pause?.until }

    /// Why the host is left alone, as a sentence for people; nil while it is open.
    package var message: String? { pause?.message }

    /// Questions in a row without a usable answer.
    package var consecutiveFailures: Int { counts.failures + counts.rateLimits }

    /// Whether the host has failed so often that only a probe is sent now and then.
    package var isCircuitOpen: Bool { counts.openings > 0 }

    /// When the next question may be sent; `now` if it may be at once.
    package mutating func earliest(now: Int64) -> Int64 {
        pause?.adjust(to: now)
        return max(bucket.earliest(now: now), pause?.until ?? now)
    }

    // MARK: - What happens

    /// Has so many questions be asked in a second from now on; a host that made this client slower keeps it so.
    package mutating func setRate(_ requestsPerSecond: Double) {
        let part = rate / configuredRate
        configuredRate = Self.usable(requestsPerSecond)
        setCurrentRate(configuredRate * part)
    }

    /// A question goes out.
    package mutating func noteSent(now: Int64) {
        bucket.take(at: now)
        // The probe is the only one until its outcome is known.
        if isCircuitOpen, let message { pause = pause(openingTime, now, message) }
    }

    /// A usable answer came.
    package mutating func noteSuccess(now: Int64) {
        lastSuccess = now
        noteLife()
        guard rate < configuredRate else { return }
        counts.successesSinceQuicker += 1
        if counts.successesSinceQuicker >= Self.successesToQuicken {
            setCurrentRate(rate + configuredRate * Self.slowest)
        }
    }

    /// A question failed.
    package mutating func note(_ error: CivitAIError, now: Int64, jitter: Double) {
        switch error.code {
        case .cancelled: break
        // The host lives; it is this question that cannot be answered.
        case .badRequest, .tooLarge: noteLife()
        case .regionBlocked: block(24 * Self.hour, error, now)
        case .challenged, .refused: block(Self.hour, error, now)
        case .rateLimited: noteRateLimit(error, now)
        case .unavailable, .timedOut, .cannotConnect, .connectionLost, .malformed, .redirected:
            noteFailure(error, now, jitter)
        }
    }

    /// Nothing stands against the host any more.
    private mutating func noteLife() {
        pause = nil
        counts = Counts(successesSinceQuicker: counts.successesSinceQuicker)
    }

    private mutating func block(_ nanoseconds: Int64, _ error: CivitAIError, _ now: Int64) {
        noteLife()
        counts.failures = 1
        let wait = max(nanoseconds, error.retryAfter ?? 0)
        pause = HostPause(isBlock: true, from: now, nanoseconds: wait, message: error.message)
    }

    private mutating func noteRateLimit(_ error: CivitAIError, _ now: Int64) {
        let limits = counts.rateLimits
        noteLife()
        counts.rateLimits = Self.increased(limits)
        let wait = error.retryAfter.map { max($0, Self.second) }
        pause = pause(wait ?? Self.doubled(30 * Self.second, limits, most: 1800 * Self.second), now, error.message)
        setCurrentRate(rate / 2)
    }

    private mutating func noteFailure(_ error: CivitAIError, _ now: Int64, _ jitter: Double) {
        let wait = Self.doubled(Self.second, counts.failures, most: 30 * Self.second)
        counts.failures = Self.increased(counts.failures)
        if error.code == .cannotConnect { counts.connectFailures = Self.increased(counts.connectFailures) }
        let isOpening =
            counts.failures >= Self.toleratedFailures || counts.connectFailures >= Self.toleratedConnectFailures
        if isOpening { counts.openings = Self.increased(counts.openings) }
        // Many clients that failed together should not come back together.
        let spread = 0.8 + 0.4 * (jitter >= 0 && jitter < 1 ? jitter : 0.5)
        let own = isOpening ? openingTime : Int64(Double(wait) * spread)
        pause = pause(max(own, error.retryAfter ?? 0), now, error.message)
    }

    private func pause(_ nanoseconds: Int64, _ now: Int64, _ message: String) -> HostPause {
        HostPause(isBlock: false, from: now, nanoseconds: nanoseconds, message: message)
    }

    /// How long a host with an open circuit is left alone.
    private var openingTime: Int64 { Self.doubled(30 * Self.second, counts.openings - 1, most: 300 * Self.second) }

    private mutating func setCurrentRate(_ wanted: Double) {
        rate = max(configuredRate * Self.slowest, min(wanted, configuredRate))
        bucket.setRate(rate)
        counts.successesSinceQuicker = 0
    }

    // MARK: - Numbers

    private static func usable(_ rate: Double) -> Double { rate > 0 && rate.isFinite ? rate : 1 }

    private static func increased(_ count: Int) -> Int { min(count + 1, 1_000_000) }

    /// `first` doubled so many times.
    private static func doubled(_ first: Int64, _ times: Int, most: Int64) -> Int64 {
        (0..<max(0, min(times, 32))).reduce(first) { length, _ in min(length * 2, most) }
    }
}
