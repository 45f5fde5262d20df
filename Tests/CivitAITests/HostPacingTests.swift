import FoundationEssentials
import Testing

@testable import CivitAI

@Suite struct HostPacingTests {
    private static let second: Int64 = 1_000_000_000
    private static let minute = 60 * second
    private static let hour = 60 * minute
    /// A moment of the year 2025.
    private let now: Int64 = 1_750_000_000 * second

    private func error(_ code: CivitAIError.Code, retryAfter: Int64? = nil) -> CivitAIError {
        CivitAIError(code, "civitai.com: \(code.rawValue).", retryAfter: retryAfter)
    }

    /// Seconds of the pause after each failure, without any time between them.
    private func pauses(
        _ codes: [CivitAIError.Code], retryAfter: Int64? = nil, jitter: Double = 0.5
    ) -> (pacing: HostPacing, seconds: [Int64]) {
        var pacing = HostPacing(requestsPerSecond: 1)
        let seconds = codes.map { code -> Int64 in
            pacing.note(error(code, retryAfter: retryAfter), now: now, jitter: jitter)
            return ((pacing.retryAt ?? now) - now) / Self.second
        }
        return (pacing, seconds)
    }

    // MARK: - Failures

    @Test func aHostWithoutFailuresIsAskedAtTheRate() {
        var pacing = HostPacing(requestsPerSecond: 2)
        #expect(pacing.state == .open && pacing.retryAt == nil && pacing.message == nil && pacing.lastSuccess == nil)
        #expect(pacing.earliest(now: now) == now)
        pacing.noteSent(now: now)
        #expect(pacing.earliest(now: now) == now + Self.second / 2)
        pacing.noteSuccess(now: now)
        #expect(pacing.lastSuccess == now && pacing.state == .open)
        #expect(pacing.earliest(now: now) == now + Self.second / 2)
    }

    @Test(
        arguments: [
            (.unavailable, [1, 2, 4, 8, 30, 60, 120, 240, 300, 300]), (.malformed, [1, 2, 4, 8, 30]),
            (.timedOut, [1, 2, 4, 8, 30]), (.connectionLost, [1, 2, 4, 8, 30]), (.redirected, [1, 2, 4, 8, 30]),
            (.cannotConnect, [1, 2, 30, 60, 120, 240, 300]), (.rateLimited, [30, 60, 120, 240, 480, 960, 1800, 1800]),
            (.challenged, [3600, 3600]), (.refused, [3600, 3600]), (.regionBlocked, [86_400, 86_400]),
            (.badRequest, [0, 0, 0, 0, 0, 0]), (.tooLarge, [0, 0, 0, 0, 0, 0]), (.cancelled, [0, 0, 0, 0, 0, 0]),
        ] as [(CivitAIError.Code, [Int64])])
    func failuresInARowLengthenThePause(code: CivitAIError.Code, expected: [Int64]) {
        let (pacing, seconds) = pauses(Array(repeating: code, count: expected.count))
        #expect(seconds == expected)
        let isBlock = [.challenged, .refused, .regionBlocked].contains(code)
        #expect(pacing.state == (expected.last == 0 ? .open : isBlock ? .blocked : .backingOff))
        #expect(pacing.message == (expected.last == 0 ? nil : "civitai.com: \(code.rawValue)."))
        #expect(pacing.isCircuitOpen == (seconds.count > 4 && seconds.contains(30) && code != .rateLimited))
    }

    @Test func failuresOfAllKindsCountTogether() {
        let (pacing, seconds) = pauses([.timedOut, .malformed, .cannotConnect, .unavailable, .connectionLost])
        #expect(seconds == [1, 2, 4, 8, 30])
        #expect(pacing.isCircuitOpen && pacing.consecutiveFailures == 5)
    }

    @Test func theLongestBackOffWithoutAnOpenCircuitIsSpread() {
        for (jitter, factor) in [(0.0, 0.8), (0.5, 1), (0.999_999, 1.2), (-1, 1), (.nan, 1), (7, 1)] {
            var pacing = HostPacing(requestsPerSecond: 1)
            for _ in 0..<4 { pacing.note(error(.unavailable), now: now, jitter: jitter) }
            let seconds = Double((pacing.retryAt ?? now) - now) / Double(Self.second)
            #expect(abs(seconds - 8 * factor) < 0.001)
        }
    }

    @Test(
        arguments: [
            (.rateLimited, 5, 5), (.rateLimited, 0, 1), (.rateLimited, 7200, 7200), (.rateLimited, 1_000_000, 86_400),
            (.unavailable, 2, 2), (.unavailable, 0, 1), (.unavailable, 7200, 7200), (.unavailable, 1_000_000, 86_400),
            (.challenged, 60, 3600), (.challenged, 7200, 7200),
        ] as [(CivitAIError.Code, Int64, Int64)])
    func theHostSaysWhenToComeAgain(code: CivitAIError.Code, retryAfter: Int64, seconds: Int64) {
        #expect(pauses([code], retryAfter: retryAfter * Self.second).seconds == [seconds])
    }

    @Test func aTimeThatIsTooFarAwaySaturates() {
        var pacing = HostPacing(requestsPerSecond: 1)
        for now in [Int64.max, .min, 0] {
            pacing.note(error(.rateLimited, retryAfter: .max), now: now, jitter: 0)
            #expect(pacing.earliest(now: now) >= now)
            pacing.noteSent(now: now)
            pacing.note(error(.cannotConnect), now: now, jitter: 0)
            pacing.noteSuccess(now: now)
        }
    }

    // MARK: - Recovering

    @Test func aSuccessEndsEverything() {
        var (pacing, _) = pauses([.unavailable, .unavailable, .rateLimited, .challenged])
        pacing.noteSuccess(now: now + 1)
        #expect(pacing.state == .open && pacing.retryAt == nil && pacing.consecutiveFailures == 0)
        #expect(!pacing.isCircuitOpen && pacing.lastSuccess == now + 1)
        pacing.note(error(.unavailable), now: now, jitter: 0.5)
        #expect(pacing.retryAt == now + Self.second)
    }

    @Test(arguments: [.badRequest, .tooLarge] as [CivitAIError.Code])
    func aRefusedQuestionIsASignOfLife(code: CivitAIError.Code) {
        var (pacing, _) = pauses([.unavailable, .unavailable, .unavailable, .unavailable, .unavailable])
        pacing.note(error(code), now: now, jitter: 0)
        #expect(pacing.state == .open && !pacing.isCircuitOpen && pacing.consecutiveFailures == 0)
        #expect(pacing.lastSuccess == nil)
    }

    @Test func aCancelledQuestionChangesNothing() {
        var (pacing, _) = pauses([.unavailable, .rateLimited])
        let before = pacing
        pacing.note(error(.cancelled), now: now + 5, jitter: 0)
        #expect(pacing == before)
    }

    @Test func anOpenCircuitLetsOneProbeThrough() {
        var (pacing, _) = pauses([.unavailable, .unavailable, .unavailable, .unavailable, .unavailable])
        #expect(pacing.isCircuitOpen)
        let probe = now + 30 * Self.second
        #expect(pacing.earliest(now: now) == probe)
        #expect(pacing.earliest(now: probe) == probe)
        pacing.noteSent(now: probe)
        #expect(pacing.earliest(now: probe + Self.second) == probe + 30 * Self.second, "while the probe is under way")
        pacing.note(error(.timedOut), now: probe + Self.second, jitter: 0)
        #expect(pacing.earliest(now: probe + Self.second) == probe + 61 * Self.second)
        pacing.noteSent(now: probe + 61 * Self.second)
        pacing.noteSuccess(now: probe + 62 * Self.second)
        #expect(pacing.earliest(now: probe + 63 * Self.second) == probe + 63 * Self.second)
        #expect(!pacing.isCircuitOpen)
    }

    @Test func aProbeThatIsAskedToWaitFindsTheHostAlive() {
        var (pacing, _) = pauses([.cannotConnect, .cannotConnect, .cannotConnect])
        #expect(pacing.isCircuitOpen)
        pacing.note(error(.rateLimited), now: now, jitter: 0)
        #expect(!pacing.isCircuitOpen && pacing.consecutiveFailures == 1)
        #expect(pacing.retryAt == now + 30 * Self.second)
    }

    // MARK: - Rates

    @Test func aHostThatIsAskedTooMuchIsAskedLess() {
        var pacing = HostPacing(requestsPerSecond: 16)
        for rate in [8, 4, 2, 1, 1] as [Double] {
            pacing.note(error(.rateLimited), now: now, jitter: 0)
            #expect(pacing.rate == rate)
        }
        for quickening in 1...15 {
            for _ in 0..<20 {
                #expect(pacing.rate == Double(quickening))
                pacing.noteSuccess(now: now)
            }
        }
        #expect(pacing.rate == 16)
        for _ in 0..<40 { pacing.noteSuccess(now: now) }
        #expect(pacing.rate == 16)
        let later = now + Self.hour
        pacing.noteSent(now: later)
        #expect(pacing.earliest(now: later) == later + Self.second / 16)
    }

    @Test func anotherRateKeepsWhatTheHostAllows() {
        var pacing = HostPacing(requestsPerSecond: 4)
        pacing.note(error(.rateLimited), now: now, jitter: 0)
        pacing.setRate(2)
        #expect(pacing.rate == 1 && pacing.configuredRate == 2)
        pacing.setRate(0)
        #expect(pacing.configuredRate == 1 && pacing.rate == 0.5)
        #expect(HostPacing(requestsPerSecond: .nan).rate == 1)
    }

    // MARK: - Clocks and restarts

    @Test func aClockThatIsSetBackHoldsNobodyForLongerThanMeant() {
        var (pacing, _) = pauses([.challenged])
        let before = now - 1000 * Self.hour
        #expect(pacing.earliest(now: before) == before + Self.hour)
        #expect(pacing.earliest(now: before + Self.minute) == before + Self.hour, "asking does not put it off")
        #expect(pacing.retryAt == before + Self.hour)
        #expect(pacing.earliest(now: before + 2 * Self.hour) == before + 2 * Self.hour)
    }

    @Test func aClockThatIsSetForwardEndsThePause() {
        var (pacing, _) = pauses([.challenged])
        let later = now + 1000 * Self.hour
        #expect(pacing.earliest(now: later) == later)
    }

    @Test func itIsKeptOverRestarts() throws {
        for codes in [
            [], [.unavailable], [.rateLimited, .rateLimited], [.regionBlocked],
            [.cannotConnect, .cannotConnect, .cannotConnect],
        ] as [[CivitAIError.Code]] {
            var (pacing, _) = pauses(codes)
            if codes.isEmpty { pacing.noteSuccess(now: now) }
            let decoded = try JSONDecoder().decode(HostPacing.self, from: JSONEncoder().encode(pacing))
            #expect(decoded.state == pacing.state && decoded.retryAt == pacing.retryAt)
            #expect(decoded.message == pacing.message && decoded.rate == pacing.rate)
            #expect(decoded.consecutiveFailures == pacing.consecutiveFailures)
            #expect(decoded.isCircuitOpen == pacing.isCircuitOpen && decoded.lastSuccess == pacing.lastSuccess)
        }
    }

    @Test(arguments: [
        "{}", #"{"rate":-1,"configuredRate":"x","failures":-5,"openings":9223372036854775807}"#,
        #"{"since":5,"until":1,"message":"m"}"#, #"{"since":1,"until":2}"#, #"{"message":7,"since":null}"#,
        #"{"configuredRate":1e-320,"rate":1e308,"rateLimits":1.5}"#,
        #"{"failures":9000000000000000000,"rateLimits":9000000000000000000,"future":[1]}"#,
    ])
    func whatIsKeptMayBeDamaged(text: String) throws {
        var pacing = try JSONDecoder().decode(HostPacing.self, from: Data(text.utf8))
        #expect(pacing.state == .open && pacing.earliest(now: now) == now && !pacing.isCircuitOpen)
        for code in [.unavailable, .rateLimited, .cannotConnect] as [CivitAIError.Code] {
            pacing.noteSent(now: now)
            pacing.note(error(code), now: now, jitter: 0)
        }
        pacing.setRate(1)
    }

    @Test func aKeptPauseIsNeverLongerThanADay() throws {
        let text = #"{"since":-9223372036854775808,"until":9223372036854775807,"message":"m","isBlock":true}"#
        var pacing = try JSONDecoder().decode(HostPacing.self, from: Data(text.utf8))
        #expect(pacing.state == .blocked && pacing.earliest(now: now) == now)
    }
}
