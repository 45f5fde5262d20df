import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What storing the digests of a file that was read does.
@Suite struct DigestTests {
    private let aa = ContentDigests.sample("aa", autoV1: "11111111", autoV3Full: String(repeating: "3", count: 64))

    @Test func digestsMakeAFileIndexed() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let content = try fixture.known(id)?.contentID
            let outcome = try store(aa, of: id, fixture)
            #expect(outcome == .stored(files: [id], scans: []))
            let file = try #require(try fixture.details(id))
            #expect((file.state, file.error) == (.indexed, nil))
            #expect(file.contentID == content)
            let digests = StoredDigests(
                sha256: aa.sha256, autoV1: "11111111", autoV2: aa.autoV2, autoV3: "333333333333",
                autoV3Full: aa.autoV3Full, crc32: "00000000", blake3: nil)
            #expect(file.digests == digests)
        }
    }

    @Test(arguments: ["size", "mtime_ns", "inode", "state", "id"])
    func digestsOfAFileThatChangedMeanwhileAreWorthless(what: String) async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let job = try fixture.job(id)
            let aa = aa
            try fixture.write { writer in
                if what == "id" { return try writer.remove(id) }
                if what == "state" { return try writer.markMissing([id], at: Fixture.now) }
                try writer.connection.run("UPDATE local_files SET \(what) = \(what) + 1")
            }
            let outcome = try fixture.write { try $0.store(aa, of: job, description: .sample, at: Fixture.now) }
            #expect(outcome == .discarded)
            #expect(try fixture.value("SELECT count(*) FROM contents WHERE sha256 IS NOT NULL") == 0)
        }
    }

    @Test func aFileThatMovedMeanwhileGetsItsDigests() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let job = try fixture.job(id)
            let moved = fixture.observe("b.safetensors")
            let aa = aa
            let outcome = try fixture.write { writer in
                try writer.keepContent(of: id, moved, readAgain: false, at: Fixture.now)
                return try writer.store(aa, of: job, description: .sample, at: Fixture.now)
            }
            #expect(outcome == .stored(files: [id], scans: []))
            #expect(try fixture.details(id)?.path == FilePath("/m/b.safetensors"))
            #expect(try fixture.state(id) == .indexed)
        }
    }

    @Test func twoFilesWithTheSameBytesShareOneContent() async throws {
        try await withCatalog { fixture in
            let first = try fixture.addIndexed("a.safetensors", aa)
            let second = try fixture.add("b.safetensors", .sample(inode: 2))
            #expect(try fixture.value("SELECT count(*) FROM contents") == 2)
            #expect(try store(aa, of: second, fixture) == .stored(files: [second], scans: []))
            #expect(try fixture.value("SELECT count(*) FROM contents") == 1)
            #expect(try fixture.details(first)?.contentID == fixture.details(second)?.contentID)
            #expect(try fixture.details(first)?.copies == [FilePath("/m/b.safetensors")])
        }
    }

    @Test func aContentKeepsWhatOneReadingCouldNotTell() async throws {
        try await withCatalog { fixture in
            var withBlake3 = aa
            withBlake3.blake3 = String(repeating: "b", count: 64)
            let id = try fixture.addIndexed("a.safetensors", withBlake3)
            var poorer = aa
            (poorer.autoV1, poorer.autoV3, poorer.autoV3Full) = (nil, nil, nil)
            let again = try fixture.add("b.safetensors", .sample(inode: 2))
            _ = try store(poorer, of: again, fixture)
            let digests = try #require(try fixture.details(id)?.digests)
            #expect(digests.blake3 == withBlake3.blake3)
            #expect(digests.autoV1 == aa.autoV1)
            #expect(digests.autoV3Full == aa.autoV3Full)
        }
    }

    @Test func hardLinksAreAnsweredByOneReading() async throws {
        try await withCatalog { fixture in
            let first = try fixture.add("a.safetensors", .sample(links: 2))
            let content = try #require(try fixture.known(first)?.contentID)
            let second = try fixture.add("b.safetensors", .sample(links: 2), content: .shared(id: content))
            #expect(try fixture.jobs().map(\.fileID) == [first])
            #expect(try store(aa, of: first, fixture) == .stored(files: [first, second], scans: []))
            #expect(try fixture.state(second) == .indexed)
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aLinkThatIsSomethingElseByNowIsNotAnswered() async throws {
        try await withCatalog { fixture in
            let first = try fixture.add("a.safetensors", .sample(links: 2))
            let content = try #require(try fixture.known(first)?.contentID)
            let second = try fixture.add("b.safetensors", .sample(links: 2), content: .shared(id: content))
            let replaced = fixture.observe("b.safetensors", .sample(size: 99, inode: 3))
            try fixture.write {
                try $0.replaceContent(
                    of: second, replaced, content: .new(.sample), held: false, scan: nil, at: Fixture.now)
            }
            #expect(try store(aa, of: first, fixture) == .stored(files: [first], scans: []))
            #expect(try fixture.state(second) == .pending)
        }
    }

    @Test func aSecondReadingThatFindsTheSameChangesNothing() async throws {
        try await withCatalog { fixture in
            let id = try doubtfulFile(fixture)
            let outcome = try store(aa, of: id, fixture, .again)
            #expect(outcome == .stored(files: [id], scans: []))
            #expect(try fixture.jobs() == [])
            #expect(try fixture.value("SELECT count(*) FROM contents") == 1)
        }
    }

    @Test func aSecondReadingThatFindsOtherBytesIsBelieved() async throws {
        try await withCatalog { fixture in
            let id = try doubtfulFile(fixture)
            let copy = try fixture.addIndexed("copy.safetensors", aa, .sample(inode: 8))
            let bb = ContentDigests.sample("bb")
            let outcome = try store(bb, of: id, fixture, .again)
            let content = try #require(try fixture.details(id)?.contentID)
            #expect(outcome == .foundOther(files: [id], content: content))
            #expect(try fixture.details(id)?.digests.sha256 == bb.sha256)
            #expect(try fixture.details(copy)?.digests.sha256 == aa.sha256)
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func rehashReadsEachCopyByItself() async throws {
        try await withCatalog { fixture in
            // As `cp --preserve` leaves them: size and time are the same, the inode is not.
            let first = try fixture.addIndexed("a.safetensors", aa)
            let second = try fixture.addIndexed("b.safetensors", aa, .sample(inode: 2))
            let scan = try fixture.write { try $0.beginScan(kind: "rehash", root: FilePath("/m"), at: Fixture.now) }
            let queued = try fixture.write { try $0.queueRehash(below: FilePath("/m"), scan: scan, at: Fixture.now) }
            #expect(queued == 2)
            #expect(try fixture.jobs().map(\.fileID) == [first, second])
            #expect(try store(aa, of: first, fixture) == .stored(files: [first], scans: [scan]))
            #expect(try fixture.state(second) == .pending)
        }
    }

    @Test func rehashTakesWhatLiesBelowAPathAndNothingElse() async throws {
        try await withCatalog { fixture in
            let names = ["a/x", "a/b/x", "a-b/x", "a0/x", "ab"]
            for (number, name) in names.enumerated() {
                try fixture.addIndexed(name, .sample("\(number)"), .sample(inode: UInt64(number)))
            }
            let scan = try fixture.write { try $0.beginScan(kind: "rehash", root: FilePath("/m/a"), at: Fixture.now) }
            _ = try fixture.write { try $0.queueRehash(below: FilePath("/m/a"), scan: scan, at: Fixture.now) }
            #expect(try fixture.names { $0.states = [.pending] } == ["a/b/x", "a/x"])
            _ = try fixture.write { try $0.queueRehash(below: FilePath("/m/ab"), scan: scan, at: Fixture.now) }
            #expect(try fixture.names { $0.states = [.pending] } == ["a/b/x", "a/x", "ab"])
            _ = try fixture.write { try $0.queueRehash(below: .root, scan: scan, at: Fixture.now) }
            #expect(try fixture.names { $0.states = [.pending] }.count == names.count)
        }
    }

    @Test func aReadingCountsForTheScanThatWaitsForIt() async throws {
        try await withCatalog { fixture in
            let scan = try fixture.write { try $0.beginScan(kind: "scan", root: FilePath("/m"), at: Fixture.now) }
            let id = try fixture.add("a.safetensors", scan: scan)
            #expect(try store(aa, of: id, fixture) == .stored(files: [id], scans: [scan]))
            let row = try #require(try fixture.read { try $0.scans(limit: nil) }.first)
            #expect((row.filesHashed, row.bytesHashed) == (1, 10))
        }
    }

    private func doubtfulFile(_ fixture: Fixture) throws -> Int64 {
        let id = try fixture.addIndexed("a.safetensors", aa)
        let file = fixture.observe("a.safetensors", .sample(changed: 3000))
        try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
        let job = try #require(try fixture.jobs().first)
        #expect((job.fileID, job.purpose) == (id, .again))
        #expect(try fixture.state(id) == .indexed)
        return id
    }

    private func store(
        _ digests: ContentDigests, of id: Int64, _ fixture: Fixture, _ purpose: HashJob.Purpose = .first
    ) throws -> CatalogWriter.DigestOutcome {
        let job = try fixture.job(id, purpose)
        return try fixture.write { try $0.store(digests, of: job, description: .sample, at: Fixture.now) }
    }
}
