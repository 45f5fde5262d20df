import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// Links to directories, which come and go by themselves.
@Suite(.timeLimit(.minutes(5))) struct LinkedDirectoryTests {
    /// `library/linked` leads to `outside`, which holds `a.pt`.
    private static func linkOutside(_ library: FilePath) throws {
        try writeModel(library.parent.appending("outside/sub/a.pt"), Array("a".utf8))
        try makeSymbolicLink(library.appending("linked"), to: library.parent.appending("outside"))
    }

    @Test func whatHappensBehindALinkIsSeen() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            try writeModel(fixture.outside("outside/sub/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/sub/b.pt": .indexed])
            try renameFile(fixture.outside("outside/sub"), fixture.outside("outside/other"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/other/a.pt": .indexed, "linked/other/b.pt": .indexed])
            removeFile(fixture.outside("outside/other/a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/other/a.pt": .missing, "linked/other/b.pt": .indexed])
            // A move between what lies behind a link and the root itself.
            try renameFile(fixture.outside("outside/other/b.pt"), fixture.path("b.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/other/a.pt": .missing, "b.pt": .indexed])
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func targetThatGoesIsOfflineUntilItComesBack() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            let before = try #require(try fixture.file("linked/sub/a.pt"))
            let last = fixture.indexer.events.newest
            try renameFile(fixture.outside("outside"), fixture.outside("aside"))
            let outcome = try await fixture.sync()
            #expect(outcome.skipped == [fixture.path("linked")])
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing])
            #expect(try fixture.placeEvents(after: last) == ["root.offline library/linked"])
            let root = try #require(try fixture.root)
            #expect(root.isOnline)
            #expect(root.message == "\(fixture.path("linked")) is offline: it does not exist")
            #expect(try fixture.indexer.status().state == .degraded)

            try renameFile(fixture.outside("aside"), fixture.outside("outside"))
            try await fixture.sync()
            let after = try #require(try fixture.file("linked/sub/a.pt"))
            #expect(after.state == .indexed)
            #expect(after.id == before.id)
            #expect(after.digests.sha256 == before.digests.sha256)
            #expect(try fixture.readings() == 1)
            #expect(
                try fixture.placeEvents(after: last) == ["root.offline library/linked", "root.online library/linked"])
            try fixture.expectAllIsWell()

            // It is watched as before.
            try writeModel(fixture.outside("outside/sub/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.file("linked/sub/b.pt")?.state == .indexed)
        }
    }

    @Test func targetThatIsAwayDuringARestartComesBackUnread() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try makeDirectory(library)
            try Self.linkOutside(library)
            var settings = IndexerFixture.settings([library])
            settings.pollInterval = 3_600_000_000_000
            try await withIndexer(directory, settings) { try await $0.sync() }
            try renameFile(directory.appending("outside"), directory.appending("aside"))
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                #expect(try fixture.states() == ["linked/sub/a.pt": .missing])
                #expect(try fixture.root?.message?.contains("linked is offline: it does not exist") == true)
                try renameFile(directory.appending("aside"), directory.appending("outside"))
                try await fixture.sync()
                #expect(try fixture.states() == ["linked/sub/a.pt": .indexed])
                #expect(try fixture.readings() == 0)
                try fixture.expectAllIsWell()
            }
        }
    }

    @Test func targetThatIsMadeAnewIsTheSameLibrary() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            let time = try FileStatus.of(fixture.outside("outside/sub/a.pt")).modified
            removeTree(fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing])
            try makeDirectory(fixture.outside("outside/sub"))
            try writeFile(fixture.outside("outside/sub/a.pt"), "a")
            try setTimes(fixture.outside("outside/sub/a.pt"), nanoseconds: time)
            try await fixture.sync(hashed: false)
            // The answer is back before anything is read.
            #expect(try fixture.file("linked/sub/a.pt")?.state == .indexed)
            try fixture.expectAllIsWell()
        }
    }

    @Test func removedLinkLeavesNothingOffline() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            let last = fixture.indexer.events.newest
            removeFile(fixture.path("linked"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing])
            #expect(try fixture.placeEvents(after: last) == [])
            try fixture.expectAllIsWell()

            try makeSymbolicLink(fixture.path("linked"), to: fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkThatIsRemovedWhileItsTargetIsAwayLeavesNothingOffline() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            try renameFile(fixture.outside("outside"), fixture.outside("aside"))
            try await fixture.sync()
            #expect(try fixture.indexer.status().offlinePlaces == [fixture.path("linked")])
            removeFile(fixture.path("linked"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing])
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkThatBecomesADirectoryGivesItsFilesToTheRoot() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            removeFile(fixture.path("linked"))
            // The files of the link, in a directory of the root.
            try renameFile(fixture.outside("outside"), fixture.path("linked"))
            try writeModel(fixture.path("linked/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/b.pt": .indexed])
            #expect(try fixture.readings() == 2)
            try fixture.expectAllIsWell()
            removeFile(fixture.path("linked/sub/a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing, "linked/b.pt": .indexed])
        }
    }

    @Test func directoryThatBecomesALinkKeepsItsFiles() async throws {
        try await withIndexerByEvents { fixture in
            try writeModel(fixture.path("linked/sub/a.pt"), Array("a".utf8))
            try await fixture.sync()
            // How people move a library to another drive.
            try renameFile(fixture.path("linked"), fixture.outside("outside"))
            try makeSymbolicLink(fixture.path("linked"), to: fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed])
            #expect(try fixture.readings() == 1)
            try writeModel(fixture.outside("outside/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/b.pt": .indexed])
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkThatLeadsElsewhereHasTheFilesFromThere() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try await fixture.sync()
            try writeModel(fixture.outside("second/b.pt"), Array("b".utf8))
            try replaceSymbolicLink(fixture.path("linked"), to: fixture.outside("second"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing, "linked/b.pt": .indexed])
            try writeModel(fixture.outside("second/c.pt"), Array("c".utf8))
            // Nothing from here belongs to the library any more.
            try writeModel(fixture.outside("outside/d.pt"), Array("d".utf8))
            try await fixture.sync()
            #expect(
                try fixture.states() == [
                    "linked/sub/a.pt": .missing, "linked/b.pt": .indexed, "linked/c.pt": .indexed,
                ])
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkOnTheWayThatLeadsElsewhereIsNoticed() async throws {
        try await withIndexerByEvents { fixture in
            try writeModel(fixture.outside("first/a.pt"), Array("a".utf8))
            try writeModel(fixture.outside("second/b.pt"), Array("b".utf8))
            try makeSymbolicLink(fixture.outside("current"), to: fixture.outside("first"))
            try makeSymbolicLink(fixture.path("linked"), to: fixture.outside("current"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .indexed])
            try replaceSymbolicLink(fixture.outside("current"), to: fixture.outside("second"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .missing, "linked/b.pt": .indexed])
        }
    }

    @Test func danglingLinkWaitsForItsTarget() async throws {
        try await withIndexerByEvents { fixture in
            // No part of the way is there yet.
            try makeSymbolicLink(fixture.path("linked"), to: fixture.outside("far/away/outside"))
            try await fixture.sync()
            try makeDirectory(fixture.outside("far/away"))
            try await fixture.sync()
            try writeModel(fixture.outside("far/away/outside/a.pt"), Array("a".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .indexed])
            try fixture.expectAllIsWell()
        }
    }

    @Test func wayToATargetMayGoAndComeBack() async throws {
        try await withIndexerByEvents { fixture in
            try writeModel(fixture.outside("far/away/outside/a.pt"), Array("a".utf8))
            try makeSymbolicLink(fixture.path("linked"), to: fixture.outside("far/away/outside"))
            try await fixture.sync()
            // Not the target itself, but what lies around it.
            try renameFile(fixture.outside("far"), fixture.outside("near"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .missing])
            #expect(try fixture.indexer.status().offlinePlaces == [fixture.path("linked")])
            try renameFile(fixture.outside("near"), fixture.outside("far"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .indexed])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkInALinkedDirectoryIsFollowedToo() async throws {
        try await withIndexerByEvents(prepare: Self.linkOutside) { fixture in
            try writeModel(fixture.outside("further/b.pt"), Array("b".utf8))
            try makeSymbolicLink(fixture.outside("outside/more"), to: fixture.outside("further"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/more/b.pt": .indexed])
            try renameFile(fixture.outside("further"), fixture.outside("aside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/more/b.pt": .missing])
            // The outer place goes while the inner one is away, and both come back.
            try renameFile(fixture.outside("outside"), fixture.outside("aside2"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .missing, "linked/more/b.pt": .missing])
            try renameFile(fixture.outside("aside"), fixture.outside("further"))
            try renameFile(fixture.outside("aside2"), fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/sub/a.pt": .indexed, "linked/more/b.pt": .indexed])
            #expect(try fixture.readings() == 2)
            try fixture.expectAllIsWell()
        }
    }
}
