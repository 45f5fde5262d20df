import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Which files are read once more for digests that are wanted later than they were read.
@Suite struct MissingDigestTests {
    private let full = String(repeating: "3", count: 64)
    private let valid = Self.described("safetensors")

    private static func described(_ format: String, size: UInt64 = 1, message: String? = nil) -> ContentDescription {
        var description = ContentDescription(format: format, message: message)
        description.headerSize = size
        return description
    }

    @Test func contentsWithoutBLAKE3AreReadAgainOnceEach() async throws {
        try await withCatalog { fixture in
            let first = try add("a", .sample("aa"), inode: 1, fixture)
            try add("copy", .sample("aa"), inode: 2, fixture)
            try add("b", .sample("bb", blake3: full), inode: 3, fixture)
            try fixture.add("unread", .sample(inode: 4))
            #expect(try queue(fixture, blake3: false) == 0)
            #expect(try queue(fixture) == 1)
            #expect(try queued(fixture) == [first])
            // Asked once more, nothing is added to what waits.
            #expect(try queue(fixture) == 0)
        }
    }

    @Test func onlyValidSafetensorsFilesUpToTheLimitAreReadForAutoV3() async throws {
        try await withCatalog { fixture in
            let lacking = try add("a", .sample("aa"), inode: 1, fixture, valid)
            try add("has", .sample("bb", autoV3Full: full), inode: 2, fixture, valid)
            try add("large", .sample("cc"), size: 1001, inode: 3, fixture, valid)
            try add("gguf", .sample("dd"), inode: 4, fixture, Self.described("gguf"))
            try add("broken", .sample("ee"), inode: 5, fixture, ContentDescription(format: "safetensors"))
            let short = Self.described("safetensors", message: "too short")
            try add("short", .sample("ff"), inode: 6, fixture, short)
            try add("header", .sample("ab"), inode: 7, fixture, Self.described("safetensors", size: 3))
            #expect(try queue(fixture, blake3: false, limit: 9) == 0)
            #expect(try queue(fixture, blake3: false, limit: 1000) == 1)
            #expect(try queued(fixture) == [lacking])
        }
    }

    @Test func aDamagedFileIsNotReadForItsDigests() async throws {
        try await withCatalog { fixture in
            try add("a", .sample("aa"), inode: 1, fixture)
            _ = try fixture.write { try $0.connection.run("UPDATE local_files SET damaged = 1") }
            #expect(try queue(fixture) == 0)
        }
    }

    @Test func otherBytesThanTheKnownOnesAreDamageAndNotBelieved() async throws {
        try await withCatalog { fixture in
            let id = try add("a", .sample("aa"), inode: 1, fixture)
            #expect(try queue(fixture) == 1)
            #expect(try complete(id, .sample("bb", blake3: full), fixture) == .damaged(files: [id], scans: []))
            let file = try #require(try fixture.details(id))
            #expect(file.digests.sha256 == ContentDigests.sample("aa").sha256)
            #expect((file.state, file.digests.blake3) == (.indexed, nil))
            #expect(try queued(fixture) == [])
            #expect(try queue(fixture) == 0)
        }
    }

    @Test func whatIsInDoubtIsReadForThatAndGetsItsDigestsAsWell() async throws {
        try await withCatalog { fixture in
            let id = try add("a", .sample("aa"), inode: 1, fixture)
            #expect(try queue(fixture) == 1)
            let changed = fixture.observe("a", .sample(changed: 3000))
            try fixture.write { try $0.keepContent(of: id, changed, readAgain: true, at: Fixture.now) }
            #expect(try fixture.jobs().map(\.purpose) == [.again])
            #expect(try queued(fixture) == [])
            _ = try complete(id, .sample("aa", blake3: full), fixture, .again)
            #expect(try fixture.jobs() == [])
        }
    }

    @Test(arguments: [HashJob.Purpose.first, .completion])
    func whatWasReadBeforeADigestWasWantedIsReadOnceMore(purpose: HashJob.Purpose) async throws {
        try await withCatalog { fixture in
            let id = try purpose == .first ? fixture.add("a") : add("a", .sample("aa"), inode: 1, fixture)
            let wanted = WantedDigests(blake3: true)
            _ = try complete(id, .sample("aa"), fixture, purpose, wanted: wanted)
            #expect(try queued(fixture) == [id])
            // What was asked for and did not come does not apply.
            _ = try complete(id, .sample("aa"), fixture, asked: wanted, wanted: wanted)
            #expect(try queued(fixture) == [])
        }
    }

    @Test func aLimitThatWasRaisedWhileAFileWasReadIsKept() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a", .sample(), content: .new(valid))
            let (low, high) = (WantedDigests(autoV3UpTo: 9), WantedDigests(autoV3UpTo: 10))
            let job = try fixture.job(id)
            let valid = valid
            _ = try fixture.write {
                try $0.store(
                    .sample("aa"), of: job, read: ReadingCircumstances(asked: low), description: valid, wanted: high,
                    at: Fixture.now)
            }
            #expect(try queued(fixture) == [id])
            _ = try complete(id, .sample("aa", autoV3Full: full), fixture, asked: high, wanted: high)
            #expect(try queued(fixture) == [])
        }
    }

    @Test func aMissingFileIsNotRead() async throws {
        try await withCatalog { fixture in
            let id = try add("a", .sample("aa"), inode: 1, fixture)
            try fixture.write { try $0.markMissing([id], at: Fixture.now) }
            #expect(try queue(fixture) == 0)
        }
    }

    @discardableResult
    private func add(
        _ name: String, _ digests: ContentDigests, size: Int64 = 10, inode: UInt64, _ fixture: Fixture,
        _ description: ContentDescription = .sample
    ) throws -> Int64 {
        let id = try fixture.add(name, .sample(size: size, inode: inode))
        let job = try fixture.job(id)
        _ = try fixture.write { try $0.store(digests, of: job, description: description, at: Fixture.now) }
        return id
    }

    private func complete(
        _ id: Int64, _ digests: ContentDigests, _ fixture: Fixture, _ purpose: HashJob.Purpose = .completion,
        asked: WantedDigests = WantedDigests(), wanted: WantedDigests = WantedDigests()
    ) throws -> CatalogWriter.DigestOutcome {
        let job = try fixture.job(id, purpose)
        return try fixture.write {
            try $0.store(
                digests, of: job, read: ReadingCircumstances(asked: asked), description: .sample, wanted: wanted,
                at: Fixture.now)
        }
    }

    private func queue(_ fixture: Fixture, blake3: Bool = true, limit: Int64 = 0) throws -> Int {
        try fixture.write { try $0.queueMissingDigests(WantedDigests(blake3: blake3, autoV3UpTo: limit)) }
    }

    private func queued(_ fixture: Fixture) throws -> [Int64] {
        try fixture.read { try $0.hashJobs(.completion, ofRoot: fixture.root.id, limit: 9, now: Fixture.now) }.map(
            \.fileID)
    }
}

/// Databases of earlier releases.
@Suite struct EarlierReleaseTests {
    @Test func aDatabaseOfTheSecondSchemaKeepsItsRowsAndIsReadRootByRoot() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("models.db")
            let earlier = Array(ModelCatalog.migrations.prefix(2))
            _ = try Migrator(applicationID: ModelCatalog.applicationID, migrations: earlier)
                .migrate(path, timestamp: "20250101T000000Z")
            let connection = try Connection(path, .readWriteCreate)
            try connection.execute(
                """
                INSERT INTO roots (id, path) VALUES (1, '/m');
                INSERT INTO contents (id, sha256, size, created_at) VALUES (1, 'aa', 10, '');
                INSERT INTO contents (id, size, created_at) VALUES (2, 20, '');
                INSERT INTO scan_history (id, kind, root, started_at) VALUES (1, 'scan', '/m', '2025-01-01T00:00:00.000Z');
                INSERT INTO local_files (id, file_path, root_id, folder, name, size, mtime_ns, ctime_ns, inode, device,
                        content_id, state, read_again, scan_id, created_at, updated_at)
                    VALUES (1, '/m/a', 1, '', 'a', 10, 1, 1, 1, 1, 1, 'indexed', 1, NULL, '', ''),
                           (2, '/m/b', 1, '', 'b', 20, 1, 1, 2, 1, 2, 'pending', 0, 1, '', '');
                """)
            connection.close()
            let catalog = try ModelCatalog.open(directory: directory)
            defer { catalog.close() }
            try catalog.read { reader throws in
                #expect(try reader.hashJobs(.first, ofRoot: 1, limit: 9, now: Fixture.now).map(\.fileID) == [2])
                #expect(try reader.hashJobs(.again, ofRoot: 1, limit: 9, now: Fixture.now).map(\.fileID) == [1])
                #expect(try reader.hashJobs(.verification, ofRoot: 1, limit: 9, now: Fixture.now) == [])
                #expect(try reader.file(id: 1)?.digests.sha256 == "aa")
            }
            let begun = try catalog.write { try $0.beginVerification(of: nil, ofRoots: [1], at: Fixture.now) }
            #expect((begun.id, begun.files, begun.bytes) == (2, 1, 10))
        }
    }
}
