import APIClient
import IndexAPI
import LinuxSystem
import Testing

@testable import ControlCommands

/// `pause`, `resume` and `verify`, and what `status` says of them.
@Suite struct ReadingCommandTests {
    private func hashing(_ state: String, until: String? = nil) -> HashingStatus {
        var hashing = HashingStatus()
        (hashing.state, hashing.until) = (state, until)
        return hashing
    }

    @Test(
        arguments: [
            ([], "null"), (["30s"], "30"), (["10m"], "600"), (["2h"], "7200"), (["1d"], "86400"), (["1h30m"], "5400"),
            (["1500ms"], "2"), (["3650d"], "315360000"),
        ] as [([String], String)])
    func pauseSendsSeconds(_ operands: [String], seconds: String) throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/pause", hashing("paused"))
        let outcome = runCommand(["pause"] + operands, daemon)
        #expect(outcome.output == "Hashing is paused until kikod-ctl resume.\n")
        let body = try #require(daemon.requests.first?.body)
        #expect(String(decoding: body, as: UTF8.self) == #"{"seconds":\#(seconds)}"#)
    }

    @Test(arguments: [
        ("90", "'90' has no unit: 90s, 90m, 90h or 90d is expected."),
        ("soon", "'soon' is not a duration such as 30s, 10m, 2h, 1d or 1h30m."),
        ("0s", "'0s': a pause lasts from 1s to 3650d."), ("3651d", "'3651d': a pause lasts from 1s to 3650d."),
        ("9999999d", "'9999999d': a pause lasts from 1s to 3650d."),
    ])
    func aPauseThatIsNoDurationIsWrongUsage(_ text: String, sentence: String) {
        let daemon = CannedDaemon()
        let outcome = runCommand(["pause", text], daemon)
        #expect(outcome.code == .usage)
        #expect(outcome.errors == "kikod-ctl: \(sentence)\nTry 'kikod-ctl pause --help'.\n")
        #expect(daemon.requests.isEmpty)
    }

    @Test func theEndOfAPauseIsToldInLocalTime() throws {
        let daemon = CannedDaemon()
        for until in ["2025-01-01T12:05:30.000Z", "2025-01-03T12:05:30.000Z"] {
            try daemon.answer("POST /api/v1/pause", hashing("paused", until: until))
        }
        let local = localTimeText("2025-01-01T12:05:30.000Z")
        let minute = local.dropFirst(11).prefix(5)
        // Five minutes are in the same day nearly everywhere.
        let isSameDay = local.prefix(10) == localTimeText("2025-01-01T12:00:00.000Z").prefix(10)
        let shown = isSameDay ? String(minute) : String(local.prefix(16))
        #expect(runCommand(["pause", "6m"], daemon).output == "Hashing is paused until \(shown).\n")
        let later = localTimeText("2025-01-03T12:05:30.000Z").prefix(16)
        #expect(runCommand(["pause", "2d"], daemon).output == "Hashing is paused until \(later).\n")
    }

    @Test func resumeSaysThatItGoesOn() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/resume", hashing("idle"))
        #expect(runCommand(["resume"], daemon).output == "Hashing goes on.\n")
        #expect(runCommand(["resume", "--json"], daemon).output.contains(#""state":"idle""#))
    }

    @Test func statusTellsWhatHoldsTheHashingUp() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/status", status(total: 0, pending: 0) { $0.state = "paused" })
        try daemon.answer(
            "GET /api/v1/status",
            status(total: 0, pending: 60 << 20) { ($0.state, $0.bytesPerSecond) = ("backing_off", 1 << 20) })
        #expect(runCommand(["status"], daemon).output.contains("Hashing    paused until kikod-ctl resume; "))
        #expect(
            runCommand(["status"], daemon).output.contains(
                "Hashing    backing off for other programs, 1.0 MiB/s, 1 min left; "))
    }

    @Test func bytesLeftAreThoseOfPendingFilesWhateverTheSizes() {
        let huge = HashingProgress(path: "/a", bytesDone: .max, size: .max)
        var answer = status(total: 0, pending: .max) { $0.current = [huge, huge] }
        #expect(answer.hashing.bytesInFlight == .max)
        #expect(answer.bytesLeft == 0)
        // Nothing of it is pending, so all of it is read once more.
        answer.files.hashing = 0
        #expect(answer.bytesLeft == .max)
    }

    // MARK: - verify

    private func row(_ change: (inout ScanRecord) -> Void = { _ in }) -> ScanRecord {
        var row = ScanRecord(id: 9, kind: "verify", root: "/srv/models", startedAt: "2025-01-01T11:59:59.000Z")
        (row.filesSeen, row.filesHashed, row.bytesHashed) = (3, 3, 30)
        row.completedAt = "2025-01-01T12:00:00.000Z"
        row.durationMilliseconds = 1000
        change(&row)
        return row
    }

    private func daemon(_ rows: [ScanRecord]) throws -> CannedDaemon {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/verify", VerifyAnswer(id: 9, files: 3, bytes: 40 << 20), status: 202)
        for row in rows {
            try daemon.answer(
                "GET /api/v1/scan-history?limit=200", ScanHistoryAnswer(scans: [row], total: 1))
        }
        return daemon
    }

    @Test func verifyOfWholeFilesIsDone() throws {
        let daemon = try daemon([row()])
        let outcome = runCommand(["verify", "sub"], daemon)
        #expect(
            outcome.output
                == """
                ID  KIND    STARTED  TOOK  SEEN  NEW  CHANGED  MOVED  MISSING  HASHED  DAMAGED  ERRORS  ROOT
                 9  verify  0 s ago   1 s     3    0        0      0        0       3        0       0  /srv/models

                """.replacing("0 s ago", with: "1 s ago"))
        #expect((outcome.code, outcome.errors) == (.done, ""))
        let body = try #require(daemon.requests.first?.body)
        #expect(String(decoding: body, as: UTF8.self) == #"{"path":"/current/sub"}"#)
        #expect(daemon.targets == ["POST verify", "GET scan-history?limit=200"])
    }

    @Test func damagedFilesAreNamed() throws {
        let daemon = try daemon([row { $0.filesDamaged = 1 }])
        var files = [
            sampleFile(1, "/srv/models/a.pt"), sampleFile(2, "/srv/models2/b.pt"), sampleFile(3, "/srv/models/c.pt"),
        ]
        for index in files.indices { files[index].error = index == 2 ? "other" : "Damaged: so." }
        try daemon.answer("GET /api/v1/errors", FilesAnswer(files: files, total: 3))
        let outcome = runCommand(["verify"], daemon)
        #expect(outcome.code == .nothing)
        #expect(outcome.output.hasPrefix("Damaged: /srv/models/a.pt\nID "))
        #expect(!outcome.output.contains("b.pt") && !outcome.output.contains("c.pt"))
        #expect(outcome.errors == "kikod-ctl: Of 3 files damaged: 1.\n")
    }

    @Test func whatChangedOrCouldNotBeReadIsNoSuccess() throws {
        let changed = runCommand(["verify"], try daemon([row { $0.filesChanged = 1 }]))
        #expect((changed.code, changed.errors) == (.nothing, "kikod-ctl: Of 3 files changed: 1.\n"))
        let unread = runCommand(
            ["verify"], try daemon([row { ($0.filesHashed, $0.errors) = (1, ["/a: Input/output error."]) }]))
        #expect(unread.code == .nothing)
        #expect(unread.errors == "/a: Input/output error.\nkikod-ctl: Of 3 files not verified: 2.\n")
        let silent = runCommand(["verify"], try daemon([row { $0.filesHashed = 0 }]))
        #expect((silent.code, silent.errors) == (.nothing, "kikod-ctl: Of 3 files not verified: 3.\n"))
        let partial = runCommand(["verify"], try daemon([row { $0.errors = ["/n is offline"] }]))
        #expect(partial.code == .nothing)
        #expect(partial.errors == "/n is offline\nkikod-ctl: Verified: 3 files, but not what is named above.\n")
        let json = runCommand(["verify", "--json"], try daemon([row { $0.filesDamaged = 1 }]))
        #expect((json.code, json.errors) == (.nothing, ""))
        #expect(json.output.hasPrefix(#"{"scans":[{"bytes_hashed":30"#))
        #expect(json.output.hasSuffix(#""total":1}"# + "\n"))
    }

    @Test func verifyShowsHowFarItIs() throws {
        let daemon = try daemon([row { ($0.completedAt, $0.bytesHashed) = (nil, 10 << 20) }, row()])
        try daemon.answer(
            "GET /api/v1/status",
            status(total: 0, pending: 0) {
                $0.current = [HashingProgress(path: "/srv/models/a.pt", bytesDone: 10 << 20, size: 20 << 20)]
            })
        let outcome = runCommand(["verify"], daemon, progressWidth: 80)
        #expect(
            outcome.errors
                == "\r\u{1B}[K[##########----------]  50 %  20.0 MiB of 40.0 MiB  a.pt 50 %\r\u{1B}[K")
    }

    @Test func whoWaitsWithoutATerminalIsToldOfAPause() throws {
        let daemon = try daemon([row { $0.completedAt = nil }, row { $0.completedAt = nil }, row()])
        try daemon.answer("GET /api/v1/status", status(total: 0, pending: 0) { $0.state = "paused" })
        let outcome = runCommand(["verify"], daemon)
        #expect(outcome.errors == "Waiting: hashing is paused until kikod-ctl resume.\n")
        #expect(outcome.code == .done)
    }
}
