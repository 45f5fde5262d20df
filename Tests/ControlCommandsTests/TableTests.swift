import IndexAPI
import TestSupport
import Testing

@testable import ControlCommands

@Suite struct TableTests {
    private func lines(_ table: TextTable, _ width: Int?, colour: Bool = false) -> [String] {
        var lines: [String] = []
        table.write(TextTable.Style(width: width, hasColour: colour)) { lines.append($0) }
        return lines
    }

    private func history() -> TextTable {
        var scan = ScanRecord(id: 1234, kind: "rehash", root: "/srv/models", startedAt: "2025-01-01T11:00:00.000Z")
        (scan.completedAt, scan.durationMilliseconds) = ("2025-01-01T11:10:10.000Z", 610_000)
        (scan.filesSeen, scan.filesHashed) = (123_456, 123_456)
        return scansTable([scan], now: testNow)
    }

    @Test func columnsThatSayNothingGoWhereTheTerminalIsTooNarrow() {
        #expect(
            lines(history(), 80) == [
                "  ID  KIND    STARTED         TOOK    SEEN  HASHED  ROOT",
                "1234  rehash  1 h ago  10 min 10 s  123456  123456  /srv/models",
            ])
        #expect(lines(history(), 200)[0].contains("MOVED"))
        #expect(lines(history(), nil)[0].contains("MOVED"))
    }

    @Test func whatDoesNotFitAtAllIsABlockForEachRow() {
        #expect(
            lines(history(), 30) == [
                "ID       1234", "KIND     rehash", "STARTED  1 h ago", "TOOK     10 min 10 s", "SEEN     123456",
                "NEW      0", "CHANGED  0", "MOVED    0", "MISSING  0", "HASHED   123456", "ERRORS   0",
                "ROOT     /srv/models",
            ])
    }

    @Test(arguments: [20, 40, 80, 200])
    func noLineIsLongerThanTheTerminal(width: Int) {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let titles = (1...Int.random(in: 1...9, using: &random)).map { String(repeating: "T", count: $0) }
            var table = TextTable(
                titles.enumerated().map { index, title in
                    .init(title: title, isRight: index % 3 == 0, isFlexible: Bool.random(using: &random))
                })
            for _ in 0..<3 { table.add(titles.map { _ in cell(&random) }) }
            for line in lines(table, width) { #expect(columns(line) <= width, "seed \(seed): \(line)") }
        }
    }

    private func cell(_ random: inout SeededGenerator) -> String {
        let letters = ["a", "語", "é", "e\u{301}"]
        let words = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            String(repeating: letters[Int.random(in: 0..<letters.count, using: &random)], count: 7)
        }
        return words.joined(separator: Bool.random(using: &random) ? " " : "/")
    }

    @Test func tintsTakeNoColumns() {
        var table = TextTable([
            .init(title: "N", isRight: true), .init(title: "STATE", tint: Tint.ofState),
            .init(title: "PATH", isFlexible: true),
        ])
        table.add(["1", "error", String(repeating: "x", count: 30)])
        table.add(["22", "indexed", "-"])
        let coloured = lines(table, 30, colour: true)
        #expect(
            coloured[1...] == [
                " 1  \u{1B}[31merror\u{1B}[0m    xxxxxxxx…xxxxxxxx",
                "22  \u{1B}[32mindexed\u{1B}[0m  \u{1B}[2m-\u{1B}[0m",
            ])
        let plain = coloured.map { $0.replacing(#/\e\[[0-9]*m/#, with: "") }
        #expect(plain == lines(table, 30))
    }

    @Test(
        arguments: [
            (80, ["TERM": "xterm"], true), (nil, ["TERM": "xterm"], false), (80, ["TERM": "dumb"], false),
            (80, [:], false), (80, ["TERM": "xterm", "NO_COLOR": "1"], false),
            (80, ["TERM": "xterm", "NO_COLOR": ""], true),
        ] as [(Int?, [String: String], Bool)])
    func coloursAreForTerminalsThatWantThem(width: Int?, environment: [String: String], expected: Bool) throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "GET /api/v1/files", FilesAnswer(files: [sampleFile(1, "/srv/a.pt", state: "missing")], total: 1))
        let outcome = runCommand(["list"], daemon, width: width, environment: environment)
        #expect(outcome.output.contains("\u{1B}[33mmissing\u{1B}[0m") == expected)
        #expect(outcome.output.contains("\u{1B}") == expected)
    }

    @Test(arguments: [
        ("one two three", 20, ["one two three"]), ("one two three", 9, ["one two", "  three"]),
        ("  one two", 6, ["  one", "  two"]), ("a  /long/path", 6, ["a", "  /long/path"]),
        ("/a/very/long/path: why", 8, ["/a/very/long/path:", "  why"]),
        ("日本 語版", 6, ["日本", "  語版"]), ("", 5, [""]),
    ])
    func textIsBrokenAtBlanks(_ text: String, _ width: Int, _ expected: [String]) {
        #expect(wrapped(text, to: width, indent: 2) == expected)
        #expect(wrapped(text, to: nil, indent: 2) == [text])
    }
}
