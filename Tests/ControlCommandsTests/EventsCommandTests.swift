import APIClient
import Glibc
import IndexAPI
import LinuxSystem
import Testing

@testable import ControlCommands

@Suite struct EventsCommandTests {
    private static func stream(_ events: [EventObject]) throws -> String {
        let frames = try events.flatMap { try EventFrame(id: "run-\($0.id)", $0).bytes + EventFrame.heartbeat }
        return String(decoding: EventFrame(id: "run-0").bytes + frames, as: UTF8.self)
    }

    private static func events() -> [EventObject] {
        var added = EventObject(id: 1, event: "file.added", at: "2025-01-01T12:00:00.000Z")
        added.path = "/srv/a.pt"
        added.file = sampleFile(1, "/srv/a.pt")
        var moved = EventObject(id: 2, event: "file.moved", at: "2025-01-01T12:00:01.000Z")
        moved.path = "/srv/b.pt"
        moved.oldPath = "/srv/a\u{1B}.pt"
        var scanned = EventObject(id: 3, event: "scan.completed", at: "2025-01-01T12:00:02.000Z")
        scanned.scan = ScanRecord(id: 9, kind: "scan", root: "/srv", startedAt: "2025-01-01T12:00:00.000Z")
        var offline = EventObject(id: 4, event: "root.offline", at: "2025-01-01T12:00:03.000Z")
        offline.path = "/mnt"
        offline.message = "it is not there"
        return [added, moved, scanned, offline]
    }

    private static func daemon() throws -> CannedDaemon {
        let daemon = CannedDaemon()
        daemon.answers["GET /api/v1/events"] = [(200, try stream(events()))]
        return daemon
    }

    @Test func eachEventIsALineUntilTheDaemonEnds() throws {
        let outcome = runCommand(["events"], try Self.daemon())
        let times = Self.events().map { localTimeText($0.at) }
        #expect(
            outcome.output == """
                \(times[0])  file.added        /srv/a.pt
                \(times[1])  file.moved        /srv/b.pt  was /srv/a\\x1b.pt
                \(times[2])  scan.completed    /srv
                \(times[3])  root.offline      /mnt  (it is not there)

                """)
        #expect(outcome.code == .unreachable)
        #expect(outcome.errors == "kikod-ctl: The daemon has ended the stream of events.\n")
    }

    @Test func forProgramsEachLineIsTheObjectAsItCame() throws {
        let outcome = runCommand(["--json", "events"], try Self.daemon())
        let expected = try Self.events().map { String(decoding: try WireJSON.encode($0), as: UTF8.self) + "\n" }
        #expect(outcome.output == expected.joined())
        #expect(outcome.code == .unreachable)
    }

    @Test func refusalIsNoEndOfTheStream() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/events", APIFailure(.unavailable, "Too many."), status: 503)
        let outcome = runCommand(["events"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.errors == "kikod-ctl: Too many.\n")
    }

    @Test func daemonThatIsNotThereIsToldAsEver() {
        let daemon = CannedDaemon()
        daemon.failure = .unreachable(tried: [ConnectionAttempt(socket: Array("/s".utf8), errno: ENOENT, message: "x")])
        let outcome = runCommand(["events"], daemon)
        #expect(outcome.code == .unreachable)
        #expect(outcome.errors.contains("/s: x"))
    }

    @Test func whatIsNoEventIsNotUnderstood() throws {
        let daemon = CannedDaemon()
        daemon.answers["GET /api/v1/events"] = [(200, "data: {}\n\n")]
        let outcome = runCommand(["events"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.errors.contains("not understood"))
    }

    @Test func localTimeIsTheSameMoment() throws {
        let text = localTimeText("2025-07-01T23:59:58.999Z")
        let numbers = text.split { !$0.isNumber }.compactMap { Int32($0) }
        try #require(numbers.count == 6)
        var parts = unsafe tm()
        unsafe parts.tm_year = numbers[0] - 1900
        unsafe parts.tm_mon = numbers[1] - 1
        unsafe parts.tm_mday = numbers[2]
        unsafe parts.tm_hour = numbers[3]
        unsafe parts.tm_min = numbers[4]
        unsafe parts.tm_sec = numbers[5]
        unsafe parts.tm_isdst = -1
        #expect(unsafe mktime(&parts) == 1_751_414_398)
        #expect(localTimeText("yesterday") == "yesterday")
    }
}
