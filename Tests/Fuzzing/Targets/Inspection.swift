// with: Tests/ModelFormatsTests/Safetensors/SafetensorsFixture.swift
// with: Tests/ModelFormatsTests/GGUF/GGUFFixture.swift
@testable import ModelFormats

/// Files of any format under a name of any format, and all that is concluded from them.
///
/// The last byte of an input tells what the name promises.
enum Target: FuzzTarget {
    static var seeds: [[UInt8]] {
        let adapter = #"""
            {"__metadata__":{"ss_base_model_version":"sdxl_base_v1-0","ss_tag_frequency":"{\"a\":{\"b\":2}}"},
             "lora_unet_input_blocks_4_1_proj_in.lora_down.weight":{"dtype":"F16","shape":[1,640],"data_offsets":[0,1280]}}
            """#
        let network = #"""
            {"model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight":
               {"dtype":"F16","shape":[1,768],"data_offsets":[0,1536]},
             "first_stage_model.decoder.conv_in.weight":{"dtype":"F16","shape":[0,4,3,3],"data_offsets":[1536,1536]}}
            """#
        let embedding =
            [0x80, 2] + Array("}(X".utf8) + [6, 0, 0, 0] + Array("emb_paX".utf8) + [4, 0, 0, 0] + Array("nameu.".utf8)
        let files = [
            safetensors(adapter, data: 1280), safetensors(network, data: 1536), GGUFFixture.imageModel.file, embedding,
            Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18),
        ]
        return files.flatMap { file in (0..<UInt8(ModelFileFormat.allCases.count)).map { file + [0, $0] } }
    }

    static var words: [[UInt8]] {
        Words.json
            + Words.of(
                "__metadata__", "\"dtype\":", "\"shape\":[", "\"data_offsets\":[", "GGUF", "general.architecture",
                "PK\u{3}\u{4}", "model.diffusion_model.", "lora_unet_", ".lora_down.weight", "ss_tag_frequency",
                "modelspec.thumbnail", "ctorch._utils\n_rebuild_tensor_v2\n")
    }

    static func run(_ input: [UInt8]) {
        let formats = ModelFileFormat.allCases
        let named = formats[Int(input.last ?? 0) % formats.count]
        let file = VirtualFile(input: input.dropLast(), maximumChunk: 1 << 20, maximumRead: 256 << 20)
        // The first look is the only one that may be shorter than what is asked for.
        let read = { (offset: UInt64, count: Int) in
            file.read(offset, min(count, Int(clamping: file.size - min(offset, file.size))))
        }
        guard let inspection = try? ModelInspection(named: named, fileSize: file.size, read: read) else {
            fatalError("it throws what is wrong with the file")
        }
        let header = inspection.header
        require(file.size > 0 || header.problem?.code == .empty, "an empty file without a problem")
        require(header.problem?.message.isEmpty != true, "a problem without words")
        if header.problem == nil, let count = header.tensorCount, header.format != .pytorch, header.format != .pickle {
            require(count == inspection.tensors.tensors.count + inspection.tensors.droppedCount, "tensors are missing")
        }
        let identification = Identification.identify(inspection.tensors, metadata: header.metadata)
        let embedded = EmbeddedMetadata(header.metadata)
        let candidates = embedded.baseModels.map { (name: $0.word, source: 0) }
        if let choice = BaseModelChoice.choose(content: identification, candidates: candidates) {
            require(BaseModelTable.civitaiWords.contains(choice.name), "\(choice.name) is not CivitAI's")
        }
    }
}
