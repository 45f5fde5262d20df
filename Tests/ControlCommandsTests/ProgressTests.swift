import APIClient
import IndexAPI
import LinuxSystem
import Synchronization
import Testing

@testable import ControlCommands

/// What a terminal sees of long work.
@Suite struct ProgressTests {
    private let second: Int64 = 1_000_000_000

    // MARK: - Rate

    @Test func aRateIsToldAfterAFewSeconds() {
        var estimator = RateEstimator()
        estimator.add(done: 0, at: 0)
        #expect(estimator.bytesPerSecond == nil)
        estimator.add(done: 200, at: 2 * second)
        #expect(estimator.bytesPerSecond == nil)
        estimator.add(done: 300, at: 3 * second)
        #expect(estimator.bytesPerSecond == 100)
    }

    @Test func aRateIsThatOfTheLastHalfMinute() {
        var estimator = RateEstimator()
        for time in Int64(0)...100 { estimator.add(done: 1000 * time, at: time * second) }
        for time in Int64(101)...115 { estimator.add(done: 100_000, at: time * second) }
        #expect(estimator.bytesPerSecond == 500)
        for time in Int64(116)...130 { estimator.add(done: 100_000, at: time * second) }
        #expect(estimator.bytesPerSecond == 0)
    }

    @Test(arguments: [(10, 50), (0, 200)] as [(Int64, Int64)])
    func whatGoesBackwardsBeginsAnew(time: Int64, done: Int64) {
        var estimator = RateEstimator()
        estimator.add(done: 0, at: 0)
        estimator.add(done: 100, at: 5 * second)
        estimator.add(done: done, at: time * second)
        #expect(estimator.bytesPerSecond == nil)
    }

    // MARK: - Line

    private var content: ProgressLine.Content {
        ProgressLine.Content(done: 5 << 20, total: 20 << 20, rate: 1 << 20, file: "model.safetensors 45 %")
    }

    @Test func theLineTellsAllThatThereIsRoomFor() {
        let full = "[#####---------------]  25 %  5.0 MiB of 20.0 MiB  1.0 MiB/s  15 s left  model.safetensors 45 %"
        #expect(ProgressLine.text(content, width: 200) == full)
        #expect(ProgressLine.text(content, width: full.count + 1) == full)
        let cut = ProgressLine.text(content, width: full.count)
        #expect(cut.contains("…") && cut.hasPrefix(full.prefix(72)) && columns(cut) < full.count)
        #expect(
            ProgressLine.text(content, width: 80)
                == "[#####---------------]  25 %  5.0 MiB of 20.0 MiB  1.0 MiB/s  15 s left")
        #expect(ProgressLine.text(content, width: 60) == " 25 %  5.0 MiB of 20.0 MiB  1.0 MiB/s  15 s left")
    }

    @Test(arguments: 1...120)
    func theLineIsNeverAsWideAsTheTerminal(width: Int) {
        for isPaused in [true, false] {
            var content = content
            content.isPaused = isPaused
            content.holdUp = "paused until kikod-ctl resume"
            #expect(columns(ProgressLine.text(content, width: width)) < width)
        }
    }

    @Test func whatHoldsItUpIsTold() {
        var content = content
        (content.holdUp, content.isPaused) = ("paused until 14:05", true)
        #expect(
            ProgressLine.text(content, width: 200)
                == "[#####---------------]  25 %  5.0 MiB of 20.0 MiB  paused until 14:05")
        #expect(ProgressLine.text(.init(), width: 80) == "nothing to be read yet")
    }

    // MARK: - Commands

    @Test func aScanShowsBytesRateAndTimeLeft() throws {
        let daemon = CannedDaemon()
        try daemon.answer(
            "POST /api/v1/scan", ScanAnswer(scans: [StartedScan(id: 7, root: "/srv/models")]), status: 202)
        let history = "GET /api/v1/scan-history?limit=200"
        var row = ScanRecord(id: 7, kind: "scan", root: "/srv/models", startedAt: "2025-01-01T12:00:00.000Z")
        // Four looks a second; a MiB in each; and one that finds the scan complete.
        for turn in Int64(0)..<20 {
            try daemon.answer(history, ScanHistoryAnswer(scans: [row], total: 1))
            try daemon.answer("GET /api/v1/status", status(total: turn << 20, pending: (40 - turn) << 20))
        }
        row.completedAt = "2025-01-01T12:00:05.000Z"
        try daemon.answer(history, ScanHistoryAnswer(scans: [row], total: 1))
        let outcome = runCommand(["scan", "--wait"], daemon, progressWidth: 80)
        let lines = drawn(outcome.errors)
        #expect(lines.count == 20)
        #expect(lines.first == "[--------------------]   0 %  0 B of 40.0 MiB")
        #expect(lines[11] == "[#####---------------]  27 %  11.0 MiB of 40.0 MiB")
        #expect(lines[12] == "[######--------------]  30 %  12.0 MiB of 40.0 MiB  4.0 MiB/s  7 s left")
        #expect(lines.last == "[#########-----------]  47 %  19.0 MiB of 40.0 MiB  4.0 MiB/s  5 s left")
        #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
    }

    @Test func aSyncThatWaitsForHashesShowsHowFarTheyAre() throws {
        let daemon = CannedDaemon()
        let wasShown = Mutex(false)
        let condition = Condition()
        try daemon.answer("POST /api/v1/sync", SyncAnswer(synced: true, skipped: [], waiting: []))
        try daemon.answer("GET /api/v1/status", status(total: 0, pending: 40 << 20))
        daemon.beforeAnswer = { request in
            if request.method == "POST" {
                condition.wait { wasShown.withLock { $0 } }
            }
        }
        let outcome = runCommand(["sync", "--hashed", "--timeout=5"], daemon, progressWidth: 80) {
            // Every other look of the main thread finds the line drawn.
            guard daemon.targets.contains("GET status") else { return }
            wasShown.withLock { $0 = true }
            condition.broadcast()
        }
        #expect(outcome.code == .done)
        #expect(outcome.output == "The index is up to date.\n")
        #expect(drawn(outcome.errors).first == "[--------------------]   0 %  0 B of 40.0 MiB")
        #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
        let request = try #require(daemon.requests.first { $0.method == "POST" })
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == #"{"hashed":true,"timeout_seconds":5}"#)
        #expect(daemon.requests.count { $0.method == "POST" } == 1)
    }

    @Test func aRefusedSyncIsToldAsItsReason() throws {
        let daemon = CannedDaemon()
        try daemon.answer("POST /api/v1/sync", APIFailure(.conflict, "Hashing is paused."), status: 409)
        for width in [nil, 80] {
            let outcome = runCommand(["sync", "--hashed"], daemon, progressWidth: width)
            #expect(outcome.code == .nothing)
            #expect(outcome.errors.hasSuffix("kikod-ctl: Hashing is paused.\n"))
        }
    }

    @Test func theLineIsAwayBeforeAnythingElseIsWritten() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/status", status(total: 0, pending: 40 << 20))
        let errors = BufferedSink()
        let context = CommandContext(
            output: MemorySink(), errors: errors, width: 80, progressWidth: 80, environment: [:],
            workingDirectory: .root, clock: { testNow }, exists: { _ in true }, sleep: { _ in },
            makeClient: { _ in APIClient(transport: daemon) })
        let run = CommandRun(
            context: context, client: APIClient(transport: daemon), makeClient: { APIClient(transport: daemon) },
            wantsJSON: false)
        let progress = ProgressLine(run: run, work: .pendingFiles)
        progress.clear()
        #expect(errors.shown == "")
        progress.update()
        progress.clear()
        #expect(errors.shown.hasSuffix("\r\u{1B}[K"))
    }

    private func drawn(_ errors: String) -> [String] {
        errors.split(separator: "\r\u{1B}[K").map(String.init)
    }
}

/// Shows what is written when it is flushed.
private final class BufferedSink: OutputSink {
    private var buffer = ""
    private(set) var shown = ""

    func write(_ bytes: [UInt8]) -> Bool {
        buffer += String(decoding: bytes, as: UTF8.self)
        return true
    }

    func flush() -> Bool {
        shown += buffer
        buffer = ""
        return true
    }
}

/// A daemon that has read so many bytes, with so many pending.
func status(total: Int64, pending: Int64, _ change: (inout HashingStatus) -> Void = { _ in }) -> StatusAnswer {
    var hashing = HashingStatus()
    (hashing.state, hashing.workers, hashing.bytesTotal) = ("running", 1, total)
    change(&hashing)
    var files = FileCounts()
    if pending > 0 { files.hashing = hashing.current.count }
    return StatusAnswer(
        version: "0.1.0", state: "ready", uptimeSeconds: 1, pid: 42, roots: [], files: files,
        queue: QueueStatus(depth: 1, capacity: 1024, pendingBytes: pending), hashing: hashing,
        civitai: CivitaiStatus(), database: DatabaseStatus(path: "/d/models.db", schemaVersion: 3, bytes: 4096),
        lastScan: nil)
}
