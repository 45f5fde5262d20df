import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Renames that kikod did not see, or saw while it waited for the file.
@Suite struct RenameTests {
    /// Names, and how they were renamed while nobody looked.
    @Test(arguments: [
        [("a", "t"), ("b", "a"), ("t", "b")],
        [("b", "c"), ("a", "b")],
        [("c", "t"), ("b", "c"), ("a", "b"), ("t", "a")],
        [("a", "b")],
    ])
    func chainsOfRenamesKeepEveryFile(_ renames: [(String, String)]) async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            let settings = IndexerFixture.settings([library])
            // Of the same size and age, so that only the inode tells them apart.
            for (index, name) in ["a", "b", "c"].enumerated() {
                try writeModel(library.appending(name + ".pt"), [UInt8](repeating: UInt8(index), count: 100))
            }
            var digests: [String: String] = [:]
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                for name in ["a", "b", "c"] { digests[name] = try fixture.file(name + ".pt")?.digests.sha256 }
            }
            #expect(Set(digests.values).count == 3)
            for (old, new) in renames {
                try renameFile(library.appending(old + ".pt"), library.appending(new + ".pt"))
                digests[new] = digests.removeValue(forKey: old)
            }
            try await withIndexer(directory, settings) { fixture in
                try await fixture.sync()
                let present = try fixture.states().filter { $0.value != .missing }
                let expected = digests.keys.map { ($0 + ".pt", FileState.indexed) }
                #expect(present == Dictionary(uniqueKeysWithValues: expected))
                for (name, digest) in digests { #expect(try fixture.file(name + ".pt")?.digests.sha256 == digest) }
                #expect(try fixture.readings() == 0)
            }
        }
    }

    @Test func aFileThatMovesWhileItIsWaitedForIsHashedWhereItEndsUp() async throws {
        try await withIndexer(configured: { $0.settle = 3_600_000_000_000 }, prepare: { _ in }) { fixture in
            try makeDirectory(fixture.path("to"))
            try writeFile(fixture.path("a.pt"), "content")
            try await fixture.sync(hashed: false)
            #expect(try fixture.states() == ["a.pt": .pending])
            try renameFile(fixture.path("a.pt"), fixture.path("to/a.pt"))
            // What arrives by rename is not waited for.
            try await fixture.sync()
            #expect(try fixture.states() == ["to/a.pt": .indexed])
        }
    }

    @Test func anAbandonedMarkOfAria2HoldsNothing() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.pt"))
            try writeModel($0.appending("a.pt.aria2"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed])
            #expect(try fixture.file("a.pt")?.error?.contains("a.pt.aria2") == true)
        }
    }

    @Test func filesFromTheFutureAreNotWaitedForForEver() async throws {
        try await withIndexer {
            for index in 0..<300 { try writeModel($0.appending("\(index).pt"), [UInt8(index & 255)], age: -86_400) }
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states().count == 300)
            #expect(try fixture.states().values.allSatisfy { $0 == .indexed })
        }
    }

    @Test func whatWasWrittenThroughANameThatAnotherFileTookIsSeenUnderTheOthers() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
            try makeDirectory($0.appending("other"))
            try makeHardLink($0.appending("other/b.pt"), to: $0.appending("a.pt"))
            try writeModel($0.appending("third/new.pt"), Array("new".utf8))
        } _: { fixture in
            try await fixture.sync()
            // No event tells of the other name.
            try writeFile(fixture.path("a.pt"), "longer")
            try renameFile(fixture.path("third/new.pt"), fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.size == 3)
            #expect(try fixture.file("other/b.pt")?.size == 6)
            try fixture.expectAllIsWell()
        }
    }
}
