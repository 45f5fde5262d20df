import FoundationEssentials
import IndexAPI
import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import APIServer

/// `GET backup`.
@Suite struct BackupTests {
    @Test func theBackupIsADatabase() async throws {
        try await withAPI { api in
            let file = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            let answer = try await api.get("backup")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/vnd.sqlite3")
            let copy = api.library.parent.appending("copy.db")
            try writeFile(copy, answer.body)
            let connection = try Connection(copy, .readOnly)
            defer { connection.close() }
            #expect(try connection.quickCheck() == [])
            #expect(try connection.rows("SELECT file_path FROM v_local_files_full") { $0.text(0) } == [file.path])
            // The next one is not kept out by this one.
            #expect(try await api.get("backup").status == 200)
        }
    }

    @Test func oneIsMadeAtATime() async throws {
        try await withIdleAPI { api in
            let turn = try #require(api.handler.backups.take())
            let answer = try await api.get("backup")
            #expect(answer.status == 409)
            #expect(try answer.decode(APIFailure.self).code == "conflict")
            withExtendedLifetime(turn) {}
        }
    }
}
