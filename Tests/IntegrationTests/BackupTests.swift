import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// `backup` and `export`, while things happen.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BackupTests {
    /// A kikod that is started on the backup knows what was known when it was made, and reads nothing again.
    @Test func aBackupThatIsMadeUnderLoadCanBeStartedFrom() async throws {
        try await withPlace { place in
            for index in 0..<200 {
                try place.addFile("loras/\(index).safetensors", safetensorsFile(data: noise(512, seed: UInt64(index))))
            }
            let copy = place.directory.appending("copy.db")
            let count = 600
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let writer = Task {
                    for index in 200..<count {
                        try place.addFile(
                            "loras/\(index).safetensors", safetensorsFile(data: noise(512, seed: UInt64(index))))
                    }
                }
                for _ in 0..<3 {
                    let result = try await daemon.control("backup", copy.description)
                    #expect(result.status == 0, "\(result.errors)")
                }
                try await writer.value
                try await daemon.sync()
                #expect(try await daemon.status().files.indexed == count)
            }
            #expect(try permissions(copy) == 0o600)
            #expect(
                try directoryNames(place.dataDirectory).map { String(decoding: $0, as: UTF8.self) }
                    .filter { $0.hasPrefix("backup") } == [])
            try removeTreeOf(place.database)
            try renameFile(copy, place.database)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let status = try await daemon.status()
                #expect((status.files.indexed, status.state) == (count, "ready"))
                // Those that the backup has were not read again.
                #expect(status.hashing.filesTotal <= count - 200)
            }
        }
    }

    private func removeTreeOf(_ database: FilePath) throws {
        for suffix in ["", "-wal", "-shm"] { removeFile(FilePath(database.description + suffix)) }
    }

    @Test func anExportHasEveryFileWithItsMetadata() async throws {
        try await withPlace { place in
            try place.addFile(
                "loras/a.safetensors",
                safetensorsFile(metadata: #"{"ss_output_name":"a \"quoted\", name"}"#, data: noise(512, seed: 1)))
            try place.addFile("b,\"c\".ckpt", "not a model")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let json = place.directory.appending("export.json")
                #expect(try await daemon.control("export", "--format", "json", json.description).status == 0)
                let answer = try WireJSON.decode(FilesAnswer.self, from: Data(readFile(json, limit: 1 << 20)))
                #expect((answer.total, answer.files.count) == (2, 2))
                let lora = try #require(answer.files.last)
                #expect(lora.metadata == ["ss_output_name": "a \"quoted\", name"])
                #expect(lora == (try await daemon.file(FilePath(lora.path))))
                let csv = try await daemon.control("export", "--format", "csv")
                #expect(csv.status == 0)
                let text = String(decoding: csv.output, as: UTF8.self)
                #expect(text.hasPrefix("id,path,path_base64,"))
                #expect(text.contains("\"\(place.models)/b,\"\"c\"\".ckpt\""))
            }
        }
    }
}
