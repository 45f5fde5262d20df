import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What a verification tells of files that it did not read.
extension VerificationTests {
    @Test func whatItLeavesOutIsTold() async throws {
        try await withCatalog { fixture in
            for (number, name) in ["x", "offline/a", "offline/b", "offline/in/c", "gone"].enumerated() {
                try fixture.addIndexed(name, .sample("\(number)"), .sample(inode: UInt64(number)))
            }
            try fixture.add("unread", .sample(inode: 50))
            let large = try fixture.add("large", .sample(inode: 51))
            let broken = try fixture.add("broken", .sample(inode: 52))
            let gone = try #require(try fixture.read { try $0.file(at: FilePath("/m/gone"))?.id })
            let away = try #require(try fixture.read { try $0.file(at: FilePath("/m/offline/in/c"))?.id })
            try fixture.write {
                // What is gone is no loss; what is away with its drive cannot be verified.
                try $0.markMissing([gone, away], at: Fixture.now)
                try $0.skipReading(large, "too large", at: Fixture.now)
                try $0.noteTrouble(broken, "x", unread: true, nextAttempt: nil, at: Fixture.now)
            }
            let offline = [FilePath("/m/offline"), FilePath("/m/offline/in"), FilePath("/m/empty")]
            let begun = try begin(fixture, outside: offline)
            #expect(begun.files == 1)
            #expect(
                try row(begun.id, fixture).errors == [
                    "/m/offline is offline: 3 files there are not verified",
                    "files that cannot be compared with a digest; in error: 1, pending: 1",
                ])
            let unreachable = try begin(fixture, FilePath("/m/x"), roots: [])
            #expect(try row(unreachable.id, fixture).errors == ["/m is offline: 1 file there is not verified"])
            #expect(try fixture.read { try $0.hasComparableFiles(atOrBelow: FilePath("/m/offline")) })
            #expect(try !fixture.read { try $0.hasComparableFiles(atOrBelow: FilePath("/m/gone")) })
        }
    }

    @Test func theListOfErrorsIsBounded() async throws {
        try await withCatalog { fixture in
            for number in 0..<150 {
                try fixture.addIndexed("\(number)", .sample("\(1000 + number)"), .sample(inode: UInt64(number)))
            }
            let begun = try begin(fixture)
            try fixture.write { writer in
                for job in try CatalogReader(connection: writer.connection).hashJobs(
                    .verification, ofRoot: fixture.root.id, limit: 999, now: Fixture.now)
                {
                    try writer.noteTrouble(job.fileID, "x", unread: false, nextAttempt: nil, at: Fixture.now)
                }
            }
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).errors.count == 101)
        }
    }

    @Test(arguments: [
        ("replace", "1 file was changed or replaced before it was read"),
        ("missing", "1 file went missing before it was read"), ("uncover", "1 file left the roots before it was read"),
        ("roots", "1 file left the roots before it was read"), ("skip", "/m/a: too large"),
        ("rehash", "1 file was left to a rehash, which believes what it finds, before it was read"),
        ("displace", "1 file was changed or replaced before it was read"),
    ])
    func aFileThatIsNoLongerThereToBeVerifiedIsNotWaitedForAndTold(what: String, sentence: String) async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            let other = try fixture.addIndexed("b", bb, .sample(inode: 2))
            let changed = fixture.observe("a", .sample(size: 11))
            let arrived = fixture.observe("a", .sample(inode: 2))
            _ = try fixture.write { writer in
                switch what {
                case "replace":
                    try writer.replaceContent(
                        of: id, changed, content: .unknown, held: false, scan: nil, at: Fixture.now)
                case "missing": try writer.markMissing([id], at: Fixture.now)
                case "uncover": try writer.uncover(below: FilePath("/m"))
                case "roots": _ = try writer.setRoots([]) { _, _ in true }
                case "skip": try writer.skipReading(id, "too large", at: Fixture.now)
                case "displace": try writer.move(other, to: arrived, displacing: id, at: Fixture.now)
                default:
                    let scan = try writer.beginScan(kind: "rehash", root: FilePath("/m"), at: Fixture.now)
                    try writer.queueRehash(below: FilePath("/m"), scan: scan, at: Fixture.now)
                }
            }
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).errors == [sentence])
            #expect(try fixture.value("SELECT count(verify_id) FROM local_files") == 0)
        }
    }

    @Test func lossesAreSummedUpByReason() async throws {
        try await withCatalog { fixture in
            for number in 0..<150 {
                try fixture.addIndexed("\(number)", .sample("\(1000 + number)"), .sample(inode: UInt64(number)))
            }
            let begun = try begin(fixture)
            try fixture.write { writer in
                _ = try writer.markMissing(below: FilePath("/m"), except: [FilePath("/m/7")], at: Fixture.now)
                let scan = try writer.beginScan(kind: "rehash", root: FilePath("/m"), at: Fixture.now)
                try writer.queueRehash(below: FilePath("/m"), scan: scan, at: Fixture.now)
            }
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.counts.seen, row.filesHashed, row.errors.count) == (150, 0, 2))
            #expect(row.errors.first == "149 files went missing before they were read")
        }
    }

    @Test func aLaterVerificationTakesFilesOverAndTheOlderSaysSo() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let other = try fixture.addIndexed("b", bb, .sample(inode: 2))
            let older = try begin(fixture)
            let newer = try begin(fixture, FilePath("/m/a"))
            #expect(try row(older.id, fixture).counts.seen == 1)
            #expect(try row(older.id, fixture).errors.count == 1)
            #expect(try store(aa, id, fixture) == .stored(files: [id], scans: [newer.id]))
            #expect(try complete(fixture) == [newer.id])
            #expect(try store(bb, other, fixture) == .stored(files: [other], scans: [older.id]))
            #expect(try complete(fixture) == [older.id])
            #expect(try row(older.id, fixture).filesHashed == 1)
        }
    }

    @Test func aRestartEndsWhatIsUnderWay() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            try fixture.write {
                try $0.addError("first", to: begun.id)
                try $0.closeInterruptedScans(at: Fixture.now)
            }
            #expect(try waiting(fixture) == [])
            let row = try row(begun.id, fixture)
            #expect((row.completedAt, row.errors.count) == (Fixture.now, 2))
            #expect(row.errors.last?.hasSuffix("; files verified: 0, not verified: 1") == true)
            // What was being read then is just read once more.
            #expect(try store(aa, id, fixture) == .stored(files: [id], scans: []))
        }
    }
}
