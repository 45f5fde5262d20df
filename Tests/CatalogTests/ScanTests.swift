import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// The rows of `scan_history`.
@Suite struct ScanTests {
    private let ended = "2025-01-01T00:00:02.500Z"

    @Test func aScanIsCompleteWhenItsWalkIsOverAndNothingItFoundWaits() async throws {
        try await withCatalog { fixture in
            let scan = try begin(fixture)
            let file = try fixture.add("a.safetensors", scan: scan)
            #expect(try complete(fixture) == [])
            var counts = ScanCounts()
            (counts.seen, counts.added, counts.changed, counts.moved, counts.missing) = (7, 1, 2, 3, 4)
            let told = counts
            try fixture.write { try $0.endWalk(of: scan, below: nil, told, errors: ["a", "b"], at: Fixture.now) }
            #expect(try complete(fixture) == [])
            #expect(try row(scan, fixture).completedAt == nil)

            let job = try fixture.job(file)
            _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: .sample, at: Fixture.now) }
            #expect(try complete(fixture) == [scan])
            #expect(try complete(fixture) == [])
            let expected = StoredScan(
                id: scan, kind: "scan", root: "/m", startedAt: Fixture.now, completedAt: ended,
                durationMilliseconds: 2500, counts: told, checkpointsFound: 0, lorasFound: 0, embeddingsFound: 0,
                filesHashed: 1, filesDamaged: 0, bytesHashed: 10, lookups: 1,
                errors: ["a", "b"])
            #expect(try row(scan, fixture) == expected)
            #expect(try fixture.read { try $0.metadata("last_scan") } == ended)
            #expect(try fixture.read { try $0.metadata("total_models") } == "1")
        }
    }

    @Test func aScanDoesNotWaitForFilesThatFailedOrWent() async throws {
        try await withCatalog { fixture in
            let scan = try begin(fixture)
            let failed = try fixture.add("a", .sample(inode: 1), scan: scan)
            let gone = try fixture.add("b", .sample(inode: 2), scan: scan)
            let skipped = try fixture.add("c", .sample(inode: 3), scan: scan)
            try fixture.write { try $0.endWalk(of: scan, below: nil, ScanCounts(), errors: [], at: Fixture.now) }
            try fixture.write { try $0.noteTrouble(failed, "x", unread: true, nextAttempt: nil, at: Fixture.now) }
            #expect(try complete(fixture) == [])
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            #expect(try complete(fixture) == [])
            try fixture.write { try $0.skipReading(skipped, "x", at: Fixture.now) }
            #expect(try complete(fixture) == [scan])
            #expect(try row(scan, fixture).errors == [])
        }
    }

    @Test func aScanDoesNotWaitForFilesThatNothingCoversAnyMore() async throws {
        try await withCatalog { fixture in
            let scan = try begin(fixture)
            try fixture.add("a", scan: scan)
            try fixture.write { try $0.endWalk(of: scan, below: nil, ScanCounts(), errors: [], at: Fixture.now) }
            _ = try fixture.write { try $0.setRoots([]) { _, _ in true } }
            #expect(try complete(fixture) == [scan])
        }
    }

    @Test func aFileThatIsKnownKeepsNoScanWaiting() async throws {
        try await withCatalog { fixture in
            let known = try fixture.addIndexed("a", .sample("aa"))
            let content = try #require(try fixture.known(known)?.contentID)
            let scan = try begin(fixture)
            try fixture.add("b", content: .shared(id: content), scan: scan)
            try fixture.write { try $0.endWalk(of: scan, below: nil, ScanCounts(), errors: [], at: Fixture.now) }
            #expect(try complete(fixture) == [scan])
        }
    }

    @Test func whatAnEndedProcessLeftOpenIsClosedWithAnError() async throws {
        try await withCatalog { fixture in
            let complete = try begin(fixture)
            try fixture.write { try $0.endWalk(of: complete, below: nil, ScanCounts(), errors: [], at: Fixture.now) }
            #expect(try self.complete(fixture) == [complete])
            let interrupted = try begin(fixture)
            try fixture.add("a", scan: interrupted)
            let ended = ended
            try fixture.write { try $0.closeInterruptedScans(at: ended) }
            #expect(try row(complete, fixture).errors == [])
            #expect(try row(interrupted, fixture).errors.count == 1)
            #expect(try row(interrupted, fixture).completedAt == ended)
            #expect(try fixture.value("SELECT count(*) FROM local_files WHERE scan_id IS NOT NULL") == 0)
            #expect(try fixture.jobs().count == 1)
        }
    }

    @Test func aDiscardedScanLeavesNothing() async throws {
        try await withCatalog { fixture in
            let scan = try begin(fixture)
            let file = try fixture.add("a", scan: scan)
            try fixture.write { try $0.discardScan(scan) }
            #expect(try fixture.read { try $0.scanCount() } == 0)
            #expect(try fixture.state(file) == .pending)
        }
    }

    @Test func historyIsReadFromTheNewestInParts() async throws {
        try await withCatalog { fixture in
            let scans = try (0..<5).map { _ in try begin(fixture) }
            func ids(_ limit: Int?, _ offset: Int) throws -> [Int64] {
                try fixture.read { try $0.scans(limit: limit, offset: offset).map(\.id) }
            }
            #expect(try ids(nil, 0) == scans.reversed())
            #expect(try ids(2, 1) == [scans[3], scans[2]])
            #expect(try ids(0, 0) == [])
            #expect(try ids(.max, .max) == [])
            #expect(try fixture.read { try $0.scanCount() } == 5)
        }
    }

    @Test func aRootThatIsNotUTF8IsNamedAsText() async throws {
        try await withCatalog { fixture in
            let path = try #require(FilePath(bytes: [0x2F, 0xFF]))
            _ = try fixture.write { try $0.beginScan(kind: "verify", root: path, at: Fixture.now) }
            #expect(try fixture.read { try $0.scans(limit: 1) }.first?.root == #"/\xff"#)
        }
    }

    private func begin(_ fixture: Fixture) throws -> Int64 {
        try fixture.write { try $0.beginScan(kind: "scan", root: FilePath("/m"), at: Fixture.now) }
    }

    private func complete(_ fixture: Fixture) throws -> [Int64] {
        let now = try #require(Timestamp.nanoseconds(ended))
        return try fixture.write { try $0.completeScans(now: now) }
    }

    private func row(_ id: Int64, _ fixture: Fixture) throws -> StoredScan {
        try #require(try fixture.read { try $0.scans(limit: nil) }.first { $0.id == id })
    }
}
