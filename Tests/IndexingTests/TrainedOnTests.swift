import LinuxSystem
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// A LoRA that names the checkpoint it was trained on.
@Suite(.timeLimit(.minutes(5))) struct TrainedOnTests {
    private static let pony = #"{"id":7,"modelId":3,"baseModel":"Pony","model":{"name":"M","type":"Checkpoint"}}"#

    /// The digest of the checkpoint, as an index finds it.
    private func digest(_ bytes: [UInt8]) async throws -> String {
        try await withTemporaryDirectory { directory in
            try writeModel(directory.appending("library/a.safetensors"), bytes)
            var digest: String?
            try await withIndexer(directory, IndexerFixture.settings([directory.appending("library")])) { index in
                try await index.sync()
                digest = try index.file("a.safetensors")?.digests.sha256
            }
            return try #require(digest)
        }
    }

    /// Runs `body` with a LoRA in the index, and the bytes of the checkpoint that it was trained on.
    private func withLoRA(
        configured: (inout IndexingSettings) -> Void = { _ in },
        _ body: (IndexerFixture, _ checkpoint: [UInt8]) async throws -> Void
    ) async throws {
        let checkpoint = ModelBytes.sdxlCheckpoint(fill: 3)
        let digest = try await digest(checkpoint)
        let lora = ModelBytes.sdxlLoRA(metadata: ["ss_new_sd_model_hash": digest, "ss_sd_model_name": "base"])
        try await withIndexerByEvents(
            configured: configured, prepare: { try writeModel($0.appending("lora.safetensors"), lora) }
        ) { index in
            try await index.sync()
            #expect(try told(index) == "SDXL 1.0 by content, -")
            try await body(index, checkpoint)
        }
    }

    /// The LoRA's base model with its source, and where it was trained.
    private func told(_ index: IndexerFixture) throws -> String {
        let file = try #require(try index.file("lora.safetensors"))
        let path = file.trainedOnPath?.relative(to: index.library).map { String(decoding: $0, as: UTF8.self) }
        return "\(file.identity.baseModel ?? "-") by \(file.identity.baseModelSource ?? "-"), \(path ?? "-")"
    }

    @Test func itIsWhatItsCheckpointTurnsOutToBe() async throws {
        try await withLoRA { index, checkpoint in
            // The sidecar is there before the checkpoint is hashed.
            try writeFile(index.path("c/base.civitai.info"), Self.pony, makingParent: true)
            try writeModel(index.path("c/base.safetensors"), checkpoint)
            try await index.sync()
            #expect(try told(index) == "Pony by metadata, c/base.safetensors")
            removeFile(index.path("c/base.civitai.info"))
            try await index.sync()
            #expect(try told(index) == "SDXL 1.0 by content, c/base.safetensors")
            try writeFile(index.path("c/base.civitai.info"), Self.pony)
            try await index.sync()
            #expect(try told(index) == "Pony by metadata, c/base.safetensors")
            try renameFile(index.path("c"), index.path("d"))
            try await index.sync()
            #expect(try told(index) == "Pony by metadata, d/base.safetensors")
            #expect(try index.readings() == 2)
        }
    }

    @Test func aCheckpointThatIsMissingIsStillKnown() async throws {
        try await withLoRA { index, checkpoint in
            try writeModel(index.path("base.safetensors"), checkpoint)
            try writeFile(index.path("base.civitai.info"), Self.pony)
            try await index.sync()
            removeFile(index.path("base.safetensors"))
            try await index.sync()
            #expect(try told(index) == "Pony by metadata, base.safetensors")
        }
    }

    @Test func aCheckpointThatIsForgottenSaysNothingAnyMoreUntilItIsBack() async throws {
        try await withLoRA(configured: { $0.keepMissing = 1_000_000 }) { index, checkpoint in
            for round in 0..<2 {
                // The sidecar may be there first, so that the checkpoint is judged before it is known which it is.
                try writeFile(index.path("base.civitai.info"), Self.pony)
                try await index.sync()
                try writeModel(index.path("base\(round).safetensors"), checkpoint)
                try renameFile(index.path("base.civitai.info"), index.path("base\(round).civitai.info"))
                try await index.sync()
                #expect(try told(index) == "Pony by metadata, base\(round).safetensors")
                removeFile(index.path("base\(round).safetensors"))
                try await index.wait { try $0.file("base\(round).safetensors") == nil }
                #expect(try told(index) == "SDXL 1.0 by content, -")
            }
        }
    }

    @Test func aCheckpointThatLeavesTheRootsSaysNothingAnyMore() async throws {
        try await withLoRA { index, checkpoint in
            try writeModel(index.path("out/base.safetensors"), checkpoint)
            try writeFile(index.path("out/base.civitai.info"), Self.pony)
            try await index.sync()
            #expect(try told(index) == "Pony by metadata, out/base.safetensors")
            try await index.reload { $0.ignoredNames = ["out"] }
            #expect(try told(index) == "SDXL 1.0 by content, -")
            try await index.reload { $0.ignoredNames = [] }
            #expect(try told(index) == "Pony by metadata, out/base.safetensors")
        }
    }
}
