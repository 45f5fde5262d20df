import Catalog
import Glibc
import TestSupport
import Testing

@testable import Indexing
@testable import LinuxSystem

/// Links to files outside of the roots, in whose directories nothing else is of interest.
@Suite(.timeLimit(.minutes(5))) struct LinkedFileTests {
    @Test func whatHappensToTheTargetIsNoticed() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("blobs/1234"), Array("first".utf8))
            try makeSymbolicLink($0.appending("a.pt"), to: $0.parent.appending("blobs/1234"))
        } _: { fixture in
            try await fixture.sync()
            let target = fixture.outside("blobs/1234")
            let first = try #require(try fixture.file("a.pt")?.digests.sha256)
            #expect(try fixture.file("a.pt")?.state == .indexed)

            try writeModel(target, Array("second one".utf8))
            try await fixture.sync()
            let second = try #require(try fixture.file("a.pt"))
            #expect(second.state == .indexed)
            #expect(second.digests.sha256 != first)

            try renameFile(target, fixture.outside("blobs/aside"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing])
            try renameFile(fixture.outside("blobs/aside"), target)
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.state == .indexed)
            #expect(try fixture.readings() == 2)

            removeFile(target)
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing])
            try writeModel(target, Array("first".utf8))
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.state == .indexed)
            #expect(try fixture.file("a.pt")?.digests.sha256 == first)

            // Another file takes its place in one step.
            try writeModel(fixture.outside("blobs/new"), Array("second one".utf8))
            try renameFile(fixture.outside("blobs/new"), target)
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.digests.sha256 == second.digests.sha256)
            try fixture.expectAllIsWell()
        }
    }

    @Test func directoryOfTheTargetMayGoAndComeBack() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("cache/blobs/1234"), Array("first".utf8))
            try makeSymbolicLink($0.appending("a.pt"), to: $0.parent.appending("cache/blobs/1234"))
        } _: { fixture in
            try await fixture.sync()
            for name in ["cache/blobs", "cache"] {
                try renameFile(fixture.outside(name), fixture.outside("aside"))
                try await fixture.sync()
                #expect(try fixture.states() == ["a.pt": .missing], "\(name)")
                try renameFile(fixture.outside("aside"), fixture.outside(name))
                try await fixture.sync()
                #expect(try fixture.states() == ["a.pt": .indexed], "\(name)")
            }
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func danglingLinkWaitsForItsTarget() async throws {
        try await withIndexerByEvents {
            try makeSymbolicLink($0.appending("a.pt"), to: $0.parent.appending("far/away/1234"))
        } _: { fixture in
            try await fixture.sync()
            #expect(try fixture.states() == [:])
            try makeDirectory(fixture.outside("far"))
            try await fixture.sync()
            try writeModel(fixture.outside("far/away/1234"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .indexed])
        }
    }

    @Test func fileThatIsReplacedByALinkThatLeadsNowhereIsMissing() async throws {
        try await withIndexerByEvents {
            try writeModel($0.appending("a.pt"))
        } _: { fixture in
            try await fixture.sync()
            // Its name tells nobody that it has to do with models.
            let link = fixture.outside("link")
            try makeDirectory(link.parent)
            try makeSymbolicLink(link, to: fixture.outside("nothing"))
            try renameFile(link, fixture.path("a.pt"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing])
        }
    }

    @Test func linkThatLeadsElsewhereHasTheContentFromThere() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("blobs/one"), Array("one".utf8))
            try writeModel($0.parent.appending("blobs/two"), Array("two".utf8))
            try makeSymbolicLink($0.appending("a.pt"), to: $0.parent.appending("blobs/one"))
            try makeSymbolicLink($0.appending("b.pt"), to: $0.parent.appending("blobs/two"))
        } _: { fixture in
            try await fixture.sync()
            let two = try fixture.file("b.pt")?.digests.sha256
            #expect(two != nil)
            try replaceSymbolicLink(fixture.path("a.pt"), to: fixture.outside("blobs/two"))
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.digests.sha256 == two)
            // Both of one inode, so nothing had to be read for it.
            #expect(try fixture.readings() == 2)
            try replaceSymbolicLink(fixture.path("a.pt"), to: fixture.outside("blobs"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.pt": .missing, "b.pt": .indexed])
        }
    }

    @Test func linkedFileIsWaitedForWhileItIsWritten() async throws {
        try await withIndexerByEvents {
            try writeModel($0.parent.appending("blobs/1234"), Array("first".utf8))
            try makeSymbolicLink($0.appending("a.pt"), to: $0.parent.appending("blobs/1234"))
        } _: { fixture in
            try await fixture.sync()
            let target = fixture.outside("blobs/1234")
            do {
                let file = try FileDescriptor.open(target, O_WRONLY | O_TRUNC)
                try file.writeAll(Array("sec".utf8), shown: target)
                try await fixture.sync(hashed: false)
                #expect(try fixture.file("a.pt")?.state == .pending)
                #expect(try fixture.readings() == 1)
                try file.writeAll(Array("ond one".utf8), shown: target)
            }
            try await fixture.sync()
            #expect(try fixture.file("a.pt")?.state == .indexed)
            #expect(try fixture.readings() == 2)
        }
    }
}
