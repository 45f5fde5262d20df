import Testing

@testable import ModelFormats

/// LoRAs and their like: what each was made for.
@Suite struct AdapterIdentificationTests {
    typealias Network = (label: String, layout: String, baseModel: String?, isTold: Bool)

    /// A network, what an adapter of all its blocks is made for, and whether that needs no shapes of inputs.
    static let networks: [Network] = [
        ("SD 1", UNetLayouts.original(context: 768), "SD 1.5", false),
        ("SD 1 diffusers", UNetLayouts.diffusers(context: 768), "SD 1.5", false),
        ("SD 2", UNetLayouts.original(context: 1024, isLinear: true), "SD 2.1", false),
        ("SD 2 diffusers", UNetLayouts.diffusers(context: 1024, isLinear: true), "SD 2.1", false),
        ("SDXL", UNetLayouts.sdxl, "SDXL 1.0", true), ("SDXL diffusers", UNetLayouts.sdxlDiffusers, "SDXL 1.0", true),
        ("Stable Cascade", UNetLayouts.cascadeC, "Stable Cascade", true),
        ("Flux.1", PictureLayouts.flux1Dev, "Flux.1 D", true),
        ("Flux.1 diffusers", PictureLayouts.flux1DevDiffusers, "Flux.1 D", true),
        ("Flux.2 dev diffusers", PictureLayouts.flux2DevDiffusers, "Flux.2 D", false),
        ("Flux.2 Klein 9B", PictureLayouts.flux2Klein9B, "Flux.2 Klein 9B", false),
        ("Flux.2 Klein 4B diffusers", PictureLayouts.flux2Klein4BDiffusers, "Flux.2 Klein 4B", false),
        ("Chroma", PictureLayouts.chroma, "Chroma", true),
        ("SD 3 medium", PictureLayouts.sd3Medium, nil, true),
        ("SD 3.5 large", PictureLayouts.sd35Large, "SD 3.5 Large", true),
        ("SD 3.5 medium", PictureLayouts.sd35Medium, "SD 3.5 Medium", true),
        ("SD 3.5 large diffusers", PictureLayouts.sd35LargeDiffusers, "SD 3.5 Large", false),
        ("SD 3.5 medium diffusers", PictureLayouts.sd35MediumDiffusers, "SD 3.5 Medium", false),
        ("AuraFlow", PictureLayouts.auraFlow, "AuraFlow", true),
        ("AuraFlow diffusers", PictureLayouts.auraFlowDiffusers, "AuraFlow", true),
        ("PixArt diffusers", PictureLayouts.pixArtSigmaDiffusers, nil, false),
        ("PixArt", PictureLayouts.pixArtSigma, nil, true),
        ("Hunyuan DiT", PictureLayouts.hunyuanDiT, "Hunyuan 1", true),
        ("HiDream", PictureLayouts.hiDream, "HiDream", true),
        ("Lumina 2", PictureLayouts.lumina2, "Lumina", false),
        ("Lumina 2 diffusers", PictureLayouts.lumina2Diffusers, "Lumina", true),
        ("Qwen Image", PictureLayouts.qwenImage, "Qwen", true),
        ("Z-Image", PictureLayouts.zImage, "ZImageTurbo", false),
        ("Z-Image diffusers", PictureLayouts.zImageDiffusers, "ZImageTurbo", true),
        ("Anima", PictureLayouts.anima, "Anima", true),
        ("Hunyuan Video", VideoLayouts.hunyuanVideo, "Hunyuan Video", true),
        ("Hunyuan Video diffusers", VideoLayouts.hunyuanVideoDiffusers, "Hunyuan Video", true),
        ("LTX Video", VideoLayouts.ltxVideo, "LTXV", false),
        ("LTX Video 13B", VideoLayouts.ltxVideo13BDiffusers, nil, false),
        ("LTX 2", VideoLayouts.ltx2Diffusers, "LTXV2", true), ("Mochi", VideoLayouts.mochi, "Mochi", true),
        ("Mochi diffusers", VideoLayouts.mochiDiffusers, "Mochi", false),
        ("CogVideoX", VideoLayouts.cogVideoX5B, "CogVideoX", false),
        ("Wan 1.3B", VideoLayouts.wan13B, "Wan Video 1.3B t2v", false),
        ("Wan 14B", VideoLayouts.wan14B, "Wan Video", true),
        ("Wan 14B diffusers", VideoLayouts.wan14BDiffusers, "Wan Video", true),
        ("Wan 14B image to video", VideoLayouts.wan14BImageToVideo, "Wan Video", true),
        ("Wan 5B", VideoLayouts.wan22TI2V5B, "Wan Video 2.2 TI2V-5B", false),
        ("Krea 2", PictureLayouts.krea2, nil, true),
        ("Flux.3", PictureLayouts.flux3, nil, true),
    ]

    @Test(arguments: networks.indices)
    func anAdapterIsALoRAOfItsNetworkInEveryFormat(_ index: Int) {
        let network = Self.networks[index]
        let modules = Layout(network.layout).modules
        for format in AdapterFormat.allCases where network.isTold || format.tellsInput {
            let found = format.adapter(of: modules).identified()
            #expect(found.type == .lora, "\(network.label) as \(format)")
            #expect(found.baseModel == network.baseModel, "\(network.label) as \(format)")
            #expect(found.baseModelType == nil && found.components.isEmpty && found.prediction == nil)
        }
    }

    @Test(arguments: networks.indices)
    func anOrthogonalAdapterIsALoRAThoughItsInputsAreNotTold(_ index: Int) {
        let found = AdapterFormat.orthogonal.adapter(of: Layout(Self.networks[index].layout).modules).identified()
        #expect(found.type == .lora)
    }

    @Test func whatFitsFlux1DevAndSchnellAlikeIsDev() {
        let attention = Layout("double_blocks.{0,18}.img_attn.qkv.weight 9216x3072").modules
        let found = AdapterFormat.kohya.adapter(of: attention).identified()
        #expect(found.baseModel == "Flux.1 D")
        #expect(found.baseModelCandidates.contains("Flux.1 S"))
        // Chroma's and Klein's attention have the same names and shapes.
        #expect(found.baseModelCandidates.contains("Chroma"))
        #expect(found.baseModelCandidates.contains("Flux.2 Klein 4B"))
        #expect(!found.baseModelCandidates.contains("SDXL 1.0"))
    }

    @Test func selfAttentionOfSDXLIsToldByItsDepth() {
        let slider = Layout("unet.down_blocks.2.attentions.0.transformer_blocks.{0,9}.attn1.to_q.weight 1280x1280")
            .modules
        #expect(
            AdapterFormat.kohya.adapter(of: slider.map { (String($0.name.dropFirst(5)), $0.shape) }).identified()
                .architecture == .sdxl)
    }

    @Test func selfAttentionOfTheSmallOnesLeavesBothOpenUnlessTheTextEncoderTells() {
        let modules = Layout("down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight 320x320").modules
        let network = AdapterFormat.kohya.adapter(of: modules)
        #expect(network.identified().baseModel == nil)
        #expect(network.identified().baseModelCandidates.contains("SD 1.5"))
        #expect(network.identified().baseModelCandidates.contains("SD 2.1"))
        let text = Layout("lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 8x768")
        #expect((network + text).identified().baseModel == "SD 1.5")
        let larger = Layout("lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 8x1024")
        #expect((network + larger).identified().baseModel == "SD 2.1")
    }

    @Test func textEncodersThatSeveralUseLeaveTheBaseModelOpen() {
        let one = Layout("lora_te1_text_model_encoder_layers_{0,11}_self_attn_q_proj.lora_down.weight 8x768")
        let two = Layout("lora_te2_text_model_encoder_layers_{0,31}_self_attn_q_proj.lora_down.weight 8x1280")
        for layout in [one, one + two, Layout("text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_A.weight 8x768")] {
            #expect(layout.identified().type == .lora)
            #expect(layout.identified().baseModel == nil)
        }
    }

    @Test func aTextEncoderDoesNotOverruleTheNetwork() {
        let flux = AdapterFormat.kohya.adapter(of: Layout(PictureLayouts.flux1Dev).modules)
        let text = Layout("lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 8x768")
        #expect((flux + text).identified().baseModel == "Flux.1 D")
        let anima = AdapterFormat.kohya.adapter(of: Layout(PictureLayouts.anima).modules)
        let qwen = Layout("lora_te_layers_0_self_attn_q_proj.lora_down.weight 8x1024")
        #expect((anima + qwen).identified().baseModel == "Anima")
    }

    @Test func aLoRAWithAWiderInputStaysOne() {
        let control = Layout("img_in.lora_A.weight 128x128\nimg_in.lora_B.weight 3072x128\nimg_in.lora_B.bias 3072")
        let norms = Layout("single_blocks.{0,37}.norm.key_norm.scale 128")
        let blocks = AdapterFormat.bare.adapter(of: Layout(PictureLayouts.flux1Dev).modules)
        let found = (control + norms + blocks).identified()
        #expect(found.type == .lora)
        #expect(found.baseModel == "Flux.1 D")
        // Some for Wan bring a whole new first layer.
        let wan = AdapterFormat.comfy.adapter(of: Layout(VideoLayouts.wan14B).modules)
        #expect((wan + Layout("diffusion_model.patch_embedding.weight 5120x36x1x2x2")).identified().type == .lora)
    }

    @Test func theAdaptersOfXLabsAndOfDreamBoothsScriptsAreKnown() {
        let xlabs = Layout(
            """
            double_blocks.{0,18}.processor.proj_lora1.down.weight 16x3072
            double_blocks.{0,18}.processor.qkv_lora1.up.weight 9216x16
            """)
        #expect(xlabs.identified().type == .lora)
        #expect(xlabs.identified().baseModel == "Flux.1 D")
        let old = Layout("mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight 4x768")
        #expect(old.identified().baseModel == "SD 1.5")
    }

    @Test func aCheckpointThatALoRALeftTracesInIsOne() {
        let network = Layout(UNetLayouts.original(context: 768), prefix: "model.diffusion_model.")
        let traces = Layout("lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight 8x768")
        #expect((network + traces).identified().type == .diffusionModel)
        #expect((network + traces).identified().baseModel == "SD 1.5")
    }

    @Test func predictionOfALoRAIsWhatItsMetadataSay() {
        let lora = AdapterFormat.kohya.adapter(of: Layout(UNetLayouts.sdxl).modules)
        #expect(lora.identified([("modelspec.prediction_type", "v")]).prediction == "v")
    }

    @Test func motionLoRAsAreLoRAs() {
        let name = "down_blocks.0.motion_modules.0.temporal_transformer.transformer_blocks.0.attention_blocks.0"
        let found = Layout("\(name).processor.to_q_lora.down.weight 4x320").identified()
        #expect(found.type == .lora)
        #expect(found.baseModel == "SD 1.5")
    }
}
