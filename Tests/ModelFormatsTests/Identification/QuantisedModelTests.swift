import Testing

@testable import ModelFormats

/// The same networks with their weights in fewer bits.
@Suite struct QuantisedModelTests {
    enum Format: CaseIterable {
        case gguf, scaledFloat8, int8, bitsAndBytes, nunchaku

        /// The same tensors in this format; only the matrices of blocks change.
        func apply(_ layout: Layout) -> Layout {
            let changed = layout.map { tensor in
                guard tensor.name.hasSuffix(".weight"), tensor.shape.count == 2 else { return [tensor] }
                return weight(String(tensor.name.dropLast(".weight".count)), tensor.shape)
            }
            return self == .scaledFloat8 ? changed + Layout("scaled_fp8", dataType: "F8_E4M3") : changed
        }

        private func weight(_ module: String, _ shape: [UInt64]) -> [Tensor] {
            func tensor(_ end: String, _ type: String, _ shape: [UInt64]) -> Tensor {
                Tensor(name: module + end, dataType: type, shape: shape)
            }
            let (output, input) = (shape[0], shape[1])
            return switch self {
            case .gguf: [tensor(".weight", "Q4_K", shape)]
            case .scaledFloat8: [tensor(".weight", "F8_E4M3", shape), tensor(".scale_weight", "F32", [])]
            case .int8: [tensor(".weight", "I8", shape), tensor(".weight_scale", "F32", [output, 1])]
            case .bitsAndBytes:
                [
                    tensor(".weight", "U8", [output * input / 2, 1]), tensor(".weight.absmax", "U8", [output]),
                    tensor(".weight.quant_map", "F32", [16]),
                    tensor(".weight.quant_state.bitsandbytes__nf4", "U8", [120]),
                ]
            case .nunchaku:
                [
                    tensor(".qweight", "I8", [output, input / 2]), tensor(".wscales", "BF16", [input / 64, output]),
                    tensor(".smooth", "BF16", [input]), tensor(".lora_down", "BF16", [input, 32]),
                    tensor(".lora_up", "BF16", [output, 32]), tensor(".proj_down", "BF16", [input, 32]),
                ]
            }
        }

        /// Whether the shapes are still those of the weights.
        var keepsShapes: Bool { self != .bitsAndBytes && self != .nunchaku }
    }

    @Test(arguments: NetworkIdentificationTests.all, Format.allCases)
    func itIsStillTheSame(_ network: NetworkIdentificationTests.Case, _ format: Format) {
        let whole = Layout(network.layout, prefix: network.prefix)
        let found = format.apply(whole).identified()
        #expect(found.type == .diffusionModel)
        if format.keepsShapes {
            #expect(found == whole.identified())
        } else if let architecture = found.architecture, architecture != network.architecture {
            // A small relative that only shapes told may be taken for the family's own, never for another's.
            #expect(["SD x4 upscaler", "Zero123", "Kolors", "PixArt alpha diffusers"].contains(network.label))
        }
    }

    @Test(arguments: [
        ("Flux.1 D", PictureLayouts.flux1Dev), ("Flux.1 D", PictureLayouts.flux1DevDiffusers),
        ("Chroma", PictureLayouts.chroma),
        ("Qwen", PictureLayouts.qwenImage), ("HiDream", PictureLayouts.hiDream), ("SDXL 1.0", UNetLayouts.sdxl),
        ("SDXL 1.0", UNetLayouts.sdxlDiffusers), ("SD 3.5 Large", PictureLayouts.sd35Large),
        ("Wan Video 1.3B t2v", VideoLayouts.wan13B), ("Hunyuan Video", VideoLayouts.hunyuanVideo),
        ("Flux.2 Klein 9B", PictureLayouts.flux2Klein9B),
    ])
    func namesTellTheBaseModelWhereShapesArePacked(_ baseModel: String, _ layout: String) {
        for format in [Format.bitsAndBytes, .nunchaku] {
            #expect(format.apply(Layout(layout)).identified().baseModel == baseModel)
        }
    }

    @Test func theMergedBlocksOfNunchakuAreKnown() {
        let found = Layout(
            """
            context_embedder.weight 3072x4096
            x_embedder.weight 3072x64
            time_text_embed.text_embedder.linear_1.weight 3072x768
            time_text_embed.guidance_embedder.linear_1.weight 3072x256
            transformer_blocks.{0,18}.qkv_proj.qweight 9216x1536
            transformer_blocks.{0,18}.qkv_proj.lora_down 3072x32
            single_transformer_blocks.{0,37}.mlp_fc1.qweight 12288x1536
            """
        ).identified()
        #expect(found.type == .diffusionModel)
        #expect(found.baseModel == "Flux.1 D")
    }
}
