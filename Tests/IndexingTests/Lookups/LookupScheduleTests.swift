import Testing

@testable import Indexing

/// When CivitAI is asked again.
@Suite struct LookupScheduleTests {
    private static let hour: Int64 = 3_600_000_000_000

    private static let misses: [(Int, Int64)] = [
        (0, 2), (1, 24), (2, 168), (3, 720), (4, 2160), (500, 2160), (-1, 2),
    ]

    @Test(arguments: misses)
    func whatIsNotFoundIsAskedForLessAndLessOften(misses: Int, hours: Int64) {
        #expect(LookupSchedule.afterNotFound(misses: misses, now: 5) == 5 + hours * Self.hour)
    }

    private static let failures: [(Int, Int64)] = [
        (0, 300), (1, 600), (2, 1200), (8, 76_800), (9, 86_400), (5000, 86_400), (-3, 300),
    ]

    @Test(arguments: failures)
    func whatFailsIsAskedAgainAfterTwiceAsLong(attempts: Int, seconds: Int64) {
        #expect(LookupSchedule.afterFailure(attempts: attempts, now: 7) == 7 + seconds * 1_000_000_000)
    }
}
