import LinuxSystem
import SQLite
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// A catalogue of the release before this one.
@Suite(.timeLimit(.minutes(5))) struct UpgradeTests {
    /// Makes a database of the third schema that knows these files, as indexed, by what their status says.
    private func makeDatabase(_ directory: FilePath, library: FilePath, _ names: [String]) throws {
        try makeDirectory(directory)
        let path = directory.appending("models.db")
        _ = try Migrator(
            applicationID: ModelCatalog.applicationID, migrations: Array(ModelCatalog.migrations.prefix(3))
        ).migrate(path, timestamp: "20250101T000000Z")
        let connection = try Connection(path, .readWriteCreate)
        defer { connection.close() }
        try connection.run("INSERT INTO roots (id, path) VALUES (1, ?)", [.textBytes(library.bytes)])
        for (number, name) in names.enumerated() {
            let file = library.appending(name)
            let status = try FileStatus.of(file)
            let descriptor = try FileDescriptor.open(file.parent, 0)
            let folder = file.parent.relative(to: library) ?? []
            try connection.run(
                """
                INSERT INTO contents (id, sha256, size, format, autov3_full, created_at)
                VALUES (?1, ?2, ?3, 'safetensors', ?2, '')
                """,
                [
                    .integer(Int64(number + 1)), .text(String(repeating: "\(number)", count: 64)),
                    .integer(status.size),
                ])
            try connection.run(
                """
                INSERT INTO local_files (file_path, root_id, folder, name, type, type_source, size, mtime_ns, ctime_ns,
                    inode, device, file_system_id, birth_time_ns, links, content_id, state, created_at, updated_at)
                VALUES (?, 1, ?, ?, 'vae', 'folder', ?, ?, ?, ?, ?, ?, ?, 1, ?, 'indexed', '', '')
                """,
                [
                    .textBytes(file.bytes), .textBytes(folder), .textBytes(file.name), .integer(status.size),
                    .integer(status.modified), .integer(status.changed), Value(unsigned: status.inode),
                    Value(unsigned: status.device),
                    Value(LinuxSystem.fileSystemID(ofDescriptor: descriptor.number)), Value(status.born),
                    .integer(Int64(number + 1)),
                ])
        }
    }

    @Test func theFirstWalkSaysWhatKnownFilesAreWithoutReadingThem() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("loras/a.safetensors"), ModelBytes.sdxlLoRA())
            try writeModel(library.appending("b.safetensors"), ModelBytes.sdxlCheckpoint())
            try writeModel(library.appending("loras/c.safetensors"), ModelBytes.unknown())
            try writeModel(library.appending("evil.pt"), ModelBytes.dangerousPyTorch())
            try writeFile(
                library.appending("b.civitai.info"), #"{"id":7,"modelId":3,"baseModel":"Pony","model":{"name":"M"}}"#)
            let names = ["loras/a.safetensors", "b.safetensors", "loras/c.safetensors", "evil.pt"]
            try makeDatabase(directory.appending("data"), library: library, names)
            let settings = IndexerFixture.settings([library])
            for _ in 0..<2 {
                try await withIndexer(directory, settings) { index in
                    try await index.sync()
                    func told(_ name: String) throws -> [String?] {
                        let identity = try #require(try index.file(name)).identity
                        return [identity.type, identity.typeSource, identity.baseModel, identity.baseModelSource]
                    }
                    #expect(try told(names[0]) == ["lora", "content", "SDXL 1.0", "content"])
                    #expect(try told(names[1]) == ["checkpoint", "content", "Pony", "sidecar"])
                    #expect(try told(names[2]) == ["lora", "folder", nil, nil])
                    #expect(try index.file("evil.pt")?.identity.isDangerous == true)
                    #expect(try index.file("evil.pt")?.digests.sha256 == String(repeating: "3", count: 64))
                    #expect(try index.readings() == 0)
                    #expect(try index.states().values.allSatisfy { $0 == .indexed })
                }
            }
        }
    }
}
