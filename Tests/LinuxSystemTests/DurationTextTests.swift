import Testing

@testable import LinuxSystem

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("500ms", .milliseconds(500)), ("2s", .seconds(2)), ("10m", .seconds(600)), ("24h", .seconds(86_400)),
            ("30d", .seconds(2_592_000)), ("1h30m", .seconds(5400)), ("1d2h3m4s5ms", .milliseconds(93_784_005)),
            ("90 s", .seconds(90)), ("0s", .zero), ("106751d", .seconds(9_223_286_400)),
            ("", nil), ("90", nil), ("s", nil), ("1h30", nil), ("30m1h", nil), ("1h1h", nil), ("-1s", nil),
            ("+1s", nil),
            ("1.5h", nil), ("1w", nil), ("1H", nil), (" 1s", nil), ("1s ", nil), ("1  s", nil),
            ("106752d", .seconds(Int64.max)),
            ("106751d24h", .seconds(Int64.max)), ("99999999999999999999s1ms", .seconds(Int64.max)), ("１s", nil),
            ("1h 30m", nil),
        ] as [(String, Duration?)])
    func peopleWriteDurationsWithUnits(_ text: String, _ duration: Duration?) {
        #expect(Duration(text: text) == duration)
    }
}
