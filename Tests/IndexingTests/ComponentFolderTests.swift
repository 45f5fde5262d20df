import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Folders that are components of a pipeline because its index lies beside them.
@Suite(.timeLimit(.minutes(5))) struct ComponentFolderTests {
    private func told(_ index: IndexerFixture, _ name: String) throws -> String {
        let identity = try #require(try index.file(name)).identity
        return identity.type.map { "\($0) by \(identity.typeSource ?? "nobody")" } ?? "-"
    }

    @Test func theIndexOfAPipelineSaysWhatItsFoldersHold() async throws {
        try await withIndexerByEvents(prepare: { library in
            for (number, name) in ["transformer", "image_encoder", "other", "transformer/deep"].enumerated() {
                try writeModel(
                    library.appending("p/\(name)/m.safetensors"), ModelBytes.unknown(fill: UInt8(number)))
            }
        }) { index in
            try await index.sync()
            func all() throws -> [String] {
                try ["transformer", "image_encoder", "other", "transformer/deep"].map {
                    try told(index, "p/\($0)/m.safetensors")
                }
            }
            #expect(try all() == ["-", "-", "-", "-"])
            try writeFile(index.path("p/model_index.json"), "{}")
            try await index.sync()
            #expect(try all() == ["diffusion_model by folder", "clip_vision by folder", "-", "-"])
            try renameFile(index.path("p"), index.path("q"))
            try await index.sync()
            #expect(try told(index, "q/transformer/m.safetensors") == "diffusion_model by folder")
            try renameFile(index.path("q"), index.path("p"))
            removeFile(index.path("p/model_index.json"))
            try await index.sync()
            #expect(try all() == ["-", "-", "-", "-"])
            #expect(try index.readings() == 4)
        }
    }

    @Test func anIndexThatCameWhileNothingRanIsFoundAtTheNextStart() async throws {
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("p/transformer/m.safetensors"), ModelBytes.unknown())
            let settings = IndexerFixture.settings([library])
            try await withIndexer(directory, settings) { try await $0.sync() }
            try writeFile(library.appending("p/model_index.json"), "{}")
            try await withIndexer(directory, settings) { index in
                try await index.sync()
                #expect(try told(index, "p/transformer/m.safetensors") == "diffusion_model by folder")
                #expect(try index.readings() == 0)
            }
        }
    }

    @Test func whatTheRootIsForGoesBeforeTheFolderAndTheContentBeforeBoth() async throws {
        try await withIndexerByEvents(prepare: { library in
            try writeModel(library.appending("loras/u.safetensors"), ModelBytes.unknown())
            try writeModel(library.appending("loras/c.safetensors"), ModelBytes.sdxlCheckpoint())
            try writeFile(
                library.appending("loras/u.civitai.info"), #"{"id":1,"modelId":2,"model":{"name":"x","type":"VAE"}}"#)
        }) { index in
            try await index.sync()
            #expect(try told(index, "loras/u.safetensors") == "lora by folder")
            #expect(try told(index, "loras/c.safetensors") == "checkpoint by content")
            for (type, answer) in [("vae", "vae by root"), ("lora", "lora by root"), (nil, "lora by folder")] {
                try await index.reload {
                    $0.roots = $0.roots.map { .init(path: $0.path, type: type, watchMode: .inotify) }
                }
                #expect(try told(index, "loras/u.safetensors") == answer)
                #expect(try told(index, "loras/c.safetensors") == "checkpoint by content")
            }
            #expect(try index.readings() == 2)
        }
    }
}
