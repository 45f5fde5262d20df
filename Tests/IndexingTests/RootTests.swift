import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// Roots that are absent, come, go, are replaced, and change with the configuration.
@Suite struct RootTests {
    @Test func aRootThatDoesNotExistIsOfflineUntilItAppears() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try await withIndexer(directory, IndexerFixture.settings([library])) { fixture in
                #expect(try await fixture.sync().skipped == [library])
                let absent = try #require(try fixture.root)
                #expect(!absent.isOnline)
                #expect(absent.message == "it does not exist")
                #expect(try fixture.indexer.status().state == .degraded)

                let aside = directory.appending("aside")
                try writeModel(aside.appending("a.pt"))
                try renameFile(aside, library)
                try await fixture.wait { try $0.file("a.pt")?.state == .indexed }
                #expect(try fixture.root?.isOnline == true)
                try await fixture.wait { try $0.indexer.status().state == .ready }
            }
        }
    }

    @Test func filesOfARootThatWentAreMissingAndReturnUnread() async throws {
        try await withIndexer {
            try writeModel($0.appending("sub/a.pt"))
        } _: { fixture in
            try await fixture.sync()
            let aside = fixture.directory.appending("aside")
            try renameFile(fixture.library, aside)
            try await fixture.wait { try $0.root?.isOnline == false && $0.file("sub/a.pt")?.state == .missing }
            try renameFile(aside, fixture.library)
            try await fixture.wait { try $0.root?.isOnline == true && $0.file("sub/a.pt")?.state == .indexed }
            try await fixture.sync()
            #expect(try fixture.readings() == 1)

            // What lies below is watched again.
            try writeModel(fixture.path("sub/b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.file("sub/b.pt")?.state == .indexed)
        }
    }

    @Test(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
    func anEmptyPlaceIsNoEmptiedLibrary() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            try renameFile(fixture.library, fixture.directory.appending("aside"))
            try makeDirectory(fixture.library)
            try await fixture.wait { try $0.root?.message?.contains("--accept-empty") == true }
            #expect(try fixture.root?.isOnline == false)
            #expect(try fixture.file("a.pt")?.digests.sha256 != nil)

            let scans = try await fixture.scan(acceptsEmpty: true)
            #expect(scans.map(\.errors) == [[]])
            #expect(try fixture.root?.isOnline == true)
            #expect(try fixture.root?.message == nil)
            #expect(try fixture.states() == ["a.pt": .missing])

            // From now on this is the place.
            try writeModel(fixture.path("b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.file("b.pt")?.state == .indexed)
        }
    }

    @Test(.enabled(if: temporaryInodesLast, "inode numbers do not last where temporary files are"))
    func anotherPlaceWithAModelFileIsTakenOver() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            try writeModel(fixture.directory.appending("other/deep/b.pt"), Array("b".utf8))
            try renameFile(fixture.library, fixture.directory.appending("aside"))
            try renameFile(fixture.directory.appending("other"), fixture.library)
            try await fixture.wait { try $0.states() == ["a.pt": .missing, "deep/b.pt": .indexed] }
            #expect(try fixture.root?.isOnline == true)
        }
    }

    @Test func aScanOfAnOfflineRootSaysWhy() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try await withIndexer(directory, IndexerFixture.settings([library])) { fixture in
                let scans = try await fixture.scan()
                #expect(scans.map(\.errors) == [["it does not exist"]])
                #expect(scans.allSatisfy { $0.completedAt != nil })
            }
        }
    }

    @Test func rootsComeAndGoWithTheConfiguration() async throws {
        try await withIndexer {
            try writeModel($0.appending("one/a.pt"), Array("a".utf8))
            try writeModel($0.appending("two/b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            let (one, two) = (fixture.path("one"), fixture.path("two"))
            let id = try fixture.file("one/a.pt")?.id
            try await reload(fixture, [two])
            #expect(try fixture.states() == ["two/b.pt": .indexed])
            #expect(fixture.indexer.roots.map(\.path) == [two])

            try await reload(fixture, [one, two, fixture.library])
            #expect(try fixture.states() == ["one/a.pt": .indexed, "two/b.pt": .indexed])
            #expect(try fixture.file("one/a.pt")?.root == one)
            #expect(try fixture.file("one/a.pt")?.id == id)
            #expect(try fixture.readings() == 2)

            try await reload(fixture, [])
            #expect(try fixture.states() == [:])
            try writeModel(fixture.path("one/c.pt"), Array("c".utf8))
            try await reload(fixture, [fixture.library])
            #expect(try fixture.states() == ["one/a.pt": .indexed, "two/b.pt": .indexed, "one/c.pt": .indexed])
            #expect(try fixture.readings() == 3)

            // Changes are seen as before.
            try writeModel(fixture.path("two/d.pt"), Array("d".utf8))
            try await fixture.sync()
            #expect(try fixture.file("two/d.pt")?.state == .indexed)
        }
    }

    @Test func ignoredNamesLeaveAndReturn() async throws {
        try await withIndexer {
            try writeModel($0.appending("old/a.pt"), Array("a".utf8))
            try writeModel($0.appending("b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            try await reload(fixture, [fixture.library]) { $0.ignoredNames = ["old"] }
            #expect(try fixture.states() == ["b.pt": .indexed])
            try writeModel(fixture.path("old/c.pt"), Array("c".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["b.pt": .indexed])
            try await reload(fixture, [fixture.library])
            #expect(try fixture.states() == ["b.pt": .indexed, "old/a.pt": .indexed, "old/c.pt": .indexed])
            #expect(try fixture.readings() == 3)
        }
    }

    @Test func aRootsNewTypeIsThatOfItsFiles() async throws {
        try await withIndexer {
            try writeModel($0.appending("loras/a.pt"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.file("loras/a.pt")?.identity.type == "lora")
            try await reload(fixture, [fixture.library], types: [fixture.library: "vae"])
            #expect(try fixture.file("loras/a.pt")?.identity.type == "vae")
            #expect(try fixture.file("loras/a.pt")?.identity.typeSource == "root")
            try await reload(fixture, [fixture.library])
            #expect(try fixture.file("loras/a.pt")?.identity.typeSource == "folder")
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func aRootThatComesDuringTheScanOfItsOuterRootGetsItsFiles() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
            try writeManyModels(below: $0.appending("inner"))
        } _: { fixture in
            let inner = fixture.path("inner")
            try await waitForFirstFiles(fixture)
            try await reload(fixture, [fixture.library, inner])
            try expectManyModels(fixture, below: inner, andOthers: ["a.pt"])

            // Nothing is left that makes a later scan fail.
            let scans = try await fixture.scan()
            #expect(scans.count == 2)
            #expect(scans.allSatisfy { $0.completedAt != nil && $0.errors.isEmpty && $0.counts.changes == 0 })
            try expectManyModels(fixture, below: inner, andOthers: ["a.pt"])
            #expect(try fixture.readings() == manyModels + 1)
            #expect(try fixture.indexer.status().state == .ready)
        }
    }

    @Test func aRootThatGoesDuringItsScanTakesItsFilesAlong() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            let (one, two) = (library.appending("one"), library.appending("two"))
            try writeManyModels(below: one)
            try writeModel(two.appending("b.pt"))
            try await withIndexer(directory, IndexerFixture.settings([one, two])) { fixture in
                try await waitForFirstFiles(fixture)
                let indexer = fixture.indexer
                _ = try await onThread { try indexer.startScans(path: nil, rehash: false, acceptsEmpty: false) }
                try await reload(fixture, [two])
                try await fixture.sync()
                #expect(try fixture.states() == ["two/b.pt": .indexed])
                #expect(try fixture.catalog.read { try $0.scans(limit: nil) }.allSatisfy { $0.completedAt != nil })

                try await reload(fixture, [one, two])
                try expectManyModels(fixture, below: one, andOthers: ["two/b.pt"])
            }
        }
    }

    @Test func linkedFilesLeaveWhenLinksAreNotFollowedAndComeBack() async throws {
        try await withIndexer {
            try writeModel($0.parent.appending("outside/a.pt"))
            try writeModel($0.appending("b.pt"), Array("b".utf8))
            try makeSymbolicLink($0.appending("link.pt"), to: $0.parent.appending("outside/a.pt"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["b.pt": .indexed, "link.pt": .indexed])
            try await reload(fixture, [fixture.library]) { $0.followsSymbolicLinks = false }
            #expect(try fixture.states() == ["b.pt": .indexed])
            try await reload(fixture, [fixture.library])
            #expect(try fixture.states() == ["b.pt": .indexed, "link.pt": .indexed])
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func aReloadThatChangesNothingScansNothing() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            let scans = try fixture.catalog.read { try $0.scanCount() }
            let settings = IndexerFixture.settings([fixture.library])
            let indexer = fixture.indexer
            try await onThread { try indexer.reload(settings) }
            #expect(try indexer.status().state == .ready)
            try await fixture.sync()
            #expect(try fixture.catalog.read { try $0.scanCount() } == scans)
        }
    }

    @Test func withoutARootTheIndexIsReadyAndEmpty() async throws {
        try await withTemporaryDirectory { directory in
            try await withIndexer(directory, IndexerFixture.settings([])) { fixture in
                #expect(try await fixture.sync().skipped == [])
                let status = try fixture.indexer.status()
                #expect(status.state == .ready)
                #expect(status.summary.contains("No roots"))
                let indexer = fixture.indexer
                #expect(try await onThread { indexer.waitForFirstPass() })
                #expect(try await onThread { indexer.isAlive(milliseconds: 60_000) })
            }
        }
    }

    @Test func aPolledRootIsListedBySync() async throws {
        try await withIndexer(configured: { settings in
            settings.roots = settings.roots.map { .init(path: $0.path, type: nil, watchMode: .poll) }
            settings.pollInterval = 3_600_000_000_000
        }) { _ in
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.root?.watch == .poll)
            try writeModel(fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.state == .indexed)
            removeFile(fixture.path("a.pt"))
            try await fixture.scan(fixture.path("a.pt"))
            #expect(try fixture.file("a.pt")?.state == .missing)
        }
    }

    @Test func aPathByWayOfLinksLeadsToTheFile() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            let link = fixture.directory.appending("link")
            try makeSymbolicLink(link, to: fixture.library)
            #expect(fixture.indexer.catalogPath(for: link.appending("a.pt")) == fixture.path("a.pt"))
            #expect(fixture.indexer.catalogPath(for: link.appending("none.pt")) == nil)
            #expect(fixture.indexer.catalogPath(for: FilePath("/")) == nil)
        }
    }

    @Test func aLinkedDirectoryOutsideOfTheRootsIsFollowed() async throws {
        try await withIndexer { fixture in
            let outside = fixture.directory.appending("outside")
            try writeModel(outside.appending("a.pt"))
            try makeSymbolicLink(fixture.path("linked"), to: outside)
            try makeSymbolicLink(fixture.path("loop"), to: fixture.library)
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .indexed])
            try writeModel(outside.appending("b.pt"), Array("b".utf8))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/a.pt": .indexed, "linked/b.pt": .indexed])
        }
    }

    private func reload(
        _ fixture: IndexerFixture, _ roots: [FilePath], types: [FilePath: String] = [:],
        _ change: (inout IndexingSettings) -> Void = { _ in }
    ) async throws {
        var settings = IndexerFixture.settings(roots, types: types)
        change(&settings)
        let (indexer, wanted) = (fixture.indexer, settings)
        try await onThread { try indexer.reload(wanted) }
        try await fixture.sync()
    }

    // MARK: - A scan that takes its time

    /// More than are written down at once.
    private let manyModels = 1200

    private func writeManyModels(below directory: FilePath) throws {
        for number in 0..<manyModels {
            try writeModel(directory.appending("\(number / 20)/\(number).pt"), Array("\(number)".utf8))
        }
    }

    /// Waits until a part of what a scan finds is in the catalogue.
    private func waitForFirstFiles(_ fixture: IndexerFixture) async throws {
        let catalog = fixture.catalog
        let count = try await onThread {
            let deadline = MonotonicTime.now.advanced(milliseconds: IndexerFixture.patience)
            while MonotonicTime.now < deadline {
                let count = try catalog.read { try $0.count(FileFilter()) }
                if count > 0 { return count }
            }
            return 0
        }
        #expect(count > 0)
    }

    private func expectManyModels(
        _ fixture: IndexerFixture, below directory: FilePath, andOthers others: Set<String>
    ) throws {
        let files = try fixture.catalog.read { try $0.files(FileFilter(), limit: 10_000) }
        #expect(files.allSatisfy { $0.state == .indexed })
        #expect(files.filter { $0.root == directory }.count == manyModels)
        #expect(files.filter { $0.path.isWithin(directory) }.count == manyModels)
        let outside = try fixture.states().keys.filter { !fixture.path($0).isWithin(directory) }
        #expect(Set(outside) == others)
    }
}
