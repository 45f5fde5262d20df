import FoundationEssentials
import Testing

@testable import Logging

@Suite struct StandardErrorHandlerTests {
    private func line(_ message: String, _ fields: LogRecord.Field...) -> String {
        StandardErrorHandler.line(
            for: LogRecord(level: .notice, message: message, fields: fields),
            at: Date(timeIntervalSince1970: 1_700_000_000))
    }

    private let start = "2023-11-14T22:13:20Z notice: "

    @Test func lineHasTimeLevelMessageAndFields() {
        #expect(line("started") == start + "started")
        #expect(
            line("hashed", .init("path", "/m/ä.safetensors"), .init("bytes", 25)) == start
                + "hashed path=/m/ä.safetensors bytes=25")
    }

    @Test func levelIsSpeltOut() {
        let record = LogRecord(level: .warning, message: "m")
        #expect(
            StandardErrorHandler.line(for: record, at: Date(timeIntervalSince1970: 0))
                == "1970-01-01T00:00:00Z warning: m")
    }

    @Test(arguments: [
        ("", "\"\""), ("two words", "\"two words\""), ("a\"b", "\"a\\\"b\""), ("a\nb", "\"a\\nb\""),
        ("a\r\nb", "\"a\\r\\nb\""), ("a\tb", "\"a\\tb\""), ("a\u{1B}[31m", "\"a\\u{1B}[31m\""),
        ("a\u{7F}", "\"a\\u{7F}\""), ("plain\\path", "plain\\path"), ("back\\slash end", "\"back\\\\slash end\""),
        // An accent on the quotation mark does not hide it.
        ("a\"\u{301} b", "\"a\\\"\u{301} b\""), ("a b\\", "\"a b\\\\\""), ("a=b", "a=b"),
    ])
    func valuesThatAreNotOnePlainWordAreQuoted(value: String, expected: String) {
        let text = line("m", .init("v", value))
        #expect(Array(text.utf8) == Array((start + "m v=" + expected).utf8))
    }

    @Test(arguments: ["a\nb", "a\r\nb", "a\rb", "\u{85}a", "a\u{0}", "a\n\u{301}b", "\u{9B}31m", "\u{7F}\u{8}"])
    func nothingCanForgeALine(text: String) {
        let record = line(text, .init("path", text))
        #expect(!record.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(record.hasPrefix(start))
    }
}
