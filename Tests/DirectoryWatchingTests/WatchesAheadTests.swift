import LinuxSystem
import TestSupport
import Testing

@testable import DirectoryWatching

/// Directories so many that they are watched ahead of the walk, on another thread.
@Suite struct WatchesAheadTests {
    private static let count = 200

    private func makeDirectories(in fixture: WatcherFixture) throws -> [FilePath] {
        let directories = (0..<Self.count).map { fixture.root.appending("d\($0)") }
        for directory in directories {
            try makeDirectory(directory.appending("below"))
            try writeFile(directory.appending("below/x.safetensors"), "content")
        }
        return directories
    }

    @Test func everyDirectoryHasItsWatch() async throws {
        try await withWatcher { fixture in
            let directories = try makeDirectories(in: fixture)
            for _ in 0..<2 {
                #expect(fixture.walk().paths.count == 1 + 2 * Self.count)
                #expect(fixture.watcher.counts(below: fixture.root) == (1 + 2 * Self.count, 0))
                #expect(fixture.watcher.watchCount == 1 + 2 * Self.count)
            }
            for directory in directories { try writeFile(directory.appending("new.safetensors"), "content") }
            #expect(try await fixture.index().count == Self.count)
        }
    }

    @Test func watchThatEndedBeforeTheWalkCameIsMadeAgain() async throws {
        try await withWatcher { fixture in
            let directories = try makeDirectories(in: fixture)
            let watcher = fixture.watcher
            var visitor = WalkRecord()
            visitor.whenListed = { path in
                guard path == directories[100] else { return }
                // In the order of the walk, which is that of the bytes.
                for directory in directories where path < directory { watcher.forget(directory) }
            }
            fixture.walk(visitor: visitor)
            #expect(watcher.counts(below: fixture.root) == (1 + 2 * Self.count, 0))
            for directory in directories { try writeFile(directory.appending("new.safetensors"), "content") }
            #expect(try await fixture.index().count == Self.count)
        }
    }

    @Test func directoriesThatChangeNamesAheadOfTheWalkAreFound() async throws {
        try await withWatcher { fixture in
            let directories = try makeDirectories(in: fixture)
            var renamed = 0
            var visitor = WalkRecord()
            visitor.whenListed = { path in
                // Forwards, backwards, and into each other's names.
                guard path.parent == fixture.root, renamed + 40 < directories.count, path.name.last == 0x31 else {
                    return
                }
                let (first, second) = (directories[renamed], directories[renamed + 40])
                let aside = fixture.root.appending("e\(renamed)")
                for (old, new) in [(first, aside), (second, first), (aside, second)] { try? renameFile(old, new) }
                try? renameFile(directories[renamed + 20], aside)
                renamed += 1
            }
            let known = Set(fixture.walk(visitor: visitor).files.keys)
            #expect(renamed > 10)
            let found = try await fixture.index(known)
            let top = try FileDescriptor.open(fixture.root, 0)
            let names = try listDirectory(top.number, shown: fixture.root).map(\.name)
            #expect(found == Set(names.map { fixture.root.appending($0).appending("below/x.safetensors") }))
            #expect(fixture.watcher.counts(below: fixture.root) == (1 + 2 * Self.count, 0))
        }
    }

    @Test func walkThatIsCutShortLeavesWhatItHasNotReached() async throws {
        try await withWatcher { fixture in
            _ = try makeDirectories(in: fixture)
            var visitor = WalkRecord()
            visitor.limit = 3
            #expect(fixture.walk(visitor: visitor).paths.count == 3)
            #expect(fixture.walk().paths.count == 1 + 2 * Self.count)
        }
    }

    @Test func polledPlacesTakeNoWatches() async throws {
        try await withWatcher { fixture in
            _ = try makeDirectories(in: fixture)
            #expect(fixture.walk(usesEvents: false).paths.count == 1 + 2 * Self.count)
            #expect(fixture.watcher.watchCount == 0)
        }
    }
}
