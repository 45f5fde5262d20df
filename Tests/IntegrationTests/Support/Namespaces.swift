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

    /// Asks again and again until the answer is yes.
    func wait(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation, _ isMet: () async throws -> Bool
    ) async throws {
        let deadline = MonotonicTime.now.advanced(milliseconds: Self.eventMilliseconds)
        while try await !isMet() {
            try #require(MonotonicTime.now < deadline, "kikod is not \(what)", sourceLocation: sourceLocation)
        }
    }
}
