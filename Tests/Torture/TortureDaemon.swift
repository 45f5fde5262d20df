import APIClient
import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport

/// The kikod under torture.
final class TortureDaemon {
    /// A daemon that has not done what it should after so many milliseconds will not do it.
    static let patienceMilliseconds = 60_000

    private let playground: Playground
    private var process: ChildProcess?
    private var client: APIClient
    private(set) var starts = 0
    private(set) var isStalled = false

    init(_ playground: Playground) {
        self.playground = playground
        client = APIClient(sockets: [playground.socket.bytes])
    }

    var isRunning: Bool { process != nil }

    private var log: FilePath { playground.directory.appending("kikod-\(starts).log") }

    /// The end of what the last daemon logged.
    var logTail: String {
        let text = (try? readFile(log, limit: 1 << 26)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").suffix(15).joined(separator: "\n")
    }

    /// Starts the daemon; does not wait for it.
    func start() throws {
        starts += 1
        let kikod = try Programs.path("kikod")
        // A daemon must not outlive a torture that is killed.
        let setpriv = FilePath("/usr/bin/setpriv")
        let canTie = (try? FileStatus.of(setpriv)) != nil
        let words = canTie ? ["--pdeathsig", "KILL", kikod.description] : []
        process = try ChildProcess(
            ChildProcess.Launch(
                program: canTie ? setpriv : kikod,
                arguments: (words + ["--config", playground.configuration.description, "--log-level", "debug"]).map {
                    Array($0.utf8)
                }, environment: Programs.environment(home: playground.directory.appending("home"), [:]),
                workingDirectory: playground.directory, output: .file(playground.directory.appending("kikod.out")),
                errors: log))
        client = APIClient(sockets: [playground.socket.bytes])
    }

    /// Waits until the daemon has compared all roots with its catalogue.
    func waitUntilReady() throws {
        var last = "no answer"
        try wait("ready (\(last))") {
            guard let status = try? self.client.status().value else { return false }
            last = "\(status.state) \(status.roots.map(\.message))"
            return ["ready", "degraded"].contains(status.state) && !status.roots.isEmpty
        }
    }

    /// Ends the daemon: at once with SIGKILL, orderly with SIGTERM.
    func stop(_ signal: Int32) throws {
        guard let process else { return }
        process.send(signal: signal)
        let outcome = process.wait(until: .now.advanced(milliseconds: Self.patienceMilliseconds))
        self.process = nil
        let expected: ExitOutcome = signal == SIGKILL ? .killed(signal: SIGKILL) : .exited(0)
        guard outcome == expected else {
            throw TestFailure("kikod ended with \(outcome.map { "\($0)" } ?? "nothing") after signal \(signal)")
        }
    }

    /// Kills the daemon if there is one.
    func destroy() {
        process?.destroy()
        process = nil
    }

    /// Has the daemon read its configuration again and waits until it has these roots.
    func reload(roots: [FilePath]) throws {
        process?.send(signal: SIGHUP)
        try wait("at its new roots") {
            let status = try self.client.status().value
            return status.roots.map(\.path) == roots.map(\.description) && ["ready", "degraded"].contains(status.state)
        }
    }

    /// Keeps the daemon from running, or lets it run again.
    func stall(_ isStalled: Bool) {
        process?.send(signal: isStalled ? SIGSTOP : SIGCONT)
        self.isStalled = isStalled
    }

    /// Asks again and again until the answer is yes; throws when the daemon has ended or time is up.
    func wait(_ what: @autoclosure () -> String, _ isMet: () throws -> Bool) throws {
        let deadline = MonotonicTime.now.advanced(milliseconds: Self.patienceMilliseconds)
        while try !isMet() {
            if let end = process?.wait(until: .now) {
                process = nil
                throw TestFailure("kikod ended by itself: \(end)")
            }
            guard MonotonicTime.now < deadline else { throw TestFailure("kikod is not \(what())") }
            usleep(10_000)
        }
    }

    // MARK: - Questions

    /// Waits until every change is in the index; with the digests if `hashed`.
    func sync(hashed: Bool) throws {
        let answer = try client.sync(SyncRequest(hashed: hashed, timeoutSeconds: 100)).value
        guard answer.synced else { throw TestFailure("sync (hashed: \(hashed)) waits for \(answer.waiting)") }
        // What is not mounted is skipped; whether rightly so shows in the comparison.
    }

    /// Waits until the index has looked at what was written and closed before.
    func waitUntilSettled() throws {
        // More than `settle` of the configuration.
        usleep(150_000)
        try sync(hashed: false)
    }

    /// Every file that is there, by the bytes of its path.
    func presentFiles() throws -> [FilePath: FileObject] {
        var filter = FileFilter()
        filter.state = "present"
        return try files(filter)
    }

    /// Every file that has gone.
    func missingFiles() throws -> [FilePath: FileObject] {
        var filter = FileFilter()
        filter.state = "missing"
        return try files(filter)
    }

    private func files(_ filter: FileFilter) throws -> [FilePath: FileObject] {
        var files: [FilePath: FileObject] = [:]
        var problem: TestFailure?
        _ = try client.eachFile(filter) { file in
            let bytes = file.pathBase64.map { Data(base64Encoded: $0).map { Array($0) } ?? [] } ?? Array(file.path.utf8)
            guard let path = FilePath(bytes: bytes), files.updateValue(file, forKey: path) == nil else {
                problem = TestFailure("the listing has \(file.path) twice, or its bytes are no path")
                return true
            }
            return true
        }
        if let problem { throw problem }
        return files
    }
}
