import SQLite
import Synchronization
import Testing

@testable import Catalog
@testable import Indexing
@testable import LinuxSystem

/// What becomes of a scan that the database does not take.
@Suite struct FailedScanTests {
    @Test(arguments: [false, true])
    func aScanThatTheDatabaseRefusesIsClosedWithTheReason(refusesItsEndToo: Bool) async throws {
        try await withIndexer { fixture in
            try await fixture.sync()
            let (indexer, catalog) = (fixture.indexer, fixture.catalog)
            try await onThread {
                try catalog.write { writer in
                    let refusal = "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END"
                    _ = try writer.connection.run("CREATE TRIGGER a BEFORE INSERT ON local_files \(refusal)")
                    if refusesItsEndToo {
                        _ = try writer.connection.run("CREATE TRIGGER b BEFORE UPDATE ON scan_history \(refusal)")
                    }
                }
            }
            try writeModel(fixture.path("a.pt"))
            let row = try await onThread {
                try #require(try indexer.startScans(path: nil, rehash: false, acceptsEmpty: false).first?.id)
            }
            try await fixture.wait { $0.indexer.state.withLock { $0.databaseTrouble != nil } && !$0.indexer.isWalking }
            #expect(try Self.scan(row, catalog)?.completedAt == nil || !refusesItsEndToo)
            try await onThread {
                try catalog.write { writer in
                    for name in ["a", "b"] { _ = try writer.connection.run("DROP TRIGGER IF EXISTS \(name)") }
                }
                indexer.retryAfterDatabaseTrouble()
            }
            try await fixture.sync()
            let scan = try #require(try Self.scan(row, catalog))
            #expect(scan.completedAt != nil)
            #expect(scan.errors.first?.contains("refused by the test") == true)
            #expect(try fixture.file("a.pt")?.state == .indexed)
        }
    }

    private static func scan(_ row: Int64, _ catalog: ModelCatalog) throws -> StoredScan? {
        try catalog.read { try $0.scans(limit: nil) }.first { $0.id == row }
    }
}
