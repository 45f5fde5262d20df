import IndexAPI
import LinuxSystem
import TestSupport
import Testing

extension RunningDaemon.Launch {
    /// In a mount namespace of its own, which ends with the daemon and takes its mounts along.
    static var apart: Self { .init(wrapper: Mounting.wrapper) }
}

extension RunningDaemon {
    /// Runs `body` on a thread that sees the mounts that the daemon sees, and that makes mounts which only it sees.
    func inNamespace<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let id = process.id
        return try await onOwnThread("in-namespace") {
            try Mounting.enterNamespace(ofProcess: id)
            return try body()
        }
    }

    /// Every file by its path from the directory of the test, with its state.
    func states() async throws -> [String: String] {
        let prefix = place.directory.description + "/"
        return Dictionary(
            uniqueKeysWithValues: try await files().map { file in
                (file.path.hasPrefix(prefix) ? String(file.path.dropFirst(prefix.count)) : file.path, file.state)
            })
    }

    /// What the first root has to say; an empty text if it has nothing to say.
    func message() async throws -> String { try await status().roots.first?.message ?? "" }

    /// Asks again and again until the answer is yes; if it never is, the failure says how the daemon was at the end.
    func wait(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ isMet: () async throws -> Bool
    ) async throws {
        let deadline = MonotonicTime.now.advanced(milliseconds: Self.eventMilliseconds)
        var questions = 1
        while try await !isMet() {
            if MonotonicTime.now >= deadline {
                let description = try await self.description()
                Issue.record(
                    "kikod is not \(what), asked \(questions) times; \(description)", sourceLocation: sourceLocation)
                throw IntegrationFailure("kikod is not \(what)")
            }
            questions += 1
        }
    }

    /// How the daemon and its files are now, and what it has logged: for failures.
    private func description() async throws -> String {
        let status = try await status()
        let roots = status.roots.map { "\($0.path) \($0.state) \($0.message ?? "")" }
        let files = try await states().sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return """
            it is \(status.state)
            roots: \(roots.joined(separator: ", "))
            offline: \(try await sync().skipped.joined(separator: ", "))
            files: \(files.joined(separator: ", "))
            log:
            \(logText)
            """
    }
}
