internal import FoundationEssentials
internal import Glibc

/// One line a record on stderr: time, level, message, `name=value` fields. No colours.
package struct StandardErrorHandler: LogHandler {
    package init() {}

    package func write(_ record: LogRecord) {
        let line = Array((Self.line(for: record, at: Date()) + "\n").utf8)
        // One write(2) a line, so that lines of several threads do not mix. A lost log line is no reason to fail.
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    static func line(for record: LogRecord, at time: Date) -> String {
        var line = time.formatted(.iso8601) + " " + record.level.rawValue + ": " + singleLine(record.message)
        for field in record.fields { line += " " + field.name + "=" + quoted(field.value) }
        return line
    }

    /// The value itself if it is one plain word, else in quotes, with those in it and control characters escaped.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && !isControl($0) }
        return isPlain ? value : "\"" + escaped(value, inQuotes: true) + "\""
    }

    /// The text with control characters shown as escapes: no name of a file can forge a log line.
    private static func singleLine(_ text: String) -> String {
        text.unicodeScalars.contains(where: isControl) ? escaped(text, inQuotes: false) : text
    }

    /// Scalar by scalar, since a character may hide a quotation mark or a newline among others.
    private static func escaped(_ text: String, inQuotes: Bool) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\"" where inQuotes, "\\" where inQuotes: "\\" + String(scalar)
            default: isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
            }
        }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}
