import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which files a verification reads, and what it makes of them.
@Suite struct VerificationTests {
    private let aa = ContentDigests.sample("aa")
    private let bb = ContentDigests.sample("bb")

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

    @Test func whatItLeavesOutIsTold() async throws {
        try await withCatalog { fixture in
            for (number, name) in ["x", "offline/a", "offline/b", "offline/in/c", "gone"].enumerated() {
                try fixture.addIndexed(name, .sample("\(number)"), .sample(inode: UInt64(number)))
            }
            try fixture.add("unread", .sample(inode: 50))
            let large = try fixture.add("large", .sample(inode: 51))
            let broken = try fixture.add("broken", .sample(inode: 52))
            let gone = try #require(try fixture.read { try $0.file(at: FilePath("/m/gone"))?.id })
            try fixture.write {
                try $0.markMissing([gone], at: Fixture.now)
                try $0.skipReading(large, "too large", at: Fixture.now)
                try $0.noteTrouble(broken, "x", unread: true, nextAttempt: nil, at: Fixture.now)
            }
            let offline = [FilePath("/m/offline"), FilePath("/m/offline/in"), FilePath("/m/empty")]
            let begun = try begin(fixture, outside: offline)
            #expect(begun.files == 1)
            #expect(
                try row(begun.id, fixture).errors == [
                    "/m/offline is offline: 3 files there are not verified",
                    "files that cannot be compared with a digest; in error: 1, missing: 1, pending: 1,"
                        + " without a digest: 1",
                ])
            let unreachable = try begin(fixture, FilePath("/m/x"), roots: [])
            #expect(try row(unreachable.id, fixture).errors == ["/m is offline: 1 file there is not verified"])
            #expect(try fixture.read { try $0.hasComparableFiles(atOrBelow: FilePath("/m/offline/in")) })
            #expect(try !fixture.read { try $0.hasComparableFiles(atOrBelow: FilePath("/m/gone")) })
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

    @Test func aReadingForDoubtDoesNotBelieveADamagedFile() async throws {
        try await withCatalog { fixture in
            let id = try damagedFile(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            #expect(try store(bb, id, fixture, .again) == .damaged(files: [], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            #expect(try fixture.jobs() == [])
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

    @Test func aFileInDoubtIsBelievedAndCountedAsChanged() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            // It does not have to wait behind everything else that is in doubt.
            #expect(try waiting(fixture) == ["a"])
            let outcome = try store(bb, id, fixture)
            #expect(outcome == .foundOther(files: [id], content: try #require(try fixture.known(id)?.contentID)))
            #expect(try complete(fixture) == [begun.id])
            let row = try row(begun.id, fixture)
            #expect((row.filesHashed, row.filesDamaged, row.counts.changed) == (1, 0, 1))
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aReadingForDoubtAnswersAVerification() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            let file = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, file, readAgain: true, at: Fixture.now) }
            #expect(try store(aa, id, fixture, .again) == .stored(files: [id], scans: [begun.id]))
            #expect(try complete(fixture) == [begun.id])
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aFileThatChangedWhileItWasReadIsReadOnceMore() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            _ = try begin(fixture)
            #expect(try store(bb, id, fixture, changed: 1999) == .stored(files: [], scans: []))
            #expect(try fixture.known(id)?.isReadAgain == true)
            #expect(try waiting(fixture) == ["a"])
            #expect(try fixture.details(id)?.error == nil)
        }
    }

    @Test func otherBytesOfAnInodeThatChangedWhileItWasReadAreNeitherDamageNorBelieved() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            #expect(try store(bb, id, fixture, changed: 2000, 2001) == .stored(files: [], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            // It is read once more, and then believed, for the same verification.
            guard case .foundOther = try store(bb, id, fixture, changed: 2001) else { return #expect(Bool(false)) }
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).counts.changed == 1)
            #expect(try fixture.details(id)?.error == nil)
        }
    }

    @Test func otherBytesOfAnInodeThatChangedBeforeItWasReadAreBelieved() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let begun = try begin(fixture)
            guard case .foundOther = try store(bb, id, fixture, changed: 2001) else { return #expect(Bool(false)) }
            #expect(try fixture.details(id)?.digests.sha256 == bb.sha256)
            #expect(try complete(fixture) == [begun.id])
            #expect(try row(begun.id, fixture).counts.changed == 1)
        }
    }

    @Test(arguments: [HashJob.Purpose.first, .again, .verification, .completion])
    func whatWasReadWhileTheInodeChangedIsStoredAndReadOnceMore(purpose: HashJob.Purpose) async throws {
        try await withCatalog { fixture in
            let id = purpose == .first ? try fixture.add("a") : try fixture.addIndexed("a", aa)
            #expect(try store(aa, id, fixture, purpose, changed: 2000, 2001) == .stored(files: [id], scans: []))
            #expect(try fixture.details(id)?.digests.sha256 == aa.sha256)
            #expect(try fixture.jobs().map(\.purpose) == [.again])
        }
    }

    @Test func hardLinksInDoubtAreReadOnceAndBelievedTogether() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", aa)
            let content = try #require(try fixture.known(id)?.contentID)
            let link = try fixture.add("link", content: .shared(id: content))
            for digests in [aa, bb] {
                for (file, name) in [(id, "a"), (link, "link")] {
                    let changed = fixture.observe(name, .sample(changed: 3000))
                    try fixture.write { try $0.keepContent(of: file, changed, readAgain: true, at: Fixture.now) }
                }
                #expect(try fixture.jobs().map(\.fileID) == [id])
                let outcome = try store(digests, id, fixture, .again)
                let stored = try #require(try fixture.known(link)?.contentID)
                #expect(
                    outcome
                        == (digests == aa
                            ? .stored(files: [id, link], scans: [])
                            : .foundOther(files: [id, link], content: stored)))
                #expect(try fixture.details(link)?.digests.sha256 == digests.sha256)
                #expect(try fixture.jobs() == [])
            }
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

    // MARK: - Helpers

    private func begin(
        _ fixture: Fixture, _ path: FilePath? = nil, outside: [FilePath] = [], roots: Set<Int64>? = nil
    ) throws -> CatalogWriter.BegunVerification {
        let roots = roots ?? [fixture.root.id]
        return try fixture.write {
            try $0.beginVerification(of: path, ofRoots: roots, outside: outside, at: Fixture.now)
        }
    }

    /// Files in the queue of the verifications, by path.
    private func waiting(_ fixture: Fixture) throws -> [String] {
        try fixture.read {
            try $0.hashJobs(.verification, ofRoot: fixture.root.id, limit: 999, now: Fixture.now)
        }.compactMap { $0.path.relative(to: fixture.root.path).map { String(decoding: $0, as: UTF8.self) } }.sorted()
    }

    private func damagedFile(_ fixture: Fixture) throws -> Int64 {
        let id = try fixture.addIndexed("a", aa)
        _ = try begin(fixture)
        _ = try store(bb, id, fixture)
        try #require(try fixture.value("SELECT damaged FROM local_files") == 1)
        return id
    }

    private func store(
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

    private func complete(_ fixture: Fixture) throws -> [Int64] {
        let now = try #require(Timestamp.nanoseconds(Fixture.now))
        return try fixture.write { try $0.completeScans(now: now) }
    }

    private func row(_ id: Int64, _ fixture: Fixture) throws -> StoredScan {
        try #require(try fixture.read { try $0.scan(id: id) })
    }
}
