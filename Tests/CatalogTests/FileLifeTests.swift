import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What becomes of a file's row from its first sight on.
@Suite struct FileLifeTests {
    private let later = "2025-01-02T00:00:00.000Z"

    @Test func aNewFileWaitsToBeReadWithWhatItsHeaderSaid() async throws {
        try await withCatalog { fixture in
            var content = ContentDescription(format: "safetensors", message: "Something is odd.")
            (content.headerSize, content.tensorCount, content.parameterCount) = (71, 2, .max)
            content.dtypes = ["F16": 1, "BF16": 1]
            content.metadata = [.init(key: "b", value: "2"), .init(key: "a", value: "1\n\"")]
            let id = try fixture.add("loras/a.safetensors", content: .new(content))
            let file = try #require(try fixture.details(id))
            #expect(file.path == FilePath("/m/loras/a.safetensors"))
            #expect(file.root == FilePath("/m"))
            #expect(file.folder == Array("loras".utf8))
            #expect(file.state == .pending)
            #expect((file.size, file.modified) == (10, 1000))
            #expect(file.header.format == "safetensors")
            #expect((file.header.size, file.header.tensorCount, file.header.parameterCount) == (71, 2, .max))
            #expect(file.header.dtypes == ["F16": 1, "BF16": 1])
            #expect(file.error == "Something is odd.")
            #expect(file.digests.sha256 == nil)
            let metadata = try fixture.read { try $0.extras(ofContent: try #require(file.contentID)).metadata }
            #expect(metadata.map(\.key) == ["a", "b"])
            #expect(metadata.map(\.value) == ["1\n\"", "2"])
        }
    }

    @Test func ofDuplicateMetadataKeysTheLastCounts() async throws {
        try await withCatalog { fixture in
            var content = ContentDescription(format: nil)
            content.metadata = ["first", "last"].map { .init(key: "k", value: $0) }
            let id = try fixture.add("a.safetensors", content: .new(content))
            let file = try #require(try fixture.details(id))
            let metadata = try fixture.read { try $0.extras(ofContent: try #require(file.contentID)).metadata }
            #expect(metadata.map(\.value) == ["last"])
        }
    }

    @Test func numbersAtTheEndsOfTheirRangesComeBackAsTheyWere() async throws {
        try await withCatalog { fixture in
            for (name, modified) in [("oldest", Int64.min), ("newest", Int64.max)] {
                let status = FileStatus.sample(size: .max, modified: modified, changed: modified, inode: .max)
                let id = try fixture.add(name, status)
                let known = try #require(try fixture.known(id))
                #expect((known.size, known.modified, known.changed, known.inode) == (.max, modified, modified, .max))
                let found = try fixture.read { try $0.files(inode: .max, size: .max, modified: modified) }
                #expect(found.map(\.id) == [id])
                #expect(try fixture.job(id).inode == .max)
            }
        }
    }

    @Test func anUnreadContentGoesWithItsLastFileAndAReadOneStays() async throws {
        try await withCatalog { fixture in
            let unread = try fixture.add("unread.safetensors")
            let read = try fixture.addIndexed("read.safetensors", .sample("aa"), .sample(inode: 2))
            #expect(try fixture.value("SELECT count(*) FROM contents") == 2)
            try fixture.write { try $0.remove(unread) }
            try fixture.write { try $0.remove(read) }
            #expect(try fixture.texts("SELECT sha256 FROM contents") == [ContentDigests.sample("aa").sha256])
            #expect(try fixture.details(unread) == nil)
        }
    }

    @Test func anUnreadContentStaysWhileAnotherLinkHasIt() async throws {
        try await withCatalog { fixture in
            let first = try fixture.add("a.safetensors", .sample(links: 2))
            let content = try #require(try fixture.known(first)?.contentID)
            let second = try fixture.add("b.safetensors", .sample(links: 2), content: .shared(id: content))
            try fixture.write { try $0.remove(first) }
            #expect(try fixture.known(second)?.contentID == content)
            try fixture.write { try $0.remove(second) }
            #expect(try fixture.value("SELECT count(*) FROM contents") == 0)
        }
    }

    @Test func aReplacedFileIsUnknownAgain() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"))
            let scan = try fixture.write { try $0.beginScan(kind: "scan", root: FilePath("/m"), at: Fixture.now) }
            let changed = fixture.observe("a.safetensors", .sample(size: 11, modified: 5, inode: 9))
            try fixture.write {
                try $0.replaceContent(
                    of: id, changed, content: .new(.sample), held: true, scan: scan, at: "2025-01-02T00:00:00.000Z")
            }
            let known = try #require(try fixture.known(id))
            #expect((known.state, known.isHeld, known.size, known.inode) == (.pending, true, 11, 9))
            #expect(try fixture.details(id)?.digests.sha256 == nil)
            #expect(try fixture.value("SELECT scan_id FROM local_files") == .integer(scan))
            #expect(try fixture.value("SELECT count(*) FROM contents WHERE sha256 IS NOT NULL") == 1)
        }
    }

    @Test func aFileReplacedByALinkToAKnownContentIsIndexedAtOnce() async throws {
        try await withCatalog { fixture in
            let known = try fixture.addIndexed("a.safetensors", .sample("aa"))
            let content = try #require(try fixture.known(known)?.contentID)
            let id = try fixture.add("b.safetensors", .sample(inode: 2))
            let file = fixture.observe("b.safetensors", .sample(links: 2))
            try fixture.write {
                try $0.replaceContent(
                    of: id, file, content: .shared(id: content), held: false, scan: nil, at: Fixture.now)
            }
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.details(id)?.copies == [FilePath("/m/a.safetensors")])
            #expect(try fixture.details(known)?.copies == [FilePath("/m/b.safetensors")])
            #expect(try fixture.value("SELECT count(*) FROM contents") == 1)
        }
    }

    @Test func aMovedFileKeepsItsNumberAndContent() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"))
            let moved = fixture.observe("sub/b.safetensors")
            try fixture.write { try $0.keepContent(of: id, moved, readAgain: false, at: Fixture.now) }
            let file = try #require(try fixture.details(id))
            #expect(file.path == FilePath("/m/sub/b.safetensors"))
            #expect(file.folder == Array("sub".utf8))
            #expect((file.state, file.digests.sha256) == (.indexed, ContentDigests.sample("aa").sha256))
            #expect(try fixture.names { $0.name = "a" } == [])
            #expect(try fixture.names { $0.name = "b" } == ["sub/b.safetensors"])
        }
    }

    @Test func aFileIsMissingAndComesBackAsItWas() async throws {
        try await withCatalog { fixture in
            let read = try fixture.addIndexed("a.safetensors", .sample("aa"))
            let unread = try fixture.add("b.safetensors", .sample(inode: 2), held: true)
            let later = later
            try fixture.write { try $0.markMissing([read, unread], at: later) }
            #expect(try fixture.state(read) == .missing)
            #expect(
                try fixture.value("SELECT missing_since FROM local_files WHERE id = ?", [.integer(read)])
                    == .text(later))
            #expect(try fixture.details(read)?.digests.sha256 != nil)
            // It was not complete when it went, and is not when it comes back.
            #expect(try fixture.known(unread)?.isHeld == true)
            #expect(try fixture.jobs() == [])

            // It went on the day it went, however often that is found again.
            try fixture.write { try $0.markMissing([read], at: "2025-01-03T00:00:00.000Z") }
            #expect(
                try fixture.value("SELECT missing_since FROM local_files WHERE id = ?", [.integer(read)])
                    == .text(later))

            let (a, b) = (fixture.observe("a.safetensors"), fixture.observe("b.safetensors", .sample(inode: 2)))
            try fixture.write {
                try $0.keepContent(of: read, a, readAgain: false, at: later)
                try $0.keepContent(of: unread, b, readAgain: false, at: later)
            }
            #expect(try fixture.state(read) == .indexed)
            #expect(try fixture.state(unread) == .pending)
            #expect(try fixture.value("SELECT count(*) FROM local_files WHERE missing_since IS NOT NULL") == 0)
            #expect(try fixture.jobs() == [])
            try fixture.write { try $0.setHeld(unread, false, content: nil, at: later) }
            #expect(try fixture.jobs().map(\.fileID) == [unread])
        }
    }

    @Test func aFileInErrorIsTriedAgainWhenItsInodeChanged() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let (later, file) = (later, fixture.observe("a.safetensors", .sample(changed: 9)))
            try fixture.write {
                try $0.noteTrouble(id, "Permission denied.", unread: true, nextAttempt: later, at: Fixture.now)
                try $0.keepContent(of: id, file, readAgain: false, at: Fixture.now)
            }
            #expect(try fixture.state(id) == .pending)
            #expect(try fixture.jobs().map(\.fileID) == [id])
        }
    }

    @Test func troubleWithAKnownContentIsNotedAndNothingIsForgotten() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a.safetensors", .sample("aa"))
            try fixture.write {
                try $0.noteTrouble(id, "It cannot be read.", unread: false, nextAttempt: nil, at: Fixture.now)
            }
            let file = try #require(try fixture.details(id))
            #expect((file.state, file.error) == (.indexed, "It cannot be read."))
            #expect(file.digests.sha256 != nil)
            #expect(try fixture.names { $0.troubledOnly = true } == ["a.safetensors"])
        }
    }

    @Test func aHeldFileIsReleasedWithWhatIsKnownThen() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors", content: .unknown, held: true)
            #expect(try fixture.jobs() == [])
            #expect(try fixture.read { try $0.heldPaths(ofRoots: [fixture.root.id], limit: 9) }.count == 1)
            #expect(try fixture.read { try $0.heldPaths(ofRoots: [], limit: 9) } == [])
            let content = ContentDescription(format: "gguf")
            try fixture.write { try $0.setHeld(id, false, content: content, at: Fixture.now) }
            #expect(try fixture.details(id)?.header.format == "gguf")
            #expect(try fixture.jobs().map(\.fileID) == [id])
            #expect(try fixture.value("SELECT size FROM contents") == 10)

            // A later look describes the content that is there, and no second one.
            let other = ContentDescription(format: "safetensors")
            try fixture.write { try $0.setHeld(id, true, content: other, at: Fixture.now) }
            #expect(try fixture.details(id)?.header.format == "safetensors")
            #expect(try fixture.value("SELECT count(*) FROM contents") == 1)
            #expect(try fixture.jobs() == [])
        }
    }

    @Test func aFileThatIsNotReadOnPurposeIsListedAndQueuedWhenTheLimitChanges() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a.safetensors")
            let read = try fixture.addIndexed("b.safetensors", .sample("bb"), .sample(inode: 2))
            try fixture.write { try $0.skipReading(id, "Too large.", at: Fixture.now) }
            #expect(try fixture.details(id)?.error == "Too large.")
            #expect(try fixture.state(id) == .indexed)
            #expect(try fixture.jobs() == [])
            try fixture.write { try $0.queueUnread(at: Fixture.now) }
            #expect(try fixture.jobs().map(\.fileID) == [id])
            #expect(try fixture.details(id)?.error == nil)
            #expect(try fixture.state(read) == .indexed)
        }
    }

    @Test func countsTellWhatIsThereAndWhatIsMissing() async throws {
        try await withCatalog { fixture in
            try fixture.addIndexed("a", .sample("aa"), .sample(size: 1))
            try fixture.add("b", .sample(size: 20, inode: 2))
            let failed = try fixture.add("c", .sample(size: 300, inode: 3))
            let gone = try fixture.add("d", .sample(size: 4000, inode: 4))
            try fixture.write {
                try $0.noteTrouble(failed, "x", unread: true, nextAttempt: nil, at: Fixture.now)
                try $0.markMissing([gone], at: Fixture.now)
            }
            var expected = StateCounts()
            (expected.indexed, expected.pending, expected.error, expected.missing) = (1, 1, 1, 1)
            (expected.bytes, expected.pendingBytes) = (321, 20)
            #expect(try fixture.read { try $0.counts() } == expected)
            #expect(try fixture.read { try $0.presentCounts() } == [fixture.root.id: 3])
            #expect(try fixture.state(failed) == .error)
        }
    }
}
