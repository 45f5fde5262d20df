import Catalog
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// `keep_missing`, and other settings that a reload changes.
@Suite(.timeLimit(.minutes(5))) struct ForgettingTests {
    @Test func rowsOfMissingFilesAreRemovedAndWhatTheyHeldIsNot() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
            try writeModel($0.appending("b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            let content = try #require(try fixture.file("a.pt")?.contentID)
            removeFile(fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .indexed])
            let last = fixture.indexer.events.newest
            try await fixture.reload { $0.keepMissing = 1 }
            // What has happened is told after the catalogue holds it.
            try await fixture.wait { fixture in
                try fixture.states() == ["b.pt": .indexed] && fixture.indexer.events.newest != last
            }
            let removed = try #require(fixture.indexer.events.read(after: last, limit: .max)).map(\.event)
                .filter { $0.kind == .fileRemoved }
            #expect(removed.map(\.path) == [fixture.path("a.pt")])

            // The same bytes are the same content, with all that was known of it.
            try writeModel(fixture.path("c.pt"), Array("a".utf8))
            try await fixture.sync()
            #expect(try fixture.file("c.pt")?.contentID == content)
        }
    }

    @Test func timeStandsStillForFilesOfAnAbsentPlace() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
            try writeModel($0.parent.appending("outside/b.pt"), Array("b".utf8))
            try makeSymbolicLink($0.appending("linked"), to: $0.parent.appending("outside"))
        } _: { fixture in
            try await fixture.sync()
            try renameFile(fixture.outside("outside"), fixture.outside("aside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed, "linked/b.pt": .missing])
            try await fixture.reload { $0.keepMissing = 1 }
            removeFile(fixture.path("a.pt"))
            // The one goes because its time is over, and would take the other along.
            try await fixture.wait { try $0.file("a.pt") == nil }
            #expect(try fixture.states() == ["linked/b.pt": .missing])

            try renameFile(fixture.outside("aside"), fixture.outside("outside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["linked/b.pt": .indexed])
            #expect(try fixture.readings() == 2)
        }
    }

    @Test func zeroKeepsMissingFilesForEver() async throws {
        try await withIndexerByEvents(configured: { $0.keepMissing = 1 }) {
            try writeModel($0.appending("a.pt"), Array("a".utf8))
            try writeModel($0.appending("b.pt"), Array("b".utf8))
        } _: { fixture in
            try await fixture.sync()
            removeFile(fixture.path("a.pt"))
            try await fixture.wait { try $0.states() == ["b.pt": .indexed] }
            try await fixture.reload { $0.keepMissing = 0 }
            removeFile(fixture.path("b.pt"))
            try await fixture.sync()
            // The appointment that was made before is kept.
            let indexer = fixture.indexer
            indexer.forgetMissingFiles()
            try await fixture.scan()
            #expect(try fixture.states() == ["b.pt": .missing])
        }
    }

    @Test func shorterQuietTimeHoldsForFilesThatAreWaitedFor() async throws {
        try await withIndexerByEvents(configured: { $0.settle = 3_600_000_000_000 }) {
            try writeModel($0.appending("old.pt"), Array("old".utf8), age: 86_400)
        } _: { fixture in
            try await fixture.sync(hashed: true)
            try writeFile(fixture.path("new.pt"), "new")
            try await fixture.sync(hashed: false)
            #expect(try fixture.states() == ["old.pt": .indexed, "new.pt": .pending])
            try await fixture.reload { $0.settle = 5_000_000 }
            #expect(try fixture.states() == ["old.pt": .indexed, "new.pt": .indexed])
        }
    }
}
