import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// A file that moved is the file that it was: nothing is read, and all that is known of it stays.
@Suite(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
struct MoveTests {
    @Test func aRenamedFileIsTheSameFile() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.safetensors"), safetensors(1))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("a.safetensors"))
            try makeDirectory(fixture.path("loras"))
            try renameFile(fixture.path("a.safetensors"), fixture.path("loras/b.safetensors"))
            try await fixture.sync()
            let after = try #require(try fixture.file("loras/b.safetensors"))
            #expect((after.id, after.contentID, after.state) == (before.id, before.contentID, .indexed))
            #expect((after.folder, after.identity.type) == (Array("loras".utf8), "lora"))
            #expect(try fixture.states().count == 1)
            #expect(try fixture.readings() == 1)
            try await fixture.scan()
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func aRenamedDirectoryTakesItsFilesAlong() async throws {
        try await withIndexer {
            for number in 0..<3 {
                try writeModel($0.appending("old/sub\(number)/f.pt"), Array("\(number)".utf8))
            }
        } _: { fixture in
            try await fixture.sync()
            let before = try (0..<3).map { try fixture.file("old/sub\($0)/f.pt")?.id }
            try renameFile(fixture.path("old"), fixture.path("new"))
            try await fixture.sync()
            #expect(try (0..<3).map { try fixture.file("new/sub\($0)/f.pt")?.id } == before)
            #expect(try fixture.states().count == 3)
            #expect(try fixture.states().values.allSatisfy { $0 == .indexed })
            #expect(try fixture.readings() == 3)

            // The new place is watched like the old one.
            try writeModel(fixture.path("new/sub1/g.pt"), Array("g".utf8))
            try await fixture.sync()
            #expect(try fixture.file("new/sub1/g.pt")?.state == .indexed)
        }
    }

    @Test func aFileThatMovesFromRootToRootIsTheSameFile() async throws {
        try await withTemporaryDirectory { directory in
            let roots = ["one", "two"].map { directory.appending($0) }
            for root in roots { try makeDirectory(root) }
            try writeModel(roots[0].appending("a.pt"))
            try await withIndexer(directory, IndexerFixture.settings(roots, types: [roots[1]: "vae"])) { fixture in
                try await fixture.sync()
                let before = try #require(try fixture.file(at: roots[0].appending("a.pt")))
                try renameFile(roots[0].appending("a.pt"), roots[1].appending("a.pt"))
                try await fixture.sync()
                let after = try #require(try fixture.file(at: roots[1].appending("a.pt")))
                #expect((after.id, after.root) == (before.id, roots[1]))
                #expect((after.identity.type, after.identity.typeSource) == ("vae", "root"))
                #expect(try fixture.states().count == 1)
                #expect(try fixture.readings() == 1)
            }
        }
    }

    @Test func aFileThatOverwritesAnotherTakesItsPlace() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("aaa".utf8))
            try writeModel($0.appending("b.pt"), Array("bb".utf8))
        } _: { fixture in
            try await fixture.sync()
            let moved = try #require(try fixture.file("a.pt"))
            try renameFile(fixture.path("a.pt"), fixture.path("b.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["b.pt": .indexed])
            #expect(try fixture.file("b.pt")?.id == moved.id)
            #expect(try fixture.file("b.pt")?.digests == moved.digests)
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func twoFilesThatChangePlacesKeepTheirContents() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"), Array("aaa".utf8))
            try writeModel($0.appending("b.pt"), Array("bb".utf8))
        } _: { fixture in
            try await fixture.sync()
            let (a, b) = (try fixture.file("a.pt")?.digests, try fixture.file("b.pt")?.digests)
            let aside = fixture.directory.appending("aside")
            try renameFile(fixture.path("a.pt"), aside)
            try renameFile(fixture.path("b.pt"), fixture.path("a.pt"))
            try renameFile(aside, fixture.path("b.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed, "b.pt": .indexed])
            #expect(try fixture.file("a.pt")?.digests == b)
            #expect(try fixture.file("b.pt")?.digests == a)
        }
    }

    @Test func aMoveWhileNobodyWatchedIsFoundAtTheStart() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("z/a.pt"))
            let settings = IndexerFixture.settings([library])
            var id: Int64?
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                id = try fixture.file("z/a.pt")?.id
            }
            try renameFile(library.appending("z"), library.appending("a"))
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                #expect(try fixture.states() == ["a/a.pt": .indexed])
                #expect(try fixture.file("a/a.pt")?.id == id)
                #expect(try fixture.readings() == 0)
                let scan = try #require(try fixture.catalog.read { try $0.scans(limit: 1) }.first)
                #expect((scan.counts.moved, scan.counts.added, scan.counts.missing) == (1, 0, 0))
            }
        }
    }

    @Test func aMissingFileIsFoundAgainAtAnotherPlace() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("a.pt"))
            let aside = fixture.directory.appending("aside.pt")
            try renameFile(fixture.path("a.pt"), aside)
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.state == .missing)
            try renameFile(aside, fixture.path("b.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["b.pt": .indexed])
            #expect(try fixture.file("b.pt")?.id == before.id)
            #expect(try fixture.readings() == 1)
        }
    }
}

/// True where a file can be known again by its inode, which only some file systems allow.
let temporaryInodesLast: Bool = {
    guard let directory = try? FileDescriptor.open(FilePath("/tmp"), 0) else { return false }
    return directory.fileSystemType().hasLastingInodes
}()
