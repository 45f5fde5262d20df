internal import CSystemd
internal import Glibc
internal import LinuxSystem
package import Logging

/// Writes records to the journal with their fields (systemd.journal-fields(7)).
package struct JournalHandler: LogHandler {
    /// A handler when stderr is connected to the journal (`JOURNAL_STREAM` of systemd.exec(5)), else nil.
    package init?() {
        guard let stream = unsafe getenv("JOURNAL_STREAM"), let status = try? FileStatus.of(descriptor: 2),
            unsafe String(cString: stream) == Self.streamName(status)
        else { return nil }
    }

    /// "device:inode" as systemd writes them: the device as the C library's one number (makedev(3)).
    static func streamName(_ status: FileStatus) -> String {
        let (major, minor) = (status.device >> 32, status.device & 0xFFFF_FFFF)
        let device = (major & 0xFFF) << 8 | (major & ~0xFFF) << 32 | (minor & 0xFF) | (minor & ~0xFF) << 12
        return "\(device):\(status.inode)"
    }

    package func write(_ record: LogRecord) {
        let fields = Self.fields(of: record).map { Array($0.utf8) }
        let joined = fields.flatMap(\.self)
        let result = unsafe joined.withUnsafeBytes { bytes in
            var vectors = unsafe [iovec]()
            var offset = 0
            for field in fields {
                let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress?.advanced(by: offset))
                unsafe vectors.append(iovec(iov_base: start, iov_len: field.count))
                offset += field.count
            }
            return unsafe sd_journal_sendv(vectors, Int32(vectors.count))
        }
        guard result < 0 else { return }
        // The stream leads to the journal as well, or to whoever took its place.
        let line = Array(Self.line(for: record).utf8)
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    /// A record as a line with its level (sd-daemon(3)), for the stream that stderr is.
    static func line(for record: LogRecord) -> String {
        "<\(record.level.syslogPriority)>\(record.message.onOneLine)\n"
    }

    /// `NAME=value` for each field. Names are upper case letters and underscores, which message catalogues can use.
    static func fields(of record: LogRecord) -> [String] {
        var fields = [
            "MESSAGE=" + record.message.onOneLine, "PRIORITY=\(record.level.syslogPriority)", "SYSLOG_IDENTIFIER=kikod",
        ]
        if let event = record.event { fields.append("MESSAGE_ID=" + event.rawValue) }
        for field in record.fields {
            let name = field.name.uppercased().unicodeScalars.filter { ("A"..."Z").contains($0) || $0 == "_" }
            fields.append("KIKO_" + String(name) + "=" + field.value)
        }
        return fields
    }
}
