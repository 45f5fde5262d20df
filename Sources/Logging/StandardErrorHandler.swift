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
        var line = time.formatted(.iso8601) + " " + record.level.rawValue + ": " + record.message.onOneLine
        for field in record.fields { line += " " + field.name + "=" + field.value.asOneWord }
        return line
    }
}
