import TestSupport
import Testing

@testable import ModelFormats

/// Names and shapes that nobody would write.
@Suite struct HostileTensorTests {
    @Test(arguments: [UInt64](1...20))
    func noNamesAndShapesAreTooStrange(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "model", "diffusion_model", "lora_unet_", "double_blocks", "0", "18446744073709551616", "..", "__", ".",
            "_", "weight",
            "lora_A", "lokr_w1", "lokr_w2", "hada_w1_a", "down_blocks", "attn2", "to_k", "é", "\u{0}",
            "string_to_param", "*",
            "conv_in", "clip_g", "emb_params", "999999999999", "te1", "alpha", "processor",
        ]
        let sizes: [UInt64] = [0, 1, 768, 2048, .max, 1 << 63]
        var table = TensorTable()
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? ""
            }
            let separator = [".", "_", ""].randomElement(using: &generator) ?? ""
            let shape = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                sizes.randomElement(using: &generator) ?? 0
            }
            table.add(Tensor(name: words.joined(separator: separator), dataType: "F16", shape: shape))
        }
        let found = Identification.identify(table, metadata: [("modelspec.prediction_type", "\u{0}")])
        #expect(found.baseModel.map { found.baseModelCandidates.contains($0) } ?? true, "seed \(seed)")
    }

    @Test func factorsWhoseProductIsBeyondAnyNumberTellNothing() {
        let huge = Layout(
            """
            lora_unet_blocks_0_self_attn_q.lokr_w1 18446744073709551615x18446744073709551615
            lora_unet_blocks_0_self_attn_q.lokr_w2 18446744073709551615x18446744073709551615
            """)
        #expect(huge.identified().type == .lora)
        #expect(huge.identified().baseModel == "Wan Video")
    }

    @Test func moreKindsOfNamesThanAModelHasAreNotKept() {
        var patterns = TensorPatterns()
        for index in 0..<10_000 {
            let tensor = Tensor(name: "x\(index)y.weight", dataType: "F16", shape: [1])
            patterns.add(TensorName(tensor.name), tensor)
        }
        #expect(patterns.count < 10_000)
        #expect(patterns.tensorCount == 10_000)
    }

    @Test func aNameThatIsTooLongIsPassedOver() {
        let long = Tensor(
            name: String(repeating: "a.", count: 10_000) + "lora_A.weight", dataType: "F16", shape: [1, 1])
        #expect(
            (Layout(UNetLayouts.sdxl) + Layout(tensors: [long])).identified() == Layout(UNetLayouts.sdxl).identified())
        #expect(Layout(tensors: [long]).identified() == Identification())
    }
}
