import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// Roots that come and go, noticed by events alone.
@Suite(.timeLimit(.minutes(5))) struct RootLifeTests {
    @Test func rootThatAppearsStepByStepIsNoticed() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("far/away/library")
            var settings = IndexerFixture.settings([library])
            settings.pollInterval = 3_600_000_000_000
            try await withIndexer(directory, settings) { fixture in
                #expect(try await fixture.sync().skipped == [library])
                #expect(try fixture.placeEvents() == ["root.offline far/away/library"])
                try makeDirectory(directory.appending("far"))
                try await fixture.sync()
                #expect(try fixture.root?.message == "it does not exist")
                try makeDirectory(directory.appending("far/away"))
                try await fixture.sync()
                try makeDirectory(library)
                #expect(try await fixture.sync().skipped == [])
                #expect(try fixture.placeEvents() == ["root.offline far/away/library", "root.online far/away/library"])
                try fixture.expectAllIsWell()
                try writeModel(library.appending("sub/a.pt"))
                try await fixture.sync()
                #expect(try fixture.file(at: library.appending("sub/a.pt"))?.state == .indexed)

                // Goes again with what lies around it.
                try renameFile(directory.appending("far"), directory.appending("near"))
                try await fixture.sync()
                #expect(try fixture.file(at: library.appending("sub/a.pt"))?.state == .missing)
                try renameFile(directory.appending("near"), directory.appending("far"))
                try await fixture.sync()
                #expect(try fixture.file(at: library.appending("sub/a.pt"))?.state == .indexed)
                #expect(try fixture.readings() == 1)
                try fixture.expectAllIsWell()
            }
        }
    }

    @Test func rootThatIsMadeAnewWithTheSameFilesIsTheSame() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("sub/a.pt"), Array("a".utf8))
        } _: { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("sub/a.pt"))
            let time = try FileStatus.of(fixture.path("sub/a.pt")).modified
            removeTree(fixture.library)
            #expect(try await fixture.sync().skipped == [fixture.library])
            #expect(try fixture.states() == ["sub/a.pt": .missing])
            // Aside, so that the file is there from the first moment on.
            try makeDirectory(fixture.outside("aside/sub"))
            try writeFile(fixture.outside("aside/sub/a.pt"), "a")
            try setTimes(fixture.outside("aside/sub/a.pt"), nanoseconds: time)
            try renameFile(fixture.outside("aside"), fixture.library)
            try await fixture.sync(hashed: false)
            let after = try #require(try fixture.file("sub/a.pt"))
            #expect(after.state == .indexed)
            #expect(after.id == before.id)
            #expect(after.digests.sha256 == before.digests.sha256)
            try fixture.expectAllIsWell()
        }
    }

    @Test(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
    func firstModelFileInAnEmptyPlaceIsBelieved() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
        } _: { fixture in
            try await fixture.sync()
            try renameFile(fixture.library, fixture.outside("aside"))
            try makeDirectory(fixture.library)
            try await fixture.sync()
            let root = try #require(try fixture.root)
            #expect(!root.isOnline)
            #expect(root.message?.hasSuffix("kikod-ctl scan --accept-empty '\(fixture.library)'") == true)
            #expect(try fixture.states() == ["a.pt": .missing])

            // What is no model file changes nothing, and a directory is looked into.
            try writeFile(fixture.path("notes.txt"), "notes")
            try makeDirectory(fixture.path("sub/deep"))
            try await fixture.sync()
            #expect(try fixture.root?.isOnline == false)
            try writeModel(fixture.path("sub/deep/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "sub/deep/b.pt": .indexed])
            try fixture.expectAllIsWell()
        }
    }

    @Test(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
    func placeThatGoesAndComesBackAfterAnEmptyOneIsItself() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
        } _: { fixture in
            try await fixture.sync()
            try renameFile(fixture.library, fixture.outside("aside"))
            try makeDirectory(fixture.library)
            try await fixture.sync()
            removeTree(fixture.library)
            try await fixture.sync()
            #expect(try fixture.root?.message == "it does not exist")
            try renameFile(fixture.outside("aside"), fixture.library)
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test func emptiedLibraryIsNoAbsentOne() async throws {
        try await withIndexerByEvents {
            for name in ["a.pt", "b.pt", "sub/c.pt"] { try writeModel($0.appending(name), Array(name.utf8)) }
        } _: { fixture in
            try await fixture.sync()
            removeFile(fixture.path("a.pt"))
            removeFile(fixture.path("b.pt"))
            removeTree(fixture.path("sub"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .missing, "sub/c.pt": .missing])
            try fixture.expectAllIsWell()
        }
    }

    @Test func rootBehindALinkGoesWhereTheLinkLeads() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(directory.appending("one/a.pt"), Array("a".utf8))
            try writeModel(directory.appending("two/b.pt"), Array("b".utf8))
            try makeSymbolicLink(library, to: directory.appending("one"))
            var settings = IndexerFixture.settings([library])
            settings.pollInterval = 3_600_000_000_000
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                #expect(try fixture.states() == ["a.pt": .indexed])
                try replaceSymbolicLink(library, to: directory.appending("two"))
                try await fixture.sync()
                #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .indexed])
                removeFile(library)
                try await fixture.sync()
                #expect(try fixture.root?.isOnline == false)
                #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .missing])
                try makeSymbolicLink(library, to: directory.appending("two"))
                try await fixture.sync()
                #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .indexed])
                #expect(try fixture.readings() == 2)
                try fixture.expectAllIsWell()
            }
        }
    }

    @Test func nestedRootsGoAndComeByThemselves() async throws {
        try await withTemporaryDirectory { directory in
            let (outer, inner) = (directory.appending("outer"), directory.appending("outer/sub/inner"))
            try writeModel(outer.appending("a.pt"), Array("a".utf8))
            try writeModel(inner.appending("b.pt"), Array("b".utf8))
            var settings = IndexerFixture.settings([outer, inner])
            settings.pollInterval = 3_600_000_000_000
            try await withIndexer(directory, settings) { fixture in
                func states() throws -> [FileState?] {
                    [
                        try fixture.file(at: outer.appending("a.pt"))?.state,
                        try fixture.file(at: inner.appending("b.pt"))?.state,
                    ]
                }
                try await fixture.sync()
                #expect(try states() == [.indexed, .indexed])
                try renameFile(inner, directory.appending("aside"))
                try await fixture.sync()
                #expect(try states() == [.indexed, .missing])
                #expect(try fixture.indexer.status().roots.map(\.isOnline) == [true, false])
                try renameFile(directory.appending("aside"), inner)
                try await fixture.sync()
                #expect(try states() == [.indexed, .indexed])
                try renameFile(outer, directory.appending("aside"))
                try await fixture.sync()
                #expect(try states() == [.missing, .missing])
                #expect(try fixture.indexer.status().roots.map(\.isOnline) == [false, false])
                try renameFile(directory.appending("aside"), outer)
                try await fixture.sync()
                #expect(try states() == [.indexed, .indexed])
                #expect(try fixture.readings() == 2)
                try fixture.expectAllIsWell()
            }
        }
    }
}
