import APIClient
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import ControlCommands

@Suite struct BackupCommandTests {
    private static let request = "GET /api/v1/backup"

    /// The beginning of a database of two pages of 4096 bytes, and as many bytes as that says.
    private func database(pages: UInt8 = 2) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 2 * 4096)
        bytes.replaceSubrange(0..<16, with: Array("SQLite format 3\0".utf8))
        bytes[16] = 0x10
        bytes[31] = pages
        (bytes[27], bytes[95]) = (5, 5)
        return bytes
    }

    private func daemon(_ bytes: [UInt8], length: Int64? = nil) -> CannedDaemon {
        let daemon = CannedDaemon()
        daemon.answers[Self.request] = [(200, "")]
        daemon.bytes[Self.request] = bytes
        daemon.length = length
        daemon.pieceSize = 1000
        return daemon
    }

    @Test(arguments: [nil, 8192] as [Int64?])
    func theCopyIsPrivateAndInItsPlace(length: Int64?) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("backup")
            try writeFile(path, "an earlier one")
            let outcome = runCommand(["backup", path.description], daemon(database(), length: length))
            #expect(outcome.code == .done)
            #expect(outcome.output == "The index is copied to \(path) (8.0 KiB).\n")
            #expect(try readFile(path, limit: 1 << 20) == database())
            #expect(try FileStatus.of(path).mode & 0o7777 == 0o600)
            #expect(try directoryNames(directory) == [path.name])
            let json = runCommand(["backup", path.description, "--json"], daemon(database()))
            #expect(json.output == "{\"bytes\":8192,\"path\":\"\(path)\"}\n")
        }
    }

    @Test func whatIsNoWholeDatabaseIsNotKept() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("backup")
            try writeFile(path, "an earlier one")
            let lost = daemon(database(), length: 8192), refusing = CannedDaemon()
            lost.lostAfter = 5000
            try refusing.answer(Self.request, APIFailure(.unavailable, "Not now."), status: 503)
            for (daemon, message) in [
                (daemon(database(), length: 9000), "The backup ended after 8192 of 9000 bytes."),
                (daemon(database(pages: 3)), "The backup ended after 8192 of 12288 bytes."),
                (daemon(Array("<html>".utf8)), "What the daemon sent is no SQLite database."),
                (daemon([UInt8](repeating: 0, count: 8192)), "What the daemon sent is no SQLite database."),
                (daemon([]), "What the daemon sent is no SQLite database."),
                (lost, "The daemon's answer ended before its end. Connection reset by peer."),
                (refusing, "Not now."),
            ] {
                let outcome = runCommand(["backup", path.description], daemon)
                #expect(outcome.errors == "kikod-ctl: \(message)\n")
                #expect(outcome.code == .nothing)
                #expect(outcome.output == "")
            }
            #expect(try readFile(path, limit: 100) == Array("an earlier one".utf8))
            #expect(try directoryNames(directory) == [path.name])
        }
    }

    @Test func aTerminalSeesHowFarItIs() async throws {
        try await withTemporaryDirectory { directory in
            let daemon = daemon(database(), length: 8192)
            let outcome = runCommand(["backup", directory.appending("b").description], daemon, progressWidth: 60)
            #expect(outcome.errors == "\r\u{1B}[K[--------------------]   0 %  0 B of 8.0 KiB\r\u{1B}[K")
        }
    }
}
