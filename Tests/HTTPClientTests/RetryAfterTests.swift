import Testing

@testable import HTTPClient

@Suite struct RetryAfterTests {
    private static let second: Int64 = 1_000_000_000
    /// 1994-11-06T08:49:30Z.
    private let now: Int64 = 784_111_770 * second

    @Test(arguments: [
        ("0", 0), ("120", 120), (" 7\t", 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 7),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 7), ("Sun Nov  6 08:49:37 1994", 7), ("Sun Nov 06 08:49:37 1994", 7),
        ("Mon, 07 Nov 1994 08:49:30 GMT", 86_400), ("Tue, 07 Nov 1995 08:49:30 GMT", 366 * 86_400),
        ("Sun, 06 Nov 1994 08:49:30 GMT", 0), ("Sunday, 06-Nov-43 08:49:30 GMT", 17_897 * 86_400),
    ])
    func bothFormsAreRead(value: String, seconds: Int64) {
        #expect(RetryAfter.nanoseconds(value, now: now) == seconds * Self.second)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "1 2", "soon", "Sun, 06 Nov 1994 08:49:29 GMT", "Sunday, 06-Nov-45 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Wed, 29 Feb 1995 08:49:37 GMT", "Sun, 00 Nov 1995 08:49:37 GMT",
        "Sun, 06 Nov 1995 24:00:00 GMT", "Sun, 06 Nov 1995 8:49:37 GMT", "Sun, 06 nov 1995 08:49:37 GMT",
        "Son, 06 Nov 1995 08:49:37 GMT", "Sunday, 06 Nov 95 08:49:37 GMT", "Sun Nov 6 08:49:37 1995 GMT",
        "Sun, 06-Nov-95 08:49:37 GMT", "Sun, 06 Nov 1995 08:49:37  GMT", "Sun Nov   6 08:49:37 1995", "GMT", ", GMT",
    ])
    func anythingElseIsNone(value: String) {
        #expect(RetryAfter.nanoseconds(value, now: now) == nil)
    }

    @Test func whatIsTooFarAwaySaturates() {
        #expect(RetryAfter.nanoseconds("9223372037", now: 0) == .max)
        #expect(RetryAfter.nanoseconds(String(repeating: "9", count: 400), now: 0) == .max)
        #expect(RetryAfter.nanoseconds("Fri, 31 Dec 9999 23:59:59 GMT", now: 0) == .max)
        #expect(RetryAfter.nanoseconds("Fri, 31 Dec 9999 23:59:59 GMT", now: .min) == .max)
        #expect(RetryAfter.nanoseconds("Sun, 06 Nov 1994 08:49:37 GMT", now: .min) == .max)
        #expect(RetryAfter.nanoseconds("Fri, 01 Jan 0001 00:00:00 GMT", now: .max) == nil)
        #expect(RetryAfter.nanoseconds("Friday, 01-Jan-00 00:00:00 GMT", now: .min) != 1)
    }

    @Test func aLeapDayIsOne() {
        #expect(HTTPDate.seconds(Array("Thu, 29 Feb 2024 00:00:00 GMT".utf8), now: 0) == 1_709_164_800)
        #expect(HTTPDate.seconds(Array("Fri, 01 Mar 2024 00:00:00 GMT".utf8), now: 0) == 1_709_251_200)
        #expect(HTTPDate.seconds(Array("Thu, 01 Jan 1970 00:00:00 GMT".utf8), now: 0) == 0)
        #expect(HTTPDate.seconds(Array("Wed, 31 Dec 1969 23:59:60 GMT".utf8), now: 0) == 0)
    }
}
