import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// A directory that can be reached by several paths is walked once.
@Suite(.timeLimit(.minutes(5))) struct OtherNamesTests {
    @Test func twoLinksToADirectoryGiveItsFilesOnce() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("outside/a.pt"), Array("a".utf8))
            try makeSymbolicLink($0.appending("two"), to: $0.parent.appending("outside"))
            try makeSymbolicLink($0.appending("one"), to: $0.parent.appending("outside"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["one/a.pt": .indexed])
            try fixture.expectAllIsWell()

            removeFile(fixture.path("one"))
            try await fixture.sync()
            #expect(try fixture.states().filter { $0.value != .missing } == ["two/a.pt": .indexed])
            #expect(try fixture.readings() == 1)

            // What happens there is told of the path that is left.
            try writeModel(fixture.outside("outside/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(
                try fixture.states().filter { $0.value != .missing } == ["two/a.pt": .indexed, "two/b.pt": .indexed])
            try fixture.expectAllIsWell()
        }
    }

    @Test func secondLinkThatComesTakesNothing() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("outside/a.pt"), Array("a".utf8))
            try makeSymbolicLink($0.appending("two"), to: $0.parent.appending("outside"))
        } _: { fixture in
            try await fixture.sync()
            // The catalogue has the files under a path already, though a smaller one comes.
            try makeSymbolicLink(fixture.path("one"), to: fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["two/a.pt": .indexed])
            removeFile(fixture.path("one"))
            try await fixture.sync()
            #expect(try fixture.states() == ["two/a.pt": .indexed])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test func linksInsideOfTheRootsDoubleNothing() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("sub/deep/a.pt"), Array("a".utf8))
            try makeSymbolicLink($0.appending("again"), to: $0.appending("sub"))
            try makeSymbolicLink($0.appending("sub/deep/up"), to: $0)
            try makeSymbolicLink($0.appending("sub/deep/way-up"), to: $0.parent)
            try makeSymbolicLink($0.appending("self"), to: $0.appending("self"))
            try makeSymbolicLink($0.appending("ping"), to: $0.appending("pong"))
            try makeSymbolicLink($0.appending("pong"), to: $0.appending("ping"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["sub/deep/a.pt": .indexed])
            try fixture.expectAllIsWell()
            try writeModel(fixture.path("sub/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["sub/deep/a.pt": .indexed, "sub/b.pt": .indexed])

            // The directory moves out of the root, to where the link leads now: it is walked under the link.
            try renameFile(fixture.path("sub"), fixture.outside("outside"))
            try replaceSymbolicLink(fixture.path("again"), to: fixture.outside("outside"))
            try await fixture.sync()
            #expect(
                try fixture.states().filter { $0.value != .missing } == [
                    "again/deep/a.pt": .indexed, "again/b.pt": .indexed,
                ])
            #expect(try fixture.readings() == 2)
            try fixture.expectAllIsWell()
        }
    }

    /// The directory that the cookies of `sync` are made in may lie in what is watched.
    @Test func directoryOfTheDaemonItselfMayBeCoveredAndLeft() async throws {
        try await withIndexerByEvents {
            try makeSymbolicLink($0.appending("up"), to: $0.parent)
        } _: { fixture in
            try await fixture.sync()
            removeFile(fixture.path("up"))
            try await fixture.sync()
            try writeModel(fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed])
        }
    }

    @Test func linkToADirectoryInAnotherRootDoublesNothing() async throws {
        try await withTemporaryDirectory { directory in
            let (one, two) = (directory.appending("one"), directory.appending("two"))
            try makeDirectory(one)
            try writeModel(two.appending("sub/a.pt"), Array("a".utf8))
            try makeSymbolicLink(one.appending("linked"), to: two.appending("sub"))
            var settings = IndexerFixture.settings([one, two])
            settings.pollInterval = 3_600_000_000_000
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                let paths = try fixture.catalog.read { try $0.files(FileFilter(), limit: 10) }.map(\.path)
                #expect(paths == [two.appending("sub/a.pt")])
                try fixture.expectAllIsWell()
                // Without the root, the link is the only way there is.
                try await fixture.reload { $0.roots.removeLast() }
                let present = try fixture.catalog.read { try $0.files(FileFilter(), limit: 10) }
                #expect(present.map(\.path) == [one.appending("linked/a.pt")])
                #expect(present.map(\.state) == [.indexed])
                #expect(try fixture.readings() == 1)
                try fixture.expectAllIsWell()
            }
        }
    }

    @Test func directoryBehindALinkBelongsToARootThatIsAdded() async throws {
        try await withLinkIntoAnotherRoot { fixture, one, two in
            try await fixture.sync()
            try await fixture.reload { $0.roots.removeLast() }
            #expect(try fixture.presentFiles() == [one.appending("linked/a.pt")])
            try await fixture.reload { $0.roots.append(.init(path: two, type: nil, watchMode: .inotify)) }
            #expect(try fixture.presentFiles() == [two.appending("sub/a.pt")])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test func directoryBehindALinkBelongsToARootThatComesBack() async throws {
        try await withLinkIntoAnotherRoot { fixture, one, two in
            try await fixture.sync()
            try renameFile(two, fixture.outside("aside"))
            #expect(Set(try await fixture.sync().skipped) == [one.appending("linked"), two])
            #expect(try fixture.presentFiles() == [])
            try renameFile(fixture.outside("aside"), two)
            try await fixture.sync()
            #expect(try fixture.presentFiles() == [two.appending("sub/a.pt")])
            #expect(try fixture.readings() == 1)
            try fixture.expectAllIsWell()
        }
    }

    @Test(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
    func firstModelFileInADirectoryBehindALinkIsThatOfItsRoot() async throws {
        try await withLinkIntoAnotherRoot { fixture, _, two in
            try await fixture.sync()
            try renameFile(two, fixture.outside("aside"))
            try makeDirectory(two)
            #expect(try await fixture.sync().skipped.contains(two))
            // The link leads somewhere again, before a model file tells that the root is to be believed.
            try makeDirectory(two.appending("sub"))
            #expect(try await fixture.sync().skipped == [two])
            try writeModel(two.appending("sub/b.pt"), Array("b".utf8))
            #expect(try await fixture.sync().skipped == [])
            #expect(try fixture.presentFiles() == [two.appending("sub/b.pt")])
            try fixture.expectAllIsWell()
        }
    }

    @Test func linkedDirectoriesLeaveWhenLinksAreNotFollowedAndComeBack() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("outside/a.pt"), Array("a".utf8))
            try makeSymbolicLink($0.appending("linked"), to: $0.parent.appending("outside"))
            try writeModel($0.appending("b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            try await fixture.reload { $0.followsSymbolicLinks = false }
            #expect(try fixture.states() == ["b.pt": .indexed])
            try fixture.expectAllIsWell()
            try writeModel(fixture.outside("outside/c.pt"), Array("c".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["b.pt": .indexed])
            try await fixture.reload { $0.followsSymbolicLinks = true }
            #expect(
                try fixture.states() == ["b.pt": .indexed, "linked/a.pt": .indexed, "linked/c.pt": .indexed])
            #expect(try fixture.readings() == 3)
        }
    }
}

/// Runs `body` with an index of two roots, `one` and `two`: `one/linked` leads to `two/sub`, which holds `a.pt`. It
/// looks at nothing by itself for an hour.
private func withLinkIntoAnotherRoot(
    _ body: (IndexerFixture, _ one: FilePath, _ two: FilePath) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let (one, two) = (directory.appending("one"), directory.appending("two"))
        try makeDirectory(one)
        try writeModel(two.appending("sub/a.pt"), Array("a".utf8))
        try makeSymbolicLink(one.appending("linked"), to: two.appending("sub"))
        var settings = IndexerFixture.settings([one, two])
        settings.pollInterval = 3_600_000_000_000
        try await withIndexer(directory, settings) { try await body($0, one, two) }
    }
}

extension IndexerFixture {
    /// The paths of the files that are there, in bytewise order.
    fileprivate func presentFiles() throws -> [FilePath] {
        try catalog.read { try $0.files(FileFilter(), limit: 10) }.filter { $0.state != .missing }.map(\.path).sorted()
    }
}
