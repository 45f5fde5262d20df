import Testing

@testable import ModelFormats

@Suite struct TensorNameTests {
    @Test(arguments: [
        "model.diffusion_model.double_blocks.3.img_attn.qkv.weight", "double_blocks.3.img_attn.qkv.lora_A.weight",
        "lora_unet_double_blocks_3_img_attn_qkv.lora_down.weight",
        "lora_unet__double_blocks_3_img_attn_qkv.lora_up.weight",
        "base_model.model.transformer.double_blocks.3.img_attn.qkv.lora_B.default.weight",
        "lycoris_double_blocks_3_img_attn_qkv.lokr_w1", "double_blocks.3.img_attn.processor.qkv_lora.down.weight",
        "_orig_mod.double_blocks.3.img_attn.qkv.qweight", "transformer.double_blocks.3.img_attn.qkv",
    ])
    func whateverProgramWroteItAModuleHasOneName(_ name: String) {
        #expect(TensorName(name).pattern == "double_blocks_#_img_attn_qkv")
        #expect(TensorName(name).numbers == [3])
    }

    @Test(arguments: [
        ("a.weight", TensorRole.weight, false), ("a.bias", .bias, false), ("a.alpha", .ignored, false),
        ("a", .bare, false),
        ("a.lora_down.weight", .down, true), ("a.lora.up.weight", .up, true), ("a.diff", .difference, true),
        ("a.lokr_w2_a", .kronecker2Up, true), ("a.oft_blocks", .adapter, true), ("lora_unet_a.weight", .weight, true),
        ("a.qweight", .packed, false), (".weight", .bare, false), ("weight", .bare, false),
    ])
    func theEndOfANameTellsWhatTheTensorIs(_ name: String, _ role: TensorRole, _ isAdapter: Bool) {
        #expect(TensorName(name).role == role)
        #expect(TensorName(name).isAdapter == isAdapter)
    }

    @Test(arguments: [
        ("first_stage_model.decoder.conv_in.weight", TensorName.Component.vae), ("vae.decoder.conv_in.weight", .vae),
        ("cond_stage_model.transformer.x", .textEncoder), ("conditioner.embedders.0.x", .textEncoder),
        ("lora_te1_text_model_x.alpha", .textEncoder), ("text_encoder_2.x", .textEncoder),
        ("control_model.x", .control),
        ("model_ema.x", .ignored), ("vaex", .network), ("x", .network), ("", .network),
    ])
    func thePrefixTellsTheComponent(_ name: String, _ component: TensorName.Component) {
        #expect(TensorName(name).component == component)
    }

    @Test func numbersThatAreNoBlocksStayPartOfTheName() {
        #expect(TensorName("a.123456789012345678901234567890.b.weight").pattern == "a_123456789012345678901234567890_b")
        #expect(TensorName("norm1.conv_2.2-1.weight").pattern == "norm1_conv_#_2-1")
    }

    @Test func bytesBeyondASCIIAreNotTold() {
        #expect(TensorName("ü.weight").pattern == "??")
    }
}
