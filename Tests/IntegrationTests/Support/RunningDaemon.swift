import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// A kikod that runs, on the configuration of its place.
final class RunningDaemon: Sendable {
    let place: Place
    let process: ChildProcess
    let notifications: NotifySocket
    private let log: FilePath

    /// The time after which an event that has to come is taken not to come, in milliseconds.
    static let eventMilliseconds = 60_000

    /// How a daemon is started.
    struct Launch {
        var arguments: [String] = []
        var environment: [String: String] = [:]
        /// A program that becomes kikod, with its arguments.
        var wrapper: [String] = []
    }

    /// Starts a daemon; does not wait for it. Blocks.
    init(_ place: Place, _ launch: Launch) throws {
        self.place = place
        log = place.directory.appending("kikod-\(MonotonicTime.now.nanoseconds).log")
        let notifications = try NotifySocket()
        self.notifications = notifications
        let kikod = try Programs.path("kikod")
        var environment = launch.environment
        environment["NOTIFY_SOCKET"] = notifications.address
        let own = launch.wrapper.isEmpty ? [] : launch.wrapper.dropFirst() + [kikod.description]
        process = try ChildProcess(
            ChildProcess.Launch(
                program: launch.wrapper.first.map { FilePath($0) } ?? kikod,
                arguments: (own + ["--config", place.configuration.description] + launch.arguments).map {
                    Array($0.utf8)
                },
                environment: Programs.environment(home: place.directory.appending("home"), environment),
                workingDirectory: place.directory, output: .file(place.directory.appending("kikod.out")), errors: log))
        let process = process
        _ = try SystemThread(name: "end-of-daemon") {
            _ = process.wait(until: .distantFuture)
            notifications.wakeWaiters()
        }
    }

    /// What the daemon has written to its standard error so far.
    var logText: String { (try? readFile(log, limit: 1 << 26)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    // MARK: - Events

    /// Waits for datagrams to the service manager; throws when the daemon ends first or none comes.
    func waitForNotifications(_ what: String, _ isMet: @escaping @Sendable ([String]) -> Bool) async throws {
        try await onOwnThread("wait-notify") { [self] in
            var hasEnded = false
            _ = notifications.wait(until: .now.advanced(milliseconds: Self.eventMilliseconds)) { messages in
                hasEnded = process.wait(until: .now) != nil
                return hasEnded || isMet(messages)
            }
            if hasEnded { notifications.finish() }
            guard isMet(notifications.messages) else {
                let end = process.wait(until: .now).map { "it ended: \($0)" } ?? "it runs"
                throw IntegrationFailure(
                    "kikod has not said \(what); \(end); it said \(notifications.messages) and logged:\n\(logText)")
            }
        }
    }

    /// Waits until the daemon says that it is ready, for the given time since its start.
    func waitUntilReady(times: Int = 1) async throws {
        try await waitForNotifications("READY=1") { $0.count { $0.contains("READY=1") } >= times }
    }

    /// Asks the daemon to end and waits for it.
    func stop(_ signal: Int32 = SIGTERM) async throws -> ExitOutcome {
        try await onOwnThread("stop-daemon") { [self] in
            process.send(signal: signal)
            guard let outcome = process.wait(until: .now.advanced(milliseconds: Self.eventMilliseconds)) else {
                throw IntegrationFailure("kikod did not end after signal \(signal); it logged:\n\(logText)")
            }
            return outcome
        }
    }

    /// Waits for the end that the daemon comes to by itself.
    func waitForEnd() async throws -> ExitOutcome { try await stop(0) }

    /// Kills whatever is left. Blocks.
    fileprivate func destroy() {
        process.destroy()
        notifications.finish()
    }

    // MARK: - Questions

    /// Runs kikod-ctl on the daemon's socket.
    func control(_ arguments: String..., closedOutput: Bool = false) async throws -> ProgramResult {
        try await control(arguments.map { Array($0.utf8) }, closedOutput: closedOutput)
    }

    func control(
        _ arguments: [[UInt8]], closedOutput: Bool = false, milliseconds: Int = hangMilliseconds
    ) async throws -> ProgramResult {
        try await run(
            Programs.path("kikod-ctl"), [Array("--socket".utf8), place.socket.bytes] + arguments, in: place.directory,
            closedOutput: closedOutput, milliseconds: milliseconds)
    }

    /// Runs kikod-ctl, which has to succeed, and decodes its JSON.
    func answer<Value: Decodable>(_ type: Value.Type, _ arguments: String...) async throws -> Value {
        try await answer(type, arguments.map { Array($0.utf8) })
    }

    func answer<Value: Decodable>(
        _ type: Value.Type, _ arguments: [[UInt8]], milliseconds: Int = hangMilliseconds
    ) async throws -> Value {
        let result = try await control([Array("--json".utf8)] + arguments, milliseconds: milliseconds)
        guard result.status == 0 else {
            throw IntegrationFailure(
                "kikod-ctl \(arguments.map(escapedText)): \(result.outcome): \(result.errors)\nkikod logged:\n\(logText)"
            )
        }
        return try WireJSON.decode(type, from: Data(result.output))
    }

    func status() async throws -> StatusAnswer { try await answer(StatusAnswer.self, "status") }

    /// Waits until everything that happened to the files is in the catalogue, with the digests.
    @discardableResult
    func sync() async throws -> SyncAnswer {
        // It hangs when it goes on after its own time-out.
        try await answer(
            SyncAnswer.self, ["sync", "--hashed", "--timeout", "60"].map { Array($0.utf8) },
            milliseconds: 60_000 + hangMilliseconds)
    }

    /// Every file that the catalogue knows.
    func files() async throws -> [FileObject] { try await answer(FilesAnswer.self, "list").files }

    /// The one file at this path.
    func file(_ path: FilePath) async throws -> FileObject {
        try await answer(FileObject.self, [Array("show".utf8), path.bytes])
    }
}

/// Runs `body` with a daemon that is ready, then stops it and checks that it ends as asked. Nothing is left running.
func withDaemon<Result: Sendable>(
    _ place: Place, _ launch: RunningDaemon.Launch = .init(), _ body: (RunningDaemon) async throws -> Result
) async throws -> Result {
    try await withStartedDaemon(place, launch) { daemon in
        try await daemon.waitUntilReady()
        let result = try await body(daemon)
        let outcome = try await daemon.stop()
        #expect(outcome == .exited(0), "\(daemon.logText)")
        return result
    }
}

/// Runs `body` with a daemon that was started, and kills whatever is left of it.
func withStartedDaemon<Result: Sendable>(
    _ place: Place, _ launch: RunningDaemon.Launch = .init(), _ body: (RunningDaemon) async throws -> Result
) async throws -> Result {
    let daemon = try await onOwnThread("start-daemon") { try RunningDaemon(place, launch) }
    do {
        let result = try await body(daemon)
        try await onOwnThread("end-daemon") { daemon.destroy() }
        return result
    } catch {
        try? await onOwnThread("end-daemon") { daemon.destroy() }
        throw error
    }
}
