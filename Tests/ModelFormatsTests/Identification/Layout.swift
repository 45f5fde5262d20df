import ModelFormats

/// Tensors in a short form: a line each, `name shape`, where `{0,18}` in a name stands for several tensors.
struct Layout {
    var tensors: [Tensor] = []

    init(_ text: String, prefix: String = "", dataType: String = "F16") {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let shape = words.count > 1 ? words[1].split(separator: "x").compactMap { UInt64($0) } : []
            for name in Self.expand(words[0]) {
                tensors.append(Tensor(name: prefix + name, dataType: dataType, shape: shape))
            }
        }
    }

    init(tensors: [Tensor]) { self.tensors = tensors }

    static func + (left: Layout, right: Layout) -> Layout { Layout(tensors: left.tensors + right.tensors) }

    var table: TensorTable {
        var table = TensorTable()
        for tensor in tensors { table.add(tensor) }
        return table
    }

    func identified(_ metadata: [(key: String, value: String)] = []) -> Identification {
        Identification.identify(table, metadata: metadata)
    }

    private static func expand(_ name: Substring) -> [String] {
        guard let open = name.firstIndex(of: "{"), let close = name.firstIndex(of: "}") else { return [String(name)] }
        let choices = name[name.index(after: open)..<close].split(separator: ",")
        return choices.flatMap { expand(name[..<open] + $0 + name[name.index(after: close)...]) }
    }

    func map(_ change: (Tensor) -> [Tensor]) -> Layout { Layout(tensors: tensors.flatMap(change)) }

    /// The modules with a matrix for a weight, in blocks: what adapters change.
    var modules: [(name: String, shape: [UInt64])] {
        tensors.compactMap { tensor in
            guard tensor.name.hasSuffix(".weight"), tensor.shape.count == 2 || tensor.shape.count == 4,
                tensor.name.split(separator: ".").contains(where: { UInt($0) != nil })
            else { return nil }
            return (String(tensor.name.dropLast(".weight".count)), tensor.shape)
        }
    }
}

/// How trainers write what they add to a network.
enum AdapterFormat: CaseIterable {
    case kohya, kohyaTransformer, peft, comfy, baseModel, downUp, attentionProcessor, bare
    case hadamard, kronecker, fullKronecker, orthogonal, full, magnitude

    /// The adapter of some modules in this format.
    func adapter(of modules: [(name: String, shape: [UInt64])]) -> Layout {
        Layout(tensors: modules.flatMap { module in tensors(name(module.name), module.shape) })
    }

    private func name(_ module: String) -> String {
        let flat = String(module.map { $0 == "." ? "_" : $0 })
        return switch self {
        case .kohya, .hadamard, .orthogonal: "lora_unet_" + flat
        case .kohyaTransformer: "lora_transformer_" + flat
        case .kronecker, .fullKronecker: "lycoris_" + flat
        case .peft, .magnitude: "transformer." + module
        case .comfy, .full: "diffusion_model." + module
        case .baseModel: "base_model.model." + module
        case .downUp: "unet." + module
        case .attentionProcessor:
            "unet." + module.split(separator: ".").dropLast().joined(separator: ".") + ".processor."
                + (module.split(separator: ".").last ?? "")
        case .bare: module
        }
    }

    private func tensors(_ name: String, _ shape: [UInt64]) -> [Tensor] {
        let (output, input, rest) = (shape[0], shape[1], Array(shape[2...]))
        func tensor(_ end: String, _ shape: UInt64...) -> Tensor {
            Tensor(name: name + end, dataType: "BF16", shape: shape)
        }
        func pair(_ down: String, _ up: String) -> [Tensor] {
            [
                Tensor(name: name + down, dataType: "BF16", shape: [16, input] + rest),
                Tensor(name: name + up, dataType: "BF16", shape: [output, 16] + rest.map { _ in 1 }),
            ]
        }
        return switch self {
        case .kohya, .kohyaTransformer: pair(".lora_down.weight", ".lora_up.weight") + [tensor(".alpha")]
        case .peft, .comfy, .bare: pair(".lora_A.weight", ".lora_B.weight")
        case .baseModel: pair(".lora_A.default.weight", ".lora_B.default.weight")
        case .downUp: pair(".lora.down.weight", ".lora.up.weight")
        case .attentionProcessor: pair("_lora.down.weight", "_lora.up.weight")
        case .magnitude: pair(".lora_A.weight", ".lora_B.weight") + [tensor(".lora_magnitude_vector", output)]
        case .hadamard:
            [
                tensor(".hada_w1_a", output, 8), tensor(".hada_w1_b", 8, input), tensor(".hada_w2_a", output, 8),
                tensor(".hada_w2_b", 8, input), tensor(".alpha"), tensor(".dora_scale", 1, input),
            ]
        case .kronecker:
            [
                tensor(".lokr_w1", 4, 4), tensor(".lokr_w2_a", output / 4, 8), tensor(".lokr_w2_b", 8, input / 4),
                tensor(".alpha"),
            ]
        case .fullKronecker: [tensor(".lokr_w1", 4, 4), tensor(".lokr_w2", output / 4, input / 4), tensor(".alpha")]
        case .orthogonal: [tensor(".oft_blocks", 4, output / 4, output / 4), tensor(".alpha")]
        case .full: [Tensor(name: name + ".diff", dataType: "BF16", shape: shape), tensor(".diff_b", output)]
        }
    }

    /// Whether the shapes tell what goes into a module.
    var tellsInput: Bool { self != .orthogonal }
}
