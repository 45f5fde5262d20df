/// A valid safetensors file with these tensors of 16-bit numbers, all of one value.
///
/// - Parameter fill: the value of all bytes, so that files with the same header can differ.
package func safetensorsFile(
    _ tensors: KeyValuePairs<String, [Int]>, metadata: [String: String] = [:], fill: UInt8 = 0
) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
        let entries = metadata.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
        members.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var offset = 0
    for (name, shape) in tensors {
        let end = offset + shape.reduce(2, *)
        let sizes = shape.map(String.init).joined(separator: ",")
        members.append("\"\(name)\":{\"dtype\":\"F16\",\"shape\":[\(sizes)],\"data_offsets\":[\(offset),\(end)]}")
        offset = end
    }
    let header = Array("{\(members.joined(separator: ","))}".utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + [UInt8](repeating: fill, count: offset)
}

/// The least that makes a model what it is.
package enum ModelBytes {
    /// The UNet of SDXL with a VAE beside it.
    package static func sdxlCheckpoint(metadata: [String: String] = [:], fill: UInt8 = 0) -> [UInt8] {
        safetensorsFile(
            [
                "model.diffusion_model.input_blocks.4.1.transformer_blocks.9.attn2.to_k.weight": [1, 2048],
                "first_stage_model.decoder.conv_in.weight": [1, 4, 3, 3],
            ], metadata: metadata, fill: fill)
    }

    /// A LoRA that fits SDXL and what was made of it.
    package static func sdxlLoRA(metadata: [String: String] = [:], fill: UInt8 = 0, rank: Int = 4) -> [UInt8] {
        safetensorsFile(
            [
                "lora_unet_input_blocks_4_1_transformer_blocks_9_attn2_to_k.lora_down.weight": [rank, 2048],
                "lora_unet_input_blocks_4_1_transformer_blocks_9_attn2_to_k.lora_up.weight": [64, rank],
            ], metadata: metadata, fill: fill)
    }

    /// The first half of a UNet of SDXL in the layout of diffusers, which alone is nothing that is known.
    package static func firstHalf(fill: UInt8 = 0) -> [UInt8] {
        safetensorsFile(
            ["down_blocks.1.attentions.0.transformer_blocks.9.attn2.to_k.weight": [1, 2048]], fill: fill)
    }

    /// The other half.
    package static func secondHalf(fill: UInt8 = 0) -> [UInt8] {
        safetensorsFile(
            ["up_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight": [1, 1280]], fill: fill)
    }

    /// A tensor that tells nothing.
    package static func unknown(metadata: [String: String] = [:], fill: UInt8 = 0) -> [UInt8] {
        safetensorsFile(["something": [8]], metadata: metadata, fill: fill)
    }

    /// A whole file of PyTorch before 1.6 whose object is made by `os.system`.
    package static func dangerousPyTorch(_ payload: String = "") -> [UInt8] {
        let call = Array("cos\nsystem\n".utf8) + [0x58, 4, 0, 0, 0] + Array("true".utf8) + [0x85, 0x52, 0x2E]
        let plain = pyTorchFile(payload)
        // The fourth of five pickles is the object; magic, version and system come before it.
        let before = plain.prefix(15 + 6 + 4)
        return Array(before) + [0x80, 2] + call + plain.suffix(4)
    }

    /// A pickle that ends in the middle, after it has imported `os.system`.
    package static let brokenDangerousPickle: [UInt8] = [0x80, 2] + Array("cos\nsystem\n".utf8) + [0x58, 99, 0, 0, 0]
}

/// The beginning of a PNG image, with something behind it.
package func pngFile(_ text: String = "") -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(text.utf8)
}
