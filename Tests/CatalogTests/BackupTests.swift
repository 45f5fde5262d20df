import Glibc
import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog

/// Copies of the database.
@Suite struct BackupTests {
    @Test func aBackupIsWholeAndLeavesNothingBehind() async throws {
        try await withTemporaryDirectory { directory in
            let place = directory.appending("data")
            try makeDirectory(place)
            let leftovers = ["backup.tmp", "backup.tmp.partial"].map(place.appending)
            for path in leftovers { try writeFile(path, [1, 2, 3]) }
            let catalog = try ModelCatalog.open(directory: place)
            defer { catalog.close() }
            // What a process that was killed has left goes at the start.
            for path in leftovers { #expect(throws: SystemError.self) { try FileStatus.of(path) } }
            let roots = try catalog.write { try $0.setRoots([(FilePath("/m"), nil)]) { _, _ in true } }
            let fixture = Fixture(catalog: catalog, root: try #require(roots.first))
            let file = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            let copy = directory.appending("copy.db")
            let backup = try catalog.openBackup()
            let size = try backup.status().size
            #expect(try backup.status().links == 0)
            try writeFile(copy, try backup.read(upTo: Int(size), at: 0, shown: copy))
            for path in leftovers { #expect(throws: SystemError.self) { try FileStatus.of(path) } }
            let connection = try Connection(copy, .readOnly)
            defer { connection.close() }
            #expect(try connection.quickCheck() == [])
            #expect(try connection.integerPragma("user_version") == Int64(ModelCatalog.schemaVersion))
            #expect(try connection.rows("SELECT id FROM local_files") { $0.integer(0) } == [file])
            // What is searched is there, too.
            #expect(try connection.rows("SELECT rowid FROM search_files") { $0.integer(0) } == [file])
        }
    }
}
