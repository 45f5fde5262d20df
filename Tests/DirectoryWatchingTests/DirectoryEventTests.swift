import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Directories that come, go, move and hide behind links.
@Suite(.timeLimit(.minutes(1))) struct DirectoryEventTests {
    @Test func newDirectoryIsListedAndThenWatched() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            let directory = fixture.root.appending("loras")
            try makeDirectory(directory)
            #expect(try await fixture.changes() == [.directory(directory, recursive: true)])
            fixture.walk(directory)
            let file = directory.appending("a.safetensors")
            try writeFile(file, "content")
            #expect(try await fixture.changes() == [.file(file, .writing)])
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 0))
        }
    }

    @Test func treeMovedInIsFoundWhole() async throws {
        try await withWatcher { fixture in
            let tree = fixture.outside.appending("tree")
            try makeDirectory(tree.appending("a/b"))
            try writeFile(tree.appending("a/b/x.safetensors"), "content")
            try writeFile(tree.appending("y.safetensors"), "content")
            fixture.walk()
            let place = fixture.root.appending("tree")
            try renameFile(tree, place)
            let found = try await fixture.index()
            #expect(found == [place.appending("a/b/x.safetensors"), place.appending("y.safetensors")])
            #expect(fixture.watcher.counts(below: fixture.root) == (4, 0))
        }
    }

    @Test func treeMovedOutIsNoMoreWatched() async throws {
        try await withWatcher { fixture in
            let tree = fixture.root.appending("tree")
            try makeDirectory(tree.appending("deep"))
            fixture.walk()
            let away = fixture.outside.appending("tree")
            try renameFile(tree, away)
            #expect(try await fixture.changes() == [.directory(tree, recursive: true)])
            let record = fixture.walk(tree)
            #expect(record.failures[tree]?.errno == .noEntry)
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
            try writeFile(away.appending("a.safetensors"), "content")
            try writeFile(away.appending("deep/b.safetensors"), "content")
            #expect(try await fixture.changes().isEmpty)
        }
    }

    @Test func eventsOfARenamedTreeBearItsNewName() async throws {
        try await withWatcher { fixture in
            let old = fixture.root.appending("old")
            let new = fixture.root.appending("new")
            try makeDirectory(old.appending("deep"))
            try writeFile(old.appending("deep/a.safetensors"), "content")
            fixture.walk()
            try renameFile(old, new)
            let found = try await fixture.index([old.appending("deep/a.safetensors")])
            #expect(found == [new.appending("deep/a.safetensors")])
            let file = new.appending("deep/b.safetensors")
            try writeFile(file, "content")
            #expect(try await fixture.changes() == [.file(file, .writing)])
        }
    }

    @Test func directoryThatTakesAnothersPlaceIsWatchedThere() async throws {
        try await withWatcher { fixture in
            let (first, second) = (fixture.root.appending("first"), fixture.root.appending("second"))
            try makeDirectory(first)
            try makeDirectory(second)
            try writeFile(second.appending("a.safetensors"), "content")
            fixture.walk()
            removeTree(first)
            try renameFile(second, first)
            let found = try await fixture.index([second.appending("a.safetensors")])
            #expect(found == [first.appending("a.safetensors")])
            try writeFile(first.appending("b.safetensors"), "content")
            #expect(try await fixture.changes() == [.file(first.appending("b.safetensors"), .writing)])
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 0))
        }
    }

    @Test func directoryThatIsMadeAgainIsWatchedAgain() async throws {
        try await withWatcher { fixture in
            let directory = fixture.root.appending("loras")
            fixture.walk()
            // File systems like to give the new directory the old one's inode number.
            for round in 0..<20 {
                try makeDirectory(directory)
                if round.isMultiple(of: 2) { _ = try await fixture.index() }
                removeTree(directory)
            }
            try makeDirectory(directory)
            _ = try await fixture.index()
            try writeFile(directory.appending("a.safetensors"), "content")
            #expect(try await fixture.changes() == [.file(directory.appending("a.safetensors"), .writing)])
        }
    }

    @Test func rootThatIsDeletedIsListed() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            removeTree(fixture.root)
            let changes = try await fixture.changes()
            #expect(changes == [.directory(fixture.root, recursive: true)])
            #expect(fixture.walk().failures[fixture.root]?.errno == .noEntry)
            #expect(fixture.watcher.counts(below: fixture.root) == (0, 0))
        }
    }

    @Test func rootThatIsRenamedIsListed() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try renameFile(fixture.root, fixture.outside.appending("root"))
            #expect(try await fixture.changes() == [.directory(fixture.root, recursive: true)])
        }
    }

    @Test func modeOfADirectoryMayCloseOrOpenIt() async throws {
        try await withWatcher { fixture in
            let directory = fixture.root.appending("loras")
            try makeDirectory(directory)
            fixture.walk()
            chmodPath(directory, 0o700)
            #expect(try await fixture.changes() == [.directory(directory, recursive: false)])
            // Of one that is not in the tree nothing is known.
            fixture.watcher.forget(directory)
            chmodPath(directory, 0o755)
            #expect(try await fixture.changes() == [.directory(directory, recursive: true)])
        }
    }

    @Test func forgottenDirectoryIsSilent() async throws {
        try await withWatcher { fixture in
            let directory = fixture.root.appending("loras/deep")
            try makeDirectory(directory)
            fixture.walk()
            fixture.watcher.forget(fixture.root.appending("loras"))
            try writeFile(directory.appending("a.safetensors"), "content")
            #expect(try await fixture.changes().isEmpty)
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
        }
    }

    @Test func directoriesWithoutEventsAreInTheTree() async throws {
        try await withWatcher { fixture in
            try makeDirectory(fixture.root.appending("loras"))
            let record = fixture.walk(usesEvents: false)
            #expect(record.paths == [fixture.root, fixture.root.appending("loras")])
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 2))
            try writeFile(fixture.root.appending("a.safetensors"), "content")
            #expect(try await fixture.changes().isEmpty)
            fixture.walk()
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 0))
        }
    }

    // MARK: - Races

    @Test func deepTreesMadeAtOnceAreFoundWhole() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            var expected: Set<FilePath> = []
            for round in 0..<200 {
                let file = fixture.root.appending("\(round)/a/b/c/x.safetensors")
                try makeDirectory(file.parent)
                try writeFile(file, "content")
                expected.insert(file)
            }
            #expect(try await fixture.index() == expected)
            #expect(fixture.watcher.counts(below: fixture.root) == (1 + 200 * 4, 0))
        }
    }

    @Test func whatIsMadeWhileADirectoryIsBeingWalkedIsFound() async throws {
        try await withWatcher { fixture in
            var expected: Set<FilePath> = []
            var round = 0
            func makeMore(_ path: FilePath) {
                guard round < 100 else { return }
                round += 1
                // After the listing: only events can tell of these.
                let files = [path.appending("\(round).safetensors"), path.appending("d\(round)/deep/x.safetensors")]
                for file in files {
                    do {
                        try makeDirectory(file.parent)
                        try writeFile(file, "content")
                        expected.insert(file)
                    } catch {
                        Issue.record(error)
                    }
                }
            }
            var visitor = WalkRecord()
            visitor.whenListed = makeMore
            let known = fixture.walk(visitor: visitor).files.keys
            let found = try await fixture.index(Set(known), whenListed: makeMore)
            #expect(round == 100)
            #expect(found == expected)
        }
    }

    @Test func treesMadeMovedAndRemovedDuringWalksEndInTheTruth() async throws {
        try await withWatcher { fixture in
            let (root, outside) = (fixture.root, fixture.outside)
            fixture.walk()
            let maker = try SystemThread(name: "maker") {
                for round in 0..<300 {
                    let tree = root.appending("\(round % 7)")
                    try? makeDirectory(tree.appending("a/b"))
                    try? writeFile(tree.appending("a/b/\(round).safetensors"), "content")
                    switch round % 5 {
                    case 0: try? renameFile(tree, root.appending("m\(round % 11)"))
                    case 1: removeTree(root.appending("\((round + 3) % 7)"))
                    case 2: try? renameFile(tree.appending("a"), root.appending("m\(round % 11)").appending("n"))
                    case 3: try? renameFile(tree, outside.appending("\(round)"))
                    default: break
                    }
                }
            }
            var found = try await fixture.index()
            while !maker.join(milliseconds: 0) { found = try await fixture.index(found) }
            found = try await fixture.index(found)
            // The same by a watcher that has seen no event.
            var expected: Set<FilePath> = []
            try await withWatcher { fresh in expected = Set(fresh.walk(root).files.keys) }
            #expect(found.subtracting(expected) == [])
            #expect(expected.subtracting(found) == [])
            #expect(fixture.watcher.counts(below: root).unwatched == 0)
        }
    }

    // MARK: - Links to directories

    @Test func newLinkToADirectoryIsWalkedAndWatched() async throws {
        try await withWatcher { fixture in
            try writeFile(fixture.outside.appending("a.safetensors"), "content")
            fixture.walk()
            let link = fixture.root.appending("link")
            try makeSymbolicLink(link, to: fixture.outside)
            #expect(try await fixture.changes() == [.directory(link, recursive: true)])
            #expect(fixture.walk(link).files.keys.map(\.self) == [link.appending("a.safetensors")])
            try writeFile(fixture.outside.appending("b.safetensors"), "content")
            #expect(try await fixture.changes() == [.file(link.appending("b.safetensors"), .writing)])
        }
    }

    @Test func removedLinkTakesItsTreeAlong() async throws {
        try await withWatcher { fixture in
            let link = fixture.root.appending("link")
            try makeSymbolicLink(link, to: fixture.outside)
            fixture.walk()
            #expect(fixture.watcher.counts(below: fixture.root) == (2, 0))
            removeFile(link)
            #expect(try await fixture.changes() == [.directory(link, recursive: true)])
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
            try writeFile(fixture.outside.appending("a.safetensors"), "content")
            #expect(try await fixture.changes().isEmpty)
        }
    }

    @Test func linkThatIsReplacedLeadsToTheNewPlace() async throws {
        try await withWatcher { fixture in
            let (first, second) = (fixture.outside.appending("first"), fixture.outside.appending("second"))
            try makeDirectory(first)
            try makeDirectory(second)
            let link = fixture.root.appending("link")
            try makeSymbolicLink(link, to: first)
            try writeFile(second.appending("a.safetensors"), "content")
            fixture.walk()
            // As `ln -sfn` does it.
            try makeSymbolicLink(fixture.root.appending("new"), to: second)
            try renameFile(fixture.root.appending("new"), link)
            #expect(try await fixture.index() == [link.appending("a.safetensors")])
            try writeFile(first.appending("b.safetensors"), "content")
            #expect(try await fixture.changes().isEmpty)
            try writeFile(second.appending("c.safetensors"), "content")
            #expect(try await fixture.changes() == [.file(link.appending("c.safetensors"), .writing)])
        }
    }

    @Test func newNameThatIsNoDirectoryDoesNoHarm() async throws {
        try await withWatcher { fixture in
            fixture.walk()
            try writeFile(fixture.root.appending("notes.txt"), "text")
            try makeSymbolicLink(fixture.root.appending("dangling"), to: FilePath("nowhere"))
            try makeSymbolicLink(fixture.root.appending("loop"), to: FilePath("loop"))
            #expect(try await fixture.index() == [])
            #expect(fixture.watcher.counts(below: fixture.root) == (1, 0))
        }
    }
}
