import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which files a verification reads, and what it makes of them.
@Suite struct VerificationTests {
    let aa = ContentDigests.sample("aa")
    let bb = ContentDigests.sample("bb")

    @Test func itTakesIndexedFilesBelowAPathThatCanBeRead() async throws {
        try await withCatalog { fixture in
            for (number, name) in ["a/x", "a/b/x", "a-b/x", "a0/x", "ab", "a/offline/x", "a/gone"].enumerated() {
                try fixture.addIndexed(name, .sample("\(number)"), .sample(inode: UInt64(number)))
            }
            try fixture.add("a/unread", .sample(inode: 50))
            let gone = try #require(try fixture.read { try $0.file(at: FilePath("/m/a/gone"))?.id })
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            let begun = try begin(fixture, FilePath("/m/a"), outside: [FilePath("/m/a/offline")])
            #expect((begun.files, begun.bytes) == (2, 20))
            #expect(try waiting(fixture) == ["a/b/x", "a/x"])
            #expect(try row(begun.id, fixture).root == "/m/a")
            #expect(try row(begun.id, fixture).counts.seen == 2)
            #expect(try begin(fixture, FilePath("/m/ab")).files == 1)
            #expect(try begin(fixture).files == 6)
            #expect(try row(begin(fixture, roots: []).id, fixture).root == nil)
        }
    }

    @Test func itReadsTheSmallestFirstAndWhatIsInDoubtToo() async throws {
        try await withCatalog { fixture in
            let large = try fixture.addIndexed("large", aa, .sample(size: 99, inode: 1))
            let small = try fixture.addIndexed("small", bb, .sample(size: 1, inode: 2))
            let doubtful = try fixture.addIndexed("doubtful", .sample("cc"), .sample(inode: 3))
            let file = fixture.observe("doubtful", .sample(changed: 3000, inode: 3))
            try fixture.write { try $0.keepContent(of: doubtful, file, readAgain: true, at: Fixture.now) }
            _ = try begin(fixture)
            let jobs = try fixture.read {
                try $0.hashJobs(.verification, ofRoot: fixture.root.id, limit: 9, now: Fixture.now)
            }
            #expect(jobs.map(\.fileID) == [small, doubtful, large])
            #expect(jobs.allSatisfy { $0.purpose == .verification })
        }
    }

    @Test func withNothingToReadItIsCompleteAtOnce() async throws {
        try await withCatalog { fixture in
            let begun = try begin(fixture)
            #expect((begun.files, begun.bytes) == (0, 0))
            #expect(try complete(fixture) == [begun.id])
        }
    }

    @Test func theSameBytesAreCountedAndTheRowCompletes() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            #expect(try complete(fixture) == [])
            #expect(try store(aa, id, fixture) == .stored(files: [id], scans: [begun.id]))
            #expect(try waiting(fixture) == [])
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.kind, row.filesHashed, row.bytesHashed, row.filesDamaged) == ("verify", 1, 10, 0))
            #expect(row.errors == [])
            // It brings nothing up to date.
            #expect(try fixture.read { try $0.metadata("last_scan") } == nil)
            #expect(try fixture.catalog.figures().lastScan == nil)
        }
    }

    @Test func digestsThatWereMissingAreFilledIn() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            _ = try begin(fixture)
            let blake3 = String(repeating: "b", count: 64)
            _ = try store(.sample("aa", blake3: blake3), id, fixture)
            #expect(try fixture.details(id)?.digests.blake3 == blake3)
        }
    }

    @Test func otherBytesAreDamageAndTheDigestStays() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let copy = try fixture.addIndexed("copy", aa, .sample(inode: 2))
            let begun = try begin(fixture)
            #expect(try store(bb, id, fixture) == .damaged(files: [id], scans: [begun.id]))
            let file = try #require(try fixture.details(id))
            #expect((file.state, file.digests.sha256) == (.indexed, aa.sha256))
            #expect(file.error?.hasPrefix("Damaged: ") == true)
            #expect(try fixture.names { $0.troubledOnly = true } == ["a"])
            #expect(try fixture.value("SELECT count(*) FROM contents") == 1)
            // The copy is another inode, and was not read yet.
            #expect(try fixture.details(copy)?.error == nil)
            #expect(try waiting(fixture) == ["copy"])
            _ = try store(aa, copy, fixture)
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.filesHashed, row.filesDamaged, row.bytesHashed) == (2, 1, 20))
        }
    }

    @Test func damageIsToldOnceAndCountedEachTime() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            let begun = try begin(fixture)
            #expect(try store(bb, id, fixture) == .damaged(files: [], scans: [begun.id]))
            #expect(try row(begun.id, fixture).filesDamaged == 1)
        }
    }

    @Test(arguments: [HashJob.Purpose.again, .verification, .completion])
    func aDamagedFileSaysSoWhateverElseIsWrongWithIt(purpose: HashJob.Purpose) async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            try fixture.write { try $0.skipReading(id, "too large", at: Fixture.now) }
            #expect(try fixture.details(id)?.error?.hasSuffix("believes them.") == true)
            try fixture.write {
                try $0.noteTrouble(id, "Input/output error.", unread: false, nextAttempt: nil, at: Fixture.now)
            }
            let error = try #require(try fixture.details(id)?.error)
            #expect(error.hasPrefix("Damaged: ") && error.hasSuffix(" Input/output error."))
            #expect(try store(bb, id, fixture, purpose) == .damaged(files: [], scans: []))
            #expect(try fixture.details(id)?.error?.hasSuffix("believes them.") == true)
            #expect(try fixture.names { $0.troubledOnly = true } == ["a"])
        }
    }

    @Test func aFileWithADigestThatIsNotReadAgainHasNoError() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            try fixture.write { try $0.skipReading(id, "too large", at: Fixture.now) }
            #expect(try fixture.details(id)?.error == nil)
            let unread = try fixture.add("b", .sample(inode: 2))
            try fixture.write { try $0.skipReading(unread, "too large", at: Fixture.now) }
            #expect(try fixture.details(unread)?.error == "too large")
        }
    }

    @Test func aFileThatIsWholeAgainIsNoLongerDamaged() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            _ = try begin(fixture)
            _ = try store(aa, id, fixture)
            #expect(try fixture.details(id)?.error == nil)
            #expect(try fixture.names { $0.troubledOnly = true } == [])
            #expect(try fixture.value("SELECT damaged FROM local_files") == 0)
        }
    }

    @Test func aRehashBelievesADamagedFileAndItsHardLinks() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            let content = try #require(try fixture.known(id)?.contentID)
            let link = try fixture.add("link", content: .shared(id: content))
            #expect(try fixture.details(link)?.error?.hasPrefix("Damaged: ") == true)
            let scan = try fixture.write { try $0.beginScan(kind: "rehash", root: FilePath("/m/a"), at: Fixture.now) }
            _ = try fixture.write { try $0.queueRehash(below: FilePath("/m/a"), scan: scan, at: Fixture.now) }
            guard case .foundOther = try store(bb, id, fixture, .first) else { return #expect(Bool(false)) }
            for file in [id, link] {
                let details = try #require(try fixture.details(file))
                #expect((details.state, details.error, details.digests.sha256) == (.indexed, nil, bb.sha256))
            }
            #expect(try fixture.value("SELECT sum(damaged) FROM local_files") == 0)
        }
    }

    @Test func hardLinksAreReadOnceAndShareTheOutcome() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let content = try #require(try fixture.known(id)?.contentID)
            let link = try fixture.add("link", content: .shared(id: content))
            let begun = try begin(fixture)
            #expect((begun.files, begun.bytes) == (2, 10))
            #expect(try fixture.jobs().count == 1)
            #expect(try store(bb, id, fixture) == .damaged(files: [id, link], scans: [begun.id]))
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.filesHashed, row.filesDamaged, row.bytesHashed) == (2, 2, 10))
        }
    }

    @Test func aReadErrorIsNotedWithTheFileAndTheRow() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            try fixture.write {
                try $0.noteTrouble(id, "Input/output error.", unread: false, nextAttempt: nil, at: Fixture.now)
            }
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.details(id)?.error == "Input/output error.")
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).errors == ["/m/a: Input/output error."])
        }
    }

    @Test func sizesBeyondAnIntegerSaturate() async throws {
        try await withCatalog { fixture in
            var ids: [Int64] = []
            let scan = try fixture.write { try $0.beginScan(kind: "scan", root: FilePath("/m"), at: Fixture.now) }
            for (number, digests) in [aa, bb].enumerated() {
                let status = FileStatus.sample(size: .max, inode: UInt64(number))
                ids.append(try fixture.add("\(number)", status, scan: scan))
                #expect(try fixture.read { try $0.counts() }.pendingBytes == .max)
                let job = try fixture.job(ids[number])
                _ = try fixture.write { try $0.store(digests, of: job, description: .sample, at: Fixture.now) }
                try fixture.add("\(number) pending", .sample(size: .max, inode: UInt64(10 + number)))
            }
            let counts = try fixture.catalog.figures().counts
            #expect((counts.bytes, counts.pendingBytes) == (.max, .max))
            #expect(try row(scan, fixture).bytesHashed == .max)
            let begun = try begin(fixture)
            #expect(begun.bytes == .max)
            for (id, digests) in zip(ids, [aa, bb]) { _ = try store(digests, id, fixture) }
            #expect(try row(begun.id, fixture).bytesHashed == .max)
        }
    }

    @Test func damageGoesWithTheContentAndComesBackWithTheFile() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            try fixture.write { try $0.markMissing([id], at: Fixture.now) }
            let same = fixture.observe("a")
            try fixture.write { try $0.keepContent(of: id, same, readAgain: false, at: Fixture.now) }
            #expect(try fixture.details(id)?.error?.hasPrefix("Damaged: ") == true)
            let changed = fixture.observe("a", .sample(size: 11, inode: 2))
            try fixture.write {
                try $0.replaceContent(of: id, changed, content: .unknown, held: false, scan: nil, at: Fixture.now)
            }
            #expect(try fixture.details(id)?.error == nil)
            #expect(try fixture.value("SELECT damaged FROM local_files WHERE id = ?", [.integer(id)]) == 0)
            // The old inode may be elsewhere by now, as damaged as it was.
            #expect(try fixture.value("SELECT damaged FROM local_files WHERE displaced = 1") == 1)
        }
    }

    // MARK: - Helpers

    func begin(
        _ fixture: Fixture, _ path: FilePath? = nil, outside: [FilePath] = [], roots: Set<Int64>? = nil
    ) throws -> CatalogWriter.BegunVerification {
        let roots = roots ?? [fixture.root.id]
        return try fixture.write {
            try $0.beginVerification(of: path, ofRoots: roots, outside: outside, at: Fixture.now)
        }
    }

    /// Files in the queue of the verifications, by path.
    func waiting(_ fixture: Fixture) throws -> [String] {
        try fixture.read {
            try $0.hashJobs(.verification, ofRoot: fixture.root.id, limit: 999, now: Fixture.now)
        }.compactMap { $0.path.relative(to: fixture.root.path).map { String(decoding: $0, as: UTF8.self) } }.sorted()
    }

    func damagedFile(_ fixture: Fixture) throws -> Int64 {
        let id = try fixture.addIndexed("a", aa)
        _ = try begin(fixture)
        _ = try store(bb, id, fixture)
        try #require(try fixture.value("SELECT damaged FROM local_files") == 1)
        return id
    }

    func store(
        _ digests: ContentDigests, _ id: Int64, _ fixture: Fixture, _ purpose: HashJob.Purpose = .verification,
        changed before: Int64? = nil, _ after: Int64? = nil
    ) throws -> CatalogWriter.DigestOutcome {
        let job = try fixture.job(id, purpose)
        let before = try #require(try before ?? fixture.known(id)?.changed)
        let reading = ReadingCircumstances(changedBefore: before, changedAfter: after ?? before)
        return try fixture.write {
            try $0.store(digests, of: job, read: reading, description: .sample, at: Fixture.now)
        }
    }

    func complete(_ fixture: Fixture) throws -> [Int64] {
        let now = try #require(Timestamp.nanoseconds(Fixture.now))
        return try fixture.write { try $0.completeScans(now: now) }
    }

    func row(_ id: Int64, _ fixture: Fixture) throws -> StoredScan {
        try #require(try fixture.read { try $0.scan(id: id) })
    }
}
