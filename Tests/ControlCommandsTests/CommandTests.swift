import APIClient
import CommandLineParsing
import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct CommandTests {
    private func scan(_ id: Int64, completed: Bool) -> ScanRecord {
        var scan = ScanRecord(id: id, kind: "scan", root: "/srv/models", startedAt: "2025-01-01T11:59:00.000Z")
        scan.filesSeen = 3
        if completed {
            scan.completedAt = "2025-01-01T11:59:01.500Z"
            scan.durationMilliseconds = 1500
        }
        return scan
    }

    @Test func statusIsToldInWords() throws {
        let daemon = CannedDaemon()
        var files = FileCounts()
        (files.total, files.indexed, files.hashing, files.bytes) = (3, 2, 1, 3 << 30)
        var hashing = HashingStatus()
        (hashing.state, hashing.workers, hashing.bytesPerSecond) = ("running", 2, 500 << 20)
        hashing.current = [HashingProgress(path: "/srv/models/a.ckpt", bytesDone: 1 << 30, size: 2 << 30)]
        let status = StatusAnswer(
            version: "0.1.0", state: "degraded", uptimeSeconds: 11_520.4, pid: 42,
            roots: [
                RootStatus(
                    path: "/srv/models", type: nil, state: "online", watch: "inotify", files: 3, directories: 2,
                    polledDirectories: 0, message: nil),
                RootStatus(
                    path: "/mnt/nas", type: "lora", state: "offline", watch: "poll", files: 0, directories: 0,
                    polledDirectories: 0, message: "the mount point is empty"),
            ],
            files: files, queue: QueueStatus(depth: 1, capacity: 1024, pendingBytes: 1 << 30), hashing: hashing,
            civitai: CivitaiStatus(), database: DatabaseStatus(path: "/d/models.db", schemaVersion: 1, bytes: 4096),
            lastScan: LastScan(id: 1, startedAt: "2025-01-01T11:00:00.000Z", completedAt: "2025-01-01T11:55:00.000Z"))
        try daemon.answer("GET /api/v1/status", status)
        let outcome = runCommand(["status"], daemon)
        #expect(
            outcome.output == """
                kikod 0.1.0 is degraded: it works, but something needs a look; up 3 h 12 min, process 42

                Files      3 (3.0 GiB): 2 indexed, 0 pending, 1 being read, 0 with errors; 0 missing
                Hashing    running, 500.0 MiB/s; 0 files, 0 B since the start, 2 workers
                           50 % of 2.0 GiB  /srv/models/a.ckpt
                Queue      1 of at most 1024 in memory, 1.0 GiB to be read
                CivitAI    off
                Database   /d/models.db (4.0 KiB, schema 1)
                Last scan  5 min ago

                ROOT         TYPE  STATE    WATCH    FILES  DIRECTORIES  POLLED
                /srv/models  -     online   inotify      3            2       0
                /mnt/nas     lora  offline  poll         0            0       0
                /mnt/nas: the mount point is empty

                """)
        #expect(outcome.code == .done)
    }

    private func busyStatus() -> StatusAnswer {
        var hashing = HashingStatus()
        (hashing.state, hashing.workers, hashing.bytesPerSecond) = ("running", 1, 1 << 20)
        hashing.current = [HashingProgress(path: "/srv/models/a.ckpt", bytesDone: 1 << 20, size: 2 << 20)]
        var files = FileCounts()
        files.hashing = 1
        return StatusAnswer(
            version: "0.1.0", state: "ready", uptimeSeconds: 1, pid: 42, roots: [], files: files,
            queue: QueueStatus(depth: 1, capacity: 1024, pendingBytes: 11 << 20), hashing: hashing,
            civitai: CivitaiStatus(), database: DatabaseStatus(path: "/d/models.db", schemaVersion: 1, bytes: 4096),
            lastScan: nil)
    }

    @Test(arguments: [(nil, "\n"), (80, "\u{1B}[H\u{1B}[J")] as [(Int?, String)])
    func statusIsWatchedUntilTheDaemonIsGone(width: Int?, between: String) throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/status", busyStatus())
        let block = runCommand(["status"], daemon, width: width).output
        var turns = 0
        let outcome = runCommand(["status", "--watch"], daemon, width: width) {
            turns += 1
            if turns == 3 { daemon.failure = .unreachable(tried: []) }
        }
        #expect(outcome.output == block + between + block + between + block)
        #expect(outcome.sleeps == [1000, 1000, 1000])
        #expect(outcome.code == .unreachable)
    }

    @Test(arguments: [true, false])
    func aTerminalSeesHowMuchTheScanHasStillToRead(_ isTerminal: Bool) throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        let history = "GET /api/v1/scan-history?limit=200"
        try daemon.answer(history, ScanHistoryAnswer(scans: [scan(7, completed: false)], total: 1))
        try daemon.answer(history, ScanHistoryAnswer(scans: [scan(7, completed: true)], total: 1))
        try daemon.answer("GET /api/v1/status", busyStatus())
        let outcome = runCommand(["scan", "--wait"], daemon, progressWidth: isTerminal ? 80 : nil)
        let line = "\r\u{1B}[K[--------------------]   0 %  0 B of 10.0 MiB  a.ckpt 50 %\r\u{1B}[K"
        #expect(outcome.errors == (isTerminal ? line : ""))
        #expect(outcome.code == .done)
    }

    @Test func lookupTellsHitsAndMisses() throws {
        let daemon = CannedDaemon()
        let hit = LookupResult(hash: "DEADBEEF", matched: ["CRC32"], files: [sampleFile(1, "/srv/models/a.pt")])
        let miss = LookupResult(hash: "00000000", matched: [], files: [])
        try daemon.answer("POST /api/v1/lookup", LookupResults(results: [hit, miss]))
        let outcome = runCommand(["lookup", "DEADBEEF", "00000000"], daemon)
        #expect(
            outcome.output == """
                HASH      AS     TYPE  STATE    PATH
                DEADBEEF  CRC32  lora  indexed  /srv/models/a.pt

                """)
        #expect(outcome.errors == "00000000: no file has it.\n")
        #expect(outcome.code == .nothing)
        let body = try #require(daemon.requests.first?.body)
        #expect(String(decoding: body, as: UTF8.self) == #"{"hashes":["DEADBEEF","00000000"]}"#)
    }

    @Test(arguments: ["1234567", "xyzxyzxyz", ""])
    func aHashThatIsNoneIsWrongUsage(_ hash: String) {
        let daemon = CannedDaemon()
        #expect(runCommand(["lookup", hash], daemon).code == .usage)
        #expect(daemon.requests.isEmpty)
    }

    @Test func scanSendsWhatWasAsked() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        let outcome = runCommand(["scan", "sub", "--rehash", "--accept-empty"], daemon)
        #expect(outcome.output == "Scan 7 of /srv/models has started.\n")
        let body = try #require(daemon.requests.first?.body)
        #expect(
            String(decoding: body, as: UTF8.self) == #"{"accept_empty":true,"path":"/current/sub","rehash":true}"#)
        _ = runCommand(["scan"], daemon)
        let second = try #require(daemon.requests.last?.body)
        #expect(String(decoding: second, as: UTF8.self) == #"{"accept_empty":false,"path":null,"rehash":false}"#)
    }

    @Test func scanWaitsUntilItsRowIsComplete() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        let history = "GET /api/v1/scan-history?limit=200"
        try daemon.answer(
            history, ScanHistoryAnswer(scans: [scan(8, completed: true), scan(7, completed: false)], total: 2))
        try daemon.answer(history, ScanHistoryAnswer(scans: [scan(7, completed: true)], total: 1))
        let outcome = runCommand(["scan", "--wait"], daemon)
        #expect(outcome.sleeps.count == 1)
        #expect(
            outcome.output
                == """
                ID  KIND  STARTED    TOOK  SEEN  NEW  CHANGED  MOVED  MISSING  HASHED  ERRORS  ROOT
                 7  scan  1 min ago   1 s     3    0        0      0        0       0       0  /srv/models

                """)
        #expect(outcome.code == .done)
    }

    @Test func theAgeOfAScanIsCountedFromTheEndOfTheWait() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        let history = "GET /api/v1/scan-history?limit=200"
        var row = scan(7, completed: false)
        row.startedAt = "2025-01-01T12:00:00.100Z"
        try daemon.answer(history, ScanHistoryAnswer(scans: [row], total: 1))
        row.completedAt = "2025-01-01T12:00:00.200Z"
        try daemon.answer(history, ScanHistoryAnswer(scans: [row], total: 1))
        #expect(runCommand(["scan", "--wait"], daemon).output.contains("0 s ago"))
    }

    @Test func aScanWhoseRowIsGoneIsNotWaitedForForever() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        try daemon.answer("GET /api/v1/scan-history?limit=200", ScanHistoryAnswer(scans: [], total: 0))
        #expect(runCommand(["scan", "--wait"], daemon).code == .nothing)
    }

    @Test func historyShowsTwentyUnlessTold() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "GET /api/v1/scan-history?limit=20", ScanHistoryAnswer(scans: [scan(1, completed: false)], total: 1))
        try daemon.answer("GET /api/v1/scan-history?limit=3", ScanHistoryAnswer(scans: [], total: 0))
        #expect(runCommand(["history"], daemon).output.contains("running"))
        #expect(runCommand(["history", "-n", "3"], daemon).errors == "There was no scan yet.\n")
        try daemon.answer("GET /api/v1/scan-history?limit=0", ScanHistoryAnswer(scans: [], total: 5))
        let none = runCommand(["history", "-n", "0"], daemon)
        #expect((none.code, none.output, none.errors) == (.done, "", ""))
    }

    @Test func syncNamesWhatItDidNotWaitFor() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/sync", SyncAnswer(synced: true, skipped: ["/mnt/nas"], waiting: []))
        try daemon.answer("POST /api/v1/sync", SyncAnswer(synced: false, skipped: [], waiting: ["/srv/a.pt"]))
        let good = runCommand(["sync"], daemon)
        #expect(good.output == "The index is up to date.\n")
        #expect(good.errors == "Offline, skipped: /mnt/nas\n")
        #expect(good.code == .done)
        let late = runCommand(["sync", "--hashed", "--timeout=5"], daemon)
        #expect(late.code == .nothing)
        #expect(
            late.errors == "Not yet complete: /srv/a.pt\nkikod-ctl: The index was not up to date within 5 s.\n")
        let request = try #require(daemon.requests.last)
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == #"{"hashed":true,"timeout_seconds":5}"#)
        #expect(try #require(request.timeoutMilliseconds) > 5000)
    }

    @Test func versionAnswersWithoutADaemonToo() {
        let daemon = CannedDaemon()
        daemon.failure = .unreachable(tried: [])
        let outcome = runCommand(["version"], daemon)
        #expect(outcome.output == "kikod-ctl 0.1.0\n")
        #expect(outcome.errors.hasPrefix("kikod-ctl: The daemon cannot be reached."))
        #expect(outcome.code == .unreachable)
        let json = runCommand(["version", "--json"], daemon)
        #expect(json.output == "{\"kikod\":null,\"kikod_ctl\":\"0.1.0\"}\n")
        #expect(json.code == .unreachable)
    }

    @Test func anUnreachableDaemonIsToldWithAllThatWasTried() {
        let daemon = CannedDaemon()
        daemon.failure = .unreachable(tried: [
            ConnectionAttempt(socket: Array("/a/s".utf8), errno: 2, message: "No such file or directory"),
            ConnectionAttempt(socket: Array("/b/s".utf8), errno: 111, message: "Connection refused"),
        ])
        let outcome = runCommand(["roots"], daemon)
        #expect(outcome.code == .unreachable)
        #expect(
            outcome.errors == """
                kikod-ctl: The daemon cannot be reached. Tried:
                  /a/s: No such file or directory
                  /b/s: Connection refused
                Is kikod running? Another socket is named with --socket or KIKOD_SOCKET.

                """)
    }

    @Test func aForeignServerIsNotTakenForTheDaemon() {
        let daemon = CannedDaemon()
        daemon.answers["GET /api/v1/roots"] = [(502, "<html>")]
        let outcome = runCommand(["roots"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.errors.contains("status 502"))
    }

    @Test func wrongUsageIsToldWithTheCommandsHelp() {
        let outcome = runCommand(["lisst"], CannedDaemon())
        #expect(outcome.code == .usage)
        #expect(outcome.errors == "kikod-ctl: Unknown command 'lisst'; did you mean 'list'?\nTry 'kikod-ctl --help'.\n")
    }

    @Test func everyCommandHasHelp() {
        for command in ControlProgram.specification.subcommands {
            let outcome = runCommand([command.name, "--help"], CannedDaemon())
            #expect(outcome.code == .done)
            #expect(outcome.output.hasPrefix("\(command.name) - "))
            #expect(command.isHidden || outcome.output.contains("\nExamples:\n"))
            let prose = outcome.output.split(separator: "\n").filter { !$0.contains("kikod-ctl ") }
            #expect(prose.allSatisfy { columns(String($0)) <= 80 })
        }
    }
}
