import Catalog
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// The whole pipeline on a real directory: what is found, read and answered.
@Suite struct IndexerTests {
    @Test func aLibraryIsIndexedFromItsStart() async throws {
        try await withIndexer { library in
            try writeModel(
                library.appending("loras/a.safetensors"), safetensors(1, metadata: #"{"ss_output_name":"a"}"#))
            try writeModel(library.appending("checkpoints/deep/er/b.ckpt"), Array("not a real checkpoint".utf8))
            try writeModel(library.appending("readme.txt"))
            try writeModel(library.appending(".hidden/c.safetensors"))
            try writeModel(library.appending("d.safetensors.part"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["loras/a.safetensors": .indexed, "checkpoints/deep/er/b.ckpt": .indexed])
            let lora = try #require(try fixture.file("loras/a.safetensors"))
            #expect(
                (lora.identity.type, lora.identity.typeSource, lora.header.format) == ("lora", "folder", "safetensors"))
            #expect((lora.header.tensorCount, lora.header.parameterCount, lora.error) == (1, 16, nil))
            #expect(lora.digests.sha256?.utf8.count == 64)
            #expect(lora.digests.autoV3 != nil)
            #expect(lora.digests.autoV1 == nil)
            let checkpoint = try #require(try fixture.file("checkpoints/deep/er/b.ckpt"))
            #expect(checkpoint.digests.sha256 != nil)
            #expect(checkpoint.digests.autoV3 == nil)
            #expect(try fixture.readings() == 2)
            let scan = try #require(try fixture.catalog.read { try $0.scans(limit: 1) }.first)
            #expect((scan.counts.seen, scan.counts.added, scan.filesHashed) == (2, 2, 2))
            #expect((scan.lorasFound, scan.checkpointsFound) == (1, 1))
            #expect(scan.completedAt != nil)
            #expect(try fixture.indexer.status().state == .ready)
        }
    }

    @Test func theDigestsAreThoseOfTheBytes() async throws {
        try await withIndexer { library in
            try writeModel(library.appending("abc.pt"), Array("abc".utf8))
        } _: { fixture in
            try await fixture.sync()
            let digests = try #require(try fixture.file("abc.pt")?.digests)
            // FIPS 180-4's example.
            #expect(digests.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(digests.autoV2 == "ba7816bf8f")
            #expect(digests.crc32 == "c2412435")
        }
    }

    @Test func afterARestartNothingIsReadAgain() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            for number in 0..<5 {
                try writeModel(library.appending("f\(number)/x.safetensors"), safetensors(UInt8(number)))
            }
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { first in
                try await first.sync()
                #expect(try first.readings() == 5)
            }
            try await withIndexer(directory, settings) { second in
                try await second.sync()
                #expect(try second.readings() == 0)
                #expect(try second.states().values.allSatisfy { $0 == .indexed })
                let scan = try #require(try second.catalog.read { try $0.scans(limit: 1) }.first)
                #expect((scan.counts.seen, scan.counts.changes) == (5, 0))
            }
        }
    }

    @Test func whatChangedWhileNobodyWatchedIsFoundAtTheStart() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            for name in ["keep", "go", "change"] { try writeModel(library.appending(name + ".pt"), Array(name.utf8)) }
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { try await $0.sync() }
            removeFile(library.appending("go.pt"))
            try writeModel(library.appending("change.pt"), Array("changed".utf8))
            try writeModel(library.appending("new.pt"), Array("new".utf8))
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                let expected: [String: FileState] = [
                    "keep.pt": .indexed, "go.pt": .missing, "change.pt": .indexed, "new.pt": .indexed,
                ]
                #expect(try fixture.states() == expected)
                #expect(try fixture.readings() == 2)
                let scan = try #require(try fixture.catalog.read { try $0.scans(limit: 1) }.first)
                #expect((scan.counts.added, scan.counts.changed, scan.counts.missing) == (1, 1, 1))
            }
        }
    }

    @Test func aFileThatComesIsIndexedAndOneThatGoesIsMissing() async throws {
        try await withIndexer { fixture in
            try await fixture.sync()
            try writeModel(fixture.path("new/dir/a.safetensors"))
            try await fixture.sync()
            let file = try #require(try fixture.file("new/dir/a.safetensors"))
            #expect(file.state == .indexed)

            let aside = fixture.directory.appending("aside")
            try renameFile(fixture.path("new/dir/a.safetensors"), aside)
            try await fixture.sync()
            #expect(try fixture.states() == ["new/dir/a.safetensors": .missing])

            let readings = try fixture.readings()
            try renameFile(aside, fixture.path("new/dir/a.safetensors"))
            try await fixture.sync()
            #expect(try fixture.file("new/dir/a.safetensors")?.id == file.id)
            #expect(try fixture.file("new/dir/a.safetensors")?.state == .indexed)
            #expect(try fixture.file("new/dir/a.safetensors")?.digests == file.digests)
            #expect(try fixture.readings() == readings)
        }
    }

    @Test func aFileReplacedInPlaceIsReadAnew() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("one".utf8))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("a.pt"))
            try writeFile(fixture.path("a.pt"), "two")
            try await fixture.sync()
            let overwritten = try #require(try fixture.file("a.pt"))
            #expect((overwritten.id, overwritten.state) == (before.id, .indexed))
            #expect(overwritten.digests.sha256 != before.digests.sha256)

            try writeModel(fixture.directory.appending("outside.pt"), Array("three".utf8))
            try renameFile(fixture.directory.appending("outside.pt"), fixture.path("a.pt"))
            try await fixture.sync()
            let replaced = try #require(try fixture.file("a.pt"))
            #expect((replaced.id, replaced.state, replaced.size) == (before.id, .indexed, 5))
            #expect(replaced.digests.sha256 != overwritten.digests.sha256)
        }
    }

    @Test func anEditWithAForgedTimeIsFound() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("one".utf8))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("a.pt"))
            try writeFile(fixture.path("a.pt"), "two")
            try setTimes(fixture.path("a.pt"), nanoseconds: before.modified)
            try await fixture.sync()
            let after = try #require(try fixture.file("a.pt"))
            #expect(after.modified == before.modified)
            #expect(after.digests.sha256 != before.digests.sha256)
        }
    }

    @Test func changedPermissionsAreNoReasonToRead() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            chmodPath(fixture.path("a.pt"), 0o600)
            try await fixture.sync()
            try await fixture.scan()
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func copiesShareAContentAndAreEachRead() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("same".utf8))
            try writeModel($0.appending("sub/b.pt"), Array("same".utf8), age: 7200)
        } _: { fixture in
            try await fixture.sync()
            let (a, b) = (try #require(try fixture.file("a.pt")), try #require(try fixture.file("sub/b.pt")))
            #expect(a.contentID == b.contentID)
            #expect(a.id != b.id)
            #expect(a.copies == [fixture.path("sub/b.pt")])
            #expect(try fixture.readings() == 2)
            let sha256 = try #require(a.digests.sha256)
            #expect(try fixture.catalog.read { try $0.lookup(sha256).files.count } == 2)
        }
    }

    @Test(arguments: [true, false])
    func aLinkToAFileIsAFileWithItsContent(isHard: Bool) async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            if isHard {
                try makeHardLink(fixture.path("b.pt"), to: fixture.path("a.pt"))
            } else {
                try makeSymbolicLink(fixture.path("b.pt"), to: FilePath("a.pt"))
            }
            try await fixture.sync()
            let (a, b) = (try #require(try fixture.file("a.pt")), try #require(try fixture.file("b.pt")))
            #expect(b.state == .indexed)
            #expect(a.contentID == b.contentID)
            #expect(b.isSymbolicLink == !isHard)
            #expect(b.links == (isHard ? 2 : 1))
            #expect(try fixture.readings() == 1)

            removeFile(fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "b.pt": isHard ? .indexed : .missing])
        }
    }

    @Test func hardLinksThatWereThereFromTheStartAreReadOnce() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
            try makeHardLink($0.appending("b.pt"), to: $0.appending("a.pt"))
            try makeDirectory($0.appending("sub"))
            try makeHardLink($0.appending("sub/c.pt"), to: $0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed, "b.pt": .indexed, "sub/c.pt": .indexed])
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func anyBytesAreAName() async throws {
        try await withIndexer { fixture in
            let names = [
                [0xFF, 0xFE], Array("line\nbreak".utf8), Array(" ".utf8), Array(#"back\slash"#.utf8),
                Array("'\"%".utf8),
            ]
            let paths = names.map { fixture.library.appending($0).appending($0 + Array(".pt".utf8)) }
            for path in paths { try writeModel(path, path.bytes) }
            try await fixture.sync()
            for path in paths {
                #expect(try fixture.file(at: path)?.state == .indexed)
                #expect(try fixture.file(at: path)?.folder == path.parent.name)
            }
            for path in paths { removeFile(path) }
            try await fixture.sync()
            #expect(try fixture.states().values.allSatisfy { $0 == .missing })
            #expect(try fixture.states().count == paths.count)
        }
    }

    @Test func filesAboveTheLimitAreListedAndReadWhenItIsLifted() async throws {
        try await withIndexer(configured: { $0.maximumFileSize = 100 }) {
            try writeModel($0.appending("small.pt"), [UInt8](repeating: 1, count: 100))
            try writeModel($0.appending("large.pt"), [UInt8](repeating: 1, count: 101))
        } _: { fixture in
            try await fixture.sync()
            let large = try #require(try fixture.file("large.pt"))
            #expect((large.state, large.digests.sha256) == (.indexed, nil))
            #expect(large.error?.contains("max_file_size") == true)
            #expect(try fixture.file("small.pt")?.digests.sha256 != nil)
            var settings = IndexerFixture.settings([fixture.library])
            settings.maximumFileSize = 0
            let (indexer, wanted) = (fixture.indexer, settings)
            try await onThread { try indexer.reload(wanted) }
            try await fixture.sync()
            #expect(try fixture.file("large.pt")?.digests.sha256 != nil)
            #expect(try fixture.file("large.pt")?.error?.contains("max_file_size") != true)
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func aFileInFlightAtAReloadGetsTheDigestsAskedForThen() async throws {
        try await withIndexer(configured: { $0.maximumRate = 1 }) {
            try writeModel($0.appending("a.pt"), [UInt8](repeating: 1, count: 8 << 20))
        } _: { fixture in
            // At a byte a second it is not over before the rate is lifted.
            while try fixture.indexer.status().hashing.reading.isEmpty { await Task.yield() }
            var settings = IndexerFixture.settings([fixture.library])
            (settings.maximumRate, settings.blake3) = (1, true)
            let (indexer, wanted) = (fixture.indexer, settings)
            try await onThread { try indexer.reload(wanted) }
            try await fixture.reload { $0.maximumRate = 0 }
            // Nobody who waits for changes waits for that.
            try await fixture.wait { try $0.file("a.pt")?.digests.blake3 != nil }
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func whatCannotBeAskedAboutKeepsWhatIsKnown() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("a.pt"))
            removeFile(fixture.path("a.pt"))
            try makeSymbolicLink(fixture.path("a.pt"), to: FilePath("a.pt"))
            let scans = try await fixture.scan()
            #expect(scans.first?.errors.count == 1)
            let after = try #require(try fixture.file("a.pt"))
            #expect(after.state == .indexed)
            #expect(after.digests == before.digests)
            #expect(after.error?.isEmpty == false)
            #expect(try fixture.root?.message != nil)
            #expect(try fixture.indexer.status().state == .degraded)
        }
    }

    @Test func aDirectoryWhereAFileWasIsNoFile() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            removeFile(fixture.path("a.pt"))
            try writeModel(fixture.path("a.pt/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "a.pt/b.pt": .indexed])
        }
    }

    @Test func rehashReadsEverythingOnceMore() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
            try writeModel($0.appending("sub/b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            let scans = try await fixture.scan(rehash: true)
            #expect(scans.map(\.kind) == ["rehash"])
            #expect(scans.map(\.filesHashed) == [2])
            #expect(scans.allSatisfy { $0.completedAt != nil })
            #expect(try fixture.readings() == 4)
            try await fixture.scan(fixture.path("sub"), rehash: true)
            #expect(try fixture.readings() == 5)
            try await fixture.scan(fixture.path("a.pt"), rehash: true)
            #expect(try fixture.readings() == 6)
            #expect(try fixture.states() == ["a.pt": .indexed, "sub/b.pt": .indexed])
        }
    }

    @Test func aScanOutsideOfAllRootsIsRefused() async throws {
        try await withIndexer { fixture in
            await #expect(throws: IndexerRefusal.notBelowAnyRoot(FilePath("/nowhere"))) {
                try await fixture.scan(FilePath("/nowhere"))
            }
        }
    }

    @Test func aScanIsCompleteAlsoWhenWhatItFoundIsGone() async throws {
        try await withIndexer {
            // Its mark keeps it waiting, and with it the scan that found it.
            try writeModel($0.appending("a.pt"))
            try writeFile($0.appending("a.pt.aria2"), "x")
        } _: { fixture in
            try await fixture.sync(hashed: false)
            #expect(try fixture.catalog.read { try $0.scans(limit: nil).map(\.completedAt) } == [nil])
            removeFile(fixture.path("a.pt"))
            try await fixture.sync(hashed: false)
            #expect(try fixture.states() == ["a.pt": .missing])
            #expect(try fixture.catalog.read { try $0.scans(limit: nil).map { $0.completedAt != nil } } == [true])
        }
    }
}
