import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Who follows the index is told of every pickle that is dangerous to load, once.
@Suite(.timeLimit(.minutes(5))) struct DangerousPickleTests {
    /// The files that were told to be dangerous since an event, by their paths.
    private func told(_ index: IndexerFixture, after id: Int64 = 0) throws -> [String] {
        try #require(index.indexer.events.read(after: id, limit: .max)).map(\.event)
            .filter { $0.kind == .fileDangerous }
            .map { event in
                #expect(event.fileID != nil)
                return event.path.flatMap { $0.relative(to: index.library) }.map { String(decoding: $0, as: UTF8.self) }
                    ?? "?"
            }
    }

    /// What is told because of `change`.
    private func told(
        _ index: IndexerFixture, because change: () async throws -> Void
    ) async throws -> [String] {
        let before = index.indexer.events.newest
        try await change()
        try await index.sync()
        return try told(index, after: before)
    }

    @Test func itIsToldOnceOfEachFileAndEachContent() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("evil.pt"), ModelBytes.dangerousPyTorch())
            try writeModel(library.appending("good.pt"), pyTorchFile("good"))
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try told(index) == ["evil.pt"])
                #expect(try index.file("evil.pt")?.identity.isDangerous == true)
                #expect(try index.file("evil.pt")?.error == nil)
                #expect(try index.file("good.pt")?.identity.isDangerous == false)
                func expect(_ names: String..., after change: () async throws -> Void) async throws {
                    let told = try await self.told(index, because: change)
                    #expect(told == names)
                }
                try await expect { try await index.scan(rehash: true) }
                try await expect { try renameFile(index.path("evil.pt"), index.path("moved.pt")) }
                try await expect("copy/of.pt") {
                    try writeModel(index.path("copy/of.pt"), ModelBytes.dangerousPyTorch())
                }
                try await expect("link.pt") {
                    try makeHardLink(index.path("link.pt"), to: index.path("moved.pt"))
                }
            }
            try await withIndexer(directory, settings) { index in
                func expect(_ names: String..., after change: () async throws -> Void) async throws {
                    let told = try await self.told(index, because: change)
                    #expect(told == names)
                }
                try await expect { try await index.scan() }
                #expect(try told(index) == [])
                removeFile(index.path("link.pt"))
                removeFile(index.path("copy/of.pt"))
                let path = index.path("moved.pt")
                try await expect { try writeModel(path, pyTorchFile("harmless")) }
                #expect(try index.file("moved.pt")?.identity.isDangerous == false)
                try await expect("moved.pt") { try writeModel(path, ModelBytes.dangerousPyTorch("x")) }
                // Another one is another danger.
                try await expect("moved.pt") { try writeModel(path, ModelBytes.dangerousPyTorch("y")) }
            }
        }
    }

    @Test func aBrokenOneIsDangerousToo() async throws {
        try await withIndexer(prepare: { library in
            try writeModel(library.appending("broken.pt"), ModelBytes.brokenDangerousPickle)
            // Whatever its name says.
            try writeModel(library.appending("named.ckpt"), ModelBytes.dangerousPyTorch())
        }) { index in
            try await index.sync()
            #expect(try told(index).sorted() == ["broken.pt", "named.ckpt"])
            #expect(try index.file("broken.pt")?.error != nil)
            var filter = FileFilter()
            filter.troubledOnly = true
            let troubled = try index.catalog.read { try $0.files(filter, limit: 9) }
            #expect(troubled.map { String(decoding: $0.path.name, as: UTF8.self) } == ["broken.pt", "named.ckpt"])
        }
    }
}
