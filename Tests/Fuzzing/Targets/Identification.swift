@testable import ModelFormats

/// Tensors with names, types and shapes, put together from what the tables of fingerprints ask for.
///
/// An input is a sequence of tensors: a byte for the data type, one for the number of pieces of the name, these by
/// number, one for the number of dimensions, and these, too.
enum Target: FuzzTarget {
    private static let tables = [
        Fingerprint.controls, Fingerprint.ipAdapters, Fingerprint.unets, Fingerprint.pictureTransformers,
        Fingerprint.videoTransformers, Fingerprint.adapters, Fingerprint.textEncoderAdapters,
        Fingerprint.motionModules, Fingerprint.embeddings, Fingerprint.hypernetworks, Fingerprint.upscalers,
        Fingerprint.autoencoders, Fingerprint.textEncoders, Fingerprint.visionEncoders, Fingerprint.detectors,
    ]

    private static let conditions: [(names: [String], sizes: [UInt64])] = tables.joined().map { fingerprint in
        fingerprint.conditions.reduce(into: ([], [])) { collect($1, &$0.0, &$0.1) }
    }

    private static func collect(_ condition: Condition, _ names: inout [String], _ sizes: inout [UInt64]) {
        switch condition {
        case .has(let name), .lacks(let name), .rank(let name, _), .number(let name, _, _),
            .lacksNumber(let name, _, _):
            names.append(name.text)
        case .any(let inner), .all(let inner): for condition in inner { collect(condition, &names, &sizes) }
        case .input(let name, let some), .otherInput(let name, let some), .output(let name, let some),
            .dimension(let name, _, let some):
            names.append(name.text)
            sizes += some
        case .tensors: break
        }
    }

    /// Modules first, then what stands before and behind them.
    private static let pieces: [String] =
        Array(Set(conditions.flatMap(\.names))).sorted() + [
            "model.diffusion_model.", "diffusion_model.", "first_stage_model.", "cond_stage_model.", "text_encoders.",
            "text_encoder_2.", "conditioner.", "control_model.", "model_ema.", "lora_unet_", "lora_te1_", "lycoris_",
            "base_model.model.", "transformer.", "unet.", "vae.", "params_ema.", ".weight", ".bias", ".alpha",
            ".lora_down.weight", ".lora_up.weight", ".lora_A.default.weight", ".lora_B.weight", ".hada_w1_a",
            ".hada_w1_b", ".lokr_w1", ".lokr_w2", ".lokr_w2_a", ".lokr_w2_b", ".diff", ".dora_scale", ".qweight",
            ".processor.", "v_pred", "ztsnr", "edm_mean", "edm_std", "_", ".", "..", "é", "\u{0}", "\u{301}",
        ]
    private static let sizes: [UInt64] =
        Array(Set(conditions.flatMap(\.sizes))).sorted() + [0, 1, 2, 3, 4, 8, 9, 384, .max, 1 << 32]
    private static let types = ["F16", "F32", "BF16", "F8_E4M3", "U8", "I32", "Q4_K", "?"]
    private static let predictions = ["epsilon", "v", "v_prediction", "flow", ""]

    static var seeds: [[UInt8]] {
        // A file for each line of the tables: its modules, each with its first size.
        conditions.map { names, sizes in
            let size = sizes.first.flatMap { Self.sizes.firstIndex(of: $0) } ?? 0
            return names.flatMap { name in
                let piece = pieces.firstIndex(of: name) ?? 0
                let end = pieces.firstIndex(of: ".weight") ?? 0
                var tensor: [UInt8] = [0, 1] + number(piece)
                tensor += [1] + number(end)
                tensor += [1, 2] + number(size)
                return tensor + number(size)
            }
        }
    }

    private static func number(_ index: Int) -> [UInt8] { [UInt8(index & 0xFF), UInt8(index >> 8)] }

    static var words: [[UInt8]] { pieces.indices.map { number($0) } + sizes.indices.map { [2] + number($0) } }

    static func run(_ input: [UInt8]) {
        var bytes = input[...]
        func byte() -> Int { Int(bytes.popFirst() ?? 0) }
        func index() -> Int { byte() | byte() << 8 }
        var table = TensorTable()
        var metadata: [(key: String, value: String)] = []
        while !bytes.isEmpty {
            let kind = byte()
            if kind == 0xFF {
                metadata.append(("modelspec.prediction_type", predictions[byte() % predictions.count]))
                continue
            }
            var name = ""
            for _ in 0..<(1 + byte() % 8) {
                let piece = pieces[index() % pieces.count]
                // The numbers in a name, and sometimes dots in place of underscores.
                let number = byte()
                for scalar in piece.unicodeScalars {
                    switch scalar {
                    case "#": name += String(number % 64)
                    case "_" where number >= 128: name += "."
                    default: name.unicodeScalars.append(scalar)
                    }
                }
            }
            let shape = (0..<byte() % 6).map { _ in sizes[index() % sizes.count] }
            table.add(Tensor(name: name, dataType: types[kind % types.count], shape: shape))
        }
        check(Identification.identify(table, metadata: metadata), again: { .identify(table, metadata: metadata) })
    }

    private static func check(_ result: Identification, again: () -> Identification) {
        require(result == again(), "another answer for the same tensors")
        let isKnown = { BaseModelTable.civitaiWords.contains($0) }
        require(result.baseModelCandidates.allSatisfy(isKnown), "a candidate that CivitAI does not know")
        if let name = result.baseModel {
            require(result.baseModelCandidates.contains(name), "\(name) is no candidate")
            if let architecture = result.architecture {
                require(architecture.words.contains(name), "\(name) is none of \(architecture)")
            }
        }
        require(result.components.isEmpty || result.components.first == "unet", "components without a network")
        require(["epsilon", "v", "flow", nil].contains(result.prediction), "an unknown prediction")
        let isNetwork = result.type == .checkpoint || result.type == .diffusionModel
        require(isNetwork == !result.components.isEmpty, "components of what has none")
        let candidates = BaseModelTable.civitaiWords.prefix(60).map { (name: $0, source: 0) }
        if let choice = BaseModelChoice.choose(content: result, candidates: candidates) {
            require(choice.source != nil || choice.name == result.baseModel, "nobody's choice")
        }
    }
}
