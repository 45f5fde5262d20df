import Testing

@testable import ControlCommands

@Suite struct OutputTests {
    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
        (3 << 30, "3.0 GiB"), (Int64.max, "8.0 EiB"),
    ])
    func sizesHaveBinaryUnits(_ bytes: Int64, _ text: String) {
        #expect(sizeText(bytes) == text)
    }

    @Test(arguments: [
        (-5, "0 ms"), (999, "999 ms"), (1000, "1 s"), (60_000, "1 min"), (61_000, "1 min 1 s"),
        (11_520_000, "3 h 12 min"), (90_000_000, "1 d 1 h"),
    ])
    func durationsHaveTwoUnits(_ milliseconds: Int64, _ text: String) {
        #expect(durationText(milliseconds: milliseconds) == text)
    }

    @Test(arguments: [
        ("2025-01-01T11:59:59.000Z", "1 s ago"), ("2024-12-30T12:00:00Z", "2 d ago"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), ("never", "never"),
    ])
    func agesAreRoundedDown(_ time: String, _ text: String) {
        #expect(ageText(time, now: testNow) == text)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "ab…efg"), ("abcdefg", 1, "…"), ("日本語版", 5, "日…版"),
        ("日本語版", 8, "日本語版"), ("e\u{301}e\u{301}e\u{301}", 3, "e\u{301}e\u{301}e\u{301}"), ("abc", 0, ""),
    ])
    func textIsCutInTheMiddle(_ text: String, _ width: Int, _ expected: String) {
        #expect(cutInTheMiddle(text, to: width) == expected)
        #expect(columns(expected) <= width)
    }

    @Test(arguments: [("✨ x", 4), ("⭐", 2), ("★", 1), ("🦊", 2), ("🪄", 2), ("\u{200B}a", 1), ("é", 1), ("한", 2)])
    func picturesTakeTwoColumns(_ text: String, _ expected: Int) {
        #expect(columns(text) == expected)
    }

    @Test func wideLettersTakeTwoColumns() {
        var table = TextTable([.init(title: "A"), .init(title: "B")])
        table.add(["日本", "x"])
        table.add(["a", "y"])
        var lines: [String] = []
        table.write(TextTable.Style()) { lines.append($0) }
        #expect(lines == ["A     B", "日本  x", "a     y"])
    }

    @Test func theWidestColumnGivesFirst() {
        var table = TextTable([.init(title: "A", isFlexible: true), .init(title: "B", isFlexible: true)])
        table.add([String(repeating: "a", count: 30), String(repeating: "b", count: 14)])
        var lines: [String] = []
        table.write(TextTable.Style(width: 36)) { lines.append($0) }
        #expect(lines.last == "aaaaaaaaa…aaaaaaaaaa  bbbbbbbbbbbbbb")
    }
}
