import Glibc
import LinuxSystem
import Logging
import TestSupport
import Testing

@testable import LinuxSystem
@testable import Systemd

@Suite(.timeLimit(.minutes(1))) struct JournalHandlerTests {
    @Test func recordBecomesFields() {
        let record = LogRecord(
            level: .warning, message: "two\nlines", event: .rootOffline,
            fields: [.init("path", "/m/a b\n"), .init("bytes", 25)])
        let expected = [
            "MESSAGE=two\\nlines", "PRIORITY=4", "SYSLOG_IDENTIFIER=kikod",
            "MESSAGE_ID=4bceee49aad34e31b27b7a777e257f51", "KIKO_PATH=/m/a b\n", "KIKO_BYTES=25",
        ]
        #expect(JournalHandler.fields(of: record) == expected)
    }

    @Test func whatTheJournalDoesNotTakeGoesOutAsOneLine() {
        let record = LogRecord(level: .error, message: "a\r\nb\u{1B}[2J", event: .failed)
        #expect(JournalHandler.line(for: record) == "<3>a\\r\\nb\\u{1B}[2J\n")
    }

    @Test func fieldsThatARecordHasNotAreLeftOut() {
        let fields = JournalHandler.fields(of: LogRecord(level: .debug, message: ""))
        #expect(fields == ["MESSAGE=", "PRIORITY=7", "SYSLOG_IDENTIFIER=kikod"])
    }

    /// systemd.journal-fields(7) takes digits too, message catalogues do not.
    @Test(arguments: [
        ("data_dir", "KIKO_DATA_DIR"), ("sha256", "KIKO_SHA"), ("a-b.c d", "KIKO_ABCD"), ("_x", "KIKO__X"),
        ("größe", "KIKO_GRSSE"), ("ſ", "KIKO_S"), ("a=b\nMESSAGE", "KIKO_ABMESSAGE"), ("b\u{308}", "KIKO_B"),
    ])
    func namesHaveUpperCaseLettersAndUnderscoresOnly(name: String, expected: String) {
        let fields = JournalHandler.fields(of: LogRecord(level: .info, message: "m", fields: [.init(name, "v")]))
        #expect(fields.last == expected + "=v")
    }

    @Test(arguments: zip(LogLevel.allCases, ["7", "6", "5", "4", "3"]))
    func levelsArePrioritiesOfSyslog(level: LogLevel, priority: String) {
        #expect(JournalHandler.fields(of: LogRecord(level: level, message: "m"))[1] == "PRIORITY=" + priority)
    }

    /// Expected numbers are those of Python's `os.makedev(major, minor)`, which is makedev(3).
    @Test(
        arguments: [
            (8, 1, "2049"), (259, 7, "66311"), (0, 38, "38"), (4095, 1_048_575, "4294967295"),
            (4096, 256, "17592187092992"), (253, 300, "1113388"),
        ] as [(UInt64, UInt64, String)])
    func streamIsDeviceAndInode(major: UInt64, minor: UInt64, device: String) {
        let status = FileStatus(
            kind: .other, size: 0, modified: 0, changed: 0, born: nil, inode: 12_345, device: major << 32 | minor,
            links: 1, owner: 0, group: 0, mode: 0)
        #expect(JournalHandler.streamName(status) == device + ":12345")
    }

    @Test func streamIsWhatStatSays() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a")
            try writeFile(path, "")
            var raw = stat()
            #expect(unsafe stat(path.description, &raw) == 0)
            #expect(JournalHandler.streamName(try FileStatus.of(path)) == "\(raw.st_dev):\(raw.st_ino)")
        }
    }

    @Test func journalIsUsedOnlyWhenStandardErrorIsTheStreamThatWasNamed() async throws {
        await #expect(processExitsWith: .success) {
            unsafe unsetenv("JOURNAL_STREAM")
            #expect(JournalHandler() == nil)
            let here = JournalHandler.streamName(try FileStatus.of(descriptor: 2))
            unsafe setenv("JOURNAL_STREAM", here, 1)
            #expect(JournalHandler() != nil)
            for other in ["", "1:1", here + "0", "x"] {
                unsafe setenv("JOURNAL_STREAM", other, 1)
                #expect(JournalHandler() == nil, "\(other)")
            }
        }
    }
}
