import Catalog
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Indexing

/// Files that are broken, cut off, or still being written.
@Suite struct UnfinishedFileTests {
    @Test func aBrokenHeaderIsToldAndTheFileIsHashed() async throws {
        try await withIndexer {
            try writeModel($0.appending("cut.safetensors"), Array(safetensors(data: 1000).dropLast(500)))
            try writeModel($0.appending("nonsense.safetensors"), [UInt8](repeating: 0xFF, count: 100))
            try writeModel($0.appending("empty.safetensors"), [])
        } _: { fixture in
            try await fixture.sync()
            for name in ["cut.safetensors", "nonsense.safetensors", "empty.safetensors"] {
                let file = try #require(try fixture.file(name))
                #expect(file.state == .indexed)
                #expect(file.error?.isEmpty == false)
                #expect(file.digests.sha256 != nil)
                #expect(file.digests.autoV3 == nil)
            }
            let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            #expect(try fixture.file("empty.safetensors")?.digests.sha256 == empty)
        }
    }

    @Test func anUnfinishedFileThatChangedJustNowIsWaitedFor() async throws {
        try await withIndexer {
            try writeModel($0.appending("cut.safetensors"), Array(safetensors(data: 1000).dropLast(500)), age: 1)
        } _: { fixture in
            try await fixture.sync(hashed: false)
            let cut = try #require(try fixture.file("cut.safetensors"))
            #expect((cut.state, cut.digests.sha256) == (.pending, nil))
            #expect(cut.error?.isEmpty == false)
            // Somebody brings the rest.
            try writeFile(fixture.path("cut.safetensors"), safetensors(data: 1000))
            try await fixture.sync()
            let file = try #require(try fixture.file("cut.safetensors"))
            #expect((file.state, file.error) == (.indexed, nil))
        }
    }

    @Test func inASinglePassAnUnfinishedFileIsHashedAfterTheQuietTime() async throws {
        try await withIndexer(configured: { $0.isSinglePass = true }) {
            try writeModel($0.appending("cut.safetensors"), Array(safetensors(data: 1000).dropLast(500)), age: 0)
        } _: { fixture in
            let indexer = fixture.indexer
            #expect(try await onThread { indexer.waitForFirstPass() })
            let file = try #require(try fixture.file("cut.safetensors"))
            #expect(file.state == .indexed)
            #expect(file.error != nil)
            #expect(file.digests.sha256 != nil)
        }
    }

    @Test func aFileThatIsBeingWrittenIsReadWhenItIsClosed() async throws {
        try await withIndexer { fixture in
            try await fixture.sync()
            let bytes = safetensors(7, data: 1000)
            let path = fixture.path("a.safetensors")
            do {
                let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT, mode: 0o644)
                try file.writeAll(Array(bytes.prefix(400)), shown: path)
                try await fixture.sync(hashed: false)
                #expect(try fixture.file("a.safetensors")?.state == .pending)
                let indexer = fixture.indexer
                let outcome = try await onThread { indexer.sync(hashed: true, milliseconds: 1) }
                #expect(!outcome.isSynced)
                try await fixture.wait { _ in indexer.sync(hashed: true, milliseconds: 1).waiting == [path] }
                try file.writeAll(Array(bytes.dropFirst(400)), shown: path)
                #expect(try fixture.readings() == 0)
            }
            try await fixture.sync()
            let file = try #require(try fixture.file("a.safetensors"))
            #expect((file.state, file.size, file.error) == (.indexed, Int64(bytes.count), nil))
            #expect(try fixture.readings() == 1)
        }
    }

    @Test func aFileBesideItsMarkOfAria2Waits() async throws {
        try await withIndexer {
            try writeModel($0.appending("a.safetensors"))
            try writeFile($0.appending("a.safetensors.aria2"), "x")
        } _: { fixture in
            try await fixture.sync(hashed: false)
            #expect(try fixture.states() == ["a.safetensors": .pending])
            removeFile(fixture.path("a.safetensors.aria2"))
            try await fixture.sync()
            #expect(try fixture.states() == ["a.safetensors": .indexed])
        }
    }
}
