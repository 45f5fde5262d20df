import Catalog
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Indexing

/// What followers of the index are told of files.
@Suite(.timeLimit(.minutes(5))) struct FileEventTests {
    /// What has been told of files that are there since an event, as `kind path (from old path)`.
    private func told(_ index: IndexerFixture, after id: Int64 = 0) throws -> [String] {
        func name(_ path: FilePath?) -> String {
            path.flatMap { $0.relative(to: index.library) }.map { String(decoding: $0, as: UTF8.self) } ?? "?"
        }
        return try #require(index.indexer.events.read(after: id, limit: .max)).map(\.event)
            .filter { $0.kind.rawValue.hasPrefix("file.") && $0.kind != .fileMissing }
            .map { event in
                "\(event.kind.rawValue) \(name(event.path))" + (event.oldPath.map { " from \(name($0))" } ?? "")
            }
    }

    @Test func newFileIsAddedAndThenIndexed() async throws {
        try await withIndexer { index in
            try writeModel(index.path("a.safetensors"))
            try await index.sync()
            #expect(try told(index) == ["file.added a.safetensors", "file.indexed a.safetensors"])
            let events = try #require(index.indexer.events.read(after: 0, limit: .max)).map(\.event)
            let file = try #require(try index.file("a.safetensors"))
            #expect(events.filter { $0.path == file.path }.map(\.fileID) == [file.id, file.id])
        }
    }

    @Test func renamedFileIsMovedFromItsOldPath() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("loras/a.safetensors")) }) { index in
            try await index.sync()
            let before = index.indexer.events.newest
            try renameFile(index.path("loras/a.safetensors"), index.path("loras/b.safetensors"))
            try await index.sync()
            #expect(try told(index, after: before) == ["file.moved loras/b.safetensors from loras/a.safetensors"])
        }
    }

    @Test func rewrittenFileIsChangedAndIndexedAgain() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let before = index.indexer.events.newest
            try writeModel(index.path("a.safetensors"), safetensors(1, data: 32))
            try await index.sync()
            let events = try told(index, after: before)
            #expect(events.first == "file.changed a.safetensors")
            #expect(events.last == "file.indexed a.safetensors")
        }
    }

    @Test func fileThatComesBackIsReturned() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let elsewhere = index.directory.appending("elsewhere")
            try renameFile(index.path("a.safetensors"), elsewhere)
            try await index.sync()
            let before = index.indexer.events.newest
            try renameFile(elsewhere, index.path("a.safetensors"))
            try await index.sync()
            #expect(try told(index, after: before) == ["file.returned a.safetensors"])
        }
    }

    @Test func linkToAKnownFileIsIndexedAtOnce() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let before = index.indexer.events.newest
            try makeHardLink(index.path("b.safetensors"), to: index.path("a.safetensors"))
            try await index.sync()
            #expect(try told(index, after: before) == ["file.added b.safetensors", "file.indexed b.safetensors"])
        }
    }

    @Test func fileThatIsMovedOverAnotherMakesThatOneMissing() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("a.safetensors"), safetensors(1))
            try writeModel(library.appending("b.safetensors"), safetensors(2))
        }) { index in
            try await index.sync()
            let overwritten = try #require(try index.file("b.safetensors")).id
            let before = index.indexer.events.newest
            try renameFile(index.path("a.safetensors"), index.path("b.safetensors"))
            try await index.sync()
            #expect(try told(index, after: before) == ["file.moved b.safetensors from a.safetensors"])
            let missing = try #require(index.indexer.events.read(after: before, limit: .max)).map(\.event)
                .filter { $0.kind == .fileMissing }
            #expect(missing.map(\.fileID) == [overwritten])
            #expect(missing.map(\.path) == [index.path("b.safetensors")])
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func fileThatCannotBeReadIsInError() async throws {
        try await withIndexer { index in
            let path = index.path("a.safetensors")
            try writeModel(path)
            chmodPath(path, 0)
            try await index.sync()
            let error = try #require(index.indexer.events.read(after: 0, limit: .max)).map(\.event)
                .first { $0.kind == .fileError }
            #expect(error?.path == path)
            #expect(error?.message?.isEmpty == false)
        }
    }

    @Test func completedScanIsToldOnce() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let scan = try #require(try await index.scan(rehash: true).first)
            let events = try #require(index.indexer.events.read(after: 0, limit: .max)).map(\.event)
            #expect(events.count { $0.kind == .scanCompleted && $0.scanID == scan.id } == 1)
        }
    }

    @Test func readingOnceMoreToBeSureTellsNothing() async throws {
        try await withIndexer(prepare: { try writeModel($0.appending("a.safetensors")) }) { index in
            try await index.sync()
            let before = index.indexer.events.newest
            let readings = try index.readings()
            // Another inode with the same size and times: read once more.
            let copy = index.directory.appending("copy")
            let status = try FileStatus.of(index.path("a.safetensors"))
            try writeFile(copy, safetensors())
            try setTimes(copy, nanoseconds: status.modified)
            try renameFile(copy, index.path("a.safetensors"))
            try await index.sync()
            try await index.wait { try $0.readings() == readings + 1 && $0.indexer.status().hashing.reading.isEmpty }
            try await index.sync()
            #expect(try told(index, after: before) == [])
        }
    }
}
