import Testing

@testable import ModelFormats

/// Checkpoints and diffusion models: what each public layout is.
@Suite struct NetworkIdentificationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let label: String
        let layout: String
        let architecture: Architecture
        let baseModel: String?
        var baseModelType: String? = "Standard"
        var prefix = ""
        var testDescription: String { label }

        init(
            _ label: String, _ layout: String, _ architecture: Architecture, _ baseModel: String?,
            type: String? = "Standard", prefix: String = ""
        ) {
            self.label = label
            self.layout = layout
            self.architecture = architecture
            self.baseModel = baseModel
            baseModelType = type
            self.prefix = prefix
        }
    }

    static let unets: [Case] = [
        Case("SD 1", UNetLayouts.original(context: 768), .sd1, "SD 1.5"),
        Case("SD 1 inpainting", UNetLayouts.original(context: 768, channels: 9), .sd1, "SD 1.5", type: "Inpainting"),
        Case("SD 1 pix2pix", UNetLayouts.original(context: 768, channels: 8), .sd1, "SD 1.5", type: "Pix2Pix"),
        Case("SD 1 diffusers", UNetLayouts.diffusers(context: 768), .sd1, "SD 1.5"),
        Case(
            "SD 1 diffusers inpainting", UNetLayouts.diffusers(context: 768, channels: 9), .sd1, "SD 1.5",
            type: "Inpainting"),
        Case("SD 2", UNetLayouts.original(context: 1024, isLinear: true), .sd2, "SD 2.1"),
        Case("SD 2 depth", UNetLayouts.original(context: 1024, channels: 5, isLinear: true), .sd2, "SD 2.1"),
        Case("SD 2 diffusers", UNetLayouts.diffusers(context: 1024, isLinear: true), .sd2, "SD 2.1"),
        Case("SD 2 unclip h", UNetLayouts.original(context: 1024, embedding: 2048), .sd2, "SD 2.1 Unclip"),
        Case("SD 2 unclip l", UNetLayouts.original(context: 1024, embedding: 1536), .sd2, "SD 2.1 Unclip"),
        Case("SDXL", UNetLayouts.sdxl, .sdxl, "SDXL 1.0"),
        Case("SDXL diffusers", UNetLayouts.sdxlDiffusers, .sdxl, "SDXL 1.0"),
        Case(
            "SDXL inpainting", UNetLayouts.original(context: 2048, channels: 9, embedding: 2816, depth: 10), .sdxl,
            "SDXL 1.0", type: "Inpainting"),
        Case(
            "SDXL refiner", UNetLayouts.original(context: 1280, width: 384, embedding: 2560, depth: 4), .sdxl,
            "SDXL 1.0",
            type: "Refiner"),
        Case(
            "SDXL refiner diffusers", UNetLayouts.diffusers(context: 1280, width: 384, embedding: 2560, depth: 4),
            .sdxl,
            "SDXL 1.0", type: "Refiner"),
        Case("SSD-1B", UNetLayouts.original(context: 2048, embedding: 2816, depth: 4), .sdxl, "SDXL Distilled"),
        Case(
            "Vega diffusers", UNetLayouts.diffusers(context: 2048, embedding: 2816, depth: 2), .sdxl, "SDXL Distilled"),
        Case("Playground 2.5", UNetLayouts.sdxl + "\nedm_mean 4\nedm_std 4", .sdxl, "Playground v2"),
        Case("Kolors", UNetLayouts.original(context: 2048, embedding: 5632, depth: 10), .kolors, "Kolors"),
        Case(
            "Kolors diffusers",
            UNetLayouts.diffusers(context: 2048, embedding: 5632, depth: 10) + "\nencoder_hid_proj.weight 2048x4096",
            .kolors,
            "Kolors"),
        Case("SVD", UNetLayouts.videoDiffusion, .svd, nil),
        Case(
            "SVD diffusers",
            UNetLayouts.diffusers(context: 1024, channels: 8, embedding: 768)
                + "\ndown_blocks.0.attentions.0.temporal_transformer_blocks.0.attn1.to_q.weight 320x320", .svd, nil),
        Case(
            "SV3D",
            UNetLayouts.videoDiffusion.replacing(
                "label_emb.0.0.weight 1280x768", with: "label_emb.0.0.weight 1280x256"),
            .unlisted, nil, type: nil),
        Case("Stable Cascade C", UNetLayouts.cascadeC, .stableCascade, "Stable Cascade"),
        Case("Stable Cascade B", UNetLayouts.cascadeB, .stableCascade, "Stable Cascade"),
        Case("SD x4 upscaler", UNetLayouts.original(context: 1024, channels: 7, width: 256), .unlisted, nil, type: nil),
        Case(
            "Zero123", UNetLayouts.original(context: 768, channels: 8) + "\ncc_projection.weight 768x772", .unlisted,
            nil,
            type: nil),
    ]

    static let pictures: [Case] = [
        Case("Flux.1 dev", PictureLayouts.flux1Dev, .flux1, "Flux.1 D"),
        Case("Flux.1 schnell", flux1(without: "guidance_in"), .flux1, "Flux.1 S"),
        Case("Flux.1 Fill", flux1(channels: 384), .flux1, "Flux.1 D", type: "Inpainting"),
        Case("Flux.1 Depth", flux1(channels: 128), .flux1, "Flux.1 D"),
        Case("Flux.1 dev diffusers", PictureLayouts.flux1DevDiffusers, .flux1, "Flux.1 D"),
        Case(
            "Flux.1 schnell diffusers", lines(PictureLayouts.flux1DevDiffusers, without: "guidance_embedder"), .flux1,
            "Flux.1 S"),
        Case("Flux.2 dev diffusers", PictureLayouts.flux2DevDiffusers, .flux2, "Flux.2 D"),
        Case("Flux.2 Klein 9B", PictureLayouts.flux2Klein9B, .flux2, "Flux.2 Klein 9B"),
        Case("Flux.2 Klein 4B diffusers", PictureLayouts.flux2Klein4BDiffusers, .flux2, "Flux.2 Klein 4B"),
        Case("Chroma", PictureLayouts.chroma, .chroma, "Chroma"),
        Case("SD 3 medium", PictureLayouts.sd3Medium, .sd3, "SD 3"),
        Case("SD 3.5 large", PictureLayouts.sd35Large, .sd3, "SD 3.5 Large"),
        Case("SD 3.5 medium", PictureLayouts.sd35Medium, .sd3, "SD 3.5 Medium"),
        Case("SD 3.5 large diffusers", PictureLayouts.sd35LargeDiffusers, .sd3, "SD 3.5 Large"),
        Case("SD 3.5 medium diffusers", PictureLayouts.sd35MediumDiffusers, .sd3, "SD 3.5 Medium"),
        Case(
            "SD 3 medium diffusers",
            lines(lines(PictureLayouts.sd35MediumDiffusers, without: "attn2"), without: "norm_q"), .sd3, "SD 3"),
        Case("AuraFlow", PictureLayouts.auraFlow, .auraFlow, "AuraFlow", prefix: "model."),
        Case("AuraFlow diffusers", PictureLayouts.auraFlowDiffusers, .auraFlow, "AuraFlow"),
        Case("PixArt alpha", PictureLayouts.pixArtAlpha, .pixArtAlpha, "PixArt a"),
        Case("PixArt sigma", PictureLayouts.pixArtSigma, .pixArtSigma, "PixArt E"),
        Case(
            "PixArt alpha of 512", lines(PictureLayouts.pixArtAlpha, without: "ar_embedder"), .pixArtAlpha, "PixArt a"),
        Case("PixArt alpha diffusers", PictureLayouts.pixArtAlphaDiffusers, .pixArtAlpha, "PixArt a"),
        Case("PixArt sigma diffusers", PictureLayouts.pixArtSigmaDiffusers, .pixArtSigma, "PixArt E"),
        Case("Hunyuan DiT", PictureLayouts.hunyuanDiT, .hunyuanDiT, "Hunyuan 1", prefix: "model."),
        Case("HiDream", PictureLayouts.hiDream, .hiDream, "HiDream"),
        Case("Lumina 2", PictureLayouts.lumina2, .lumina2, "Lumina", prefix: "model."),
        Case("Lumina 2 diffusers", PictureLayouts.lumina2Diffusers, .lumina2, "Lumina"),
        Case("Qwen Image", PictureLayouts.qwenImage, .qwenImage, "Qwen"),
        Case("Z-Image", PictureLayouts.zImage, .zImage, "ZImageTurbo"),
        Case("Z-Image diffusers", PictureLayouts.zImageDiffusers, .zImage, "ZImageTurbo"),
        Case("Anima", PictureLayouts.anima, .anima, "Anima", prefix: "net."),
        Case("Cosmos Predict2", PictureLayouts.cosmosPredict2, .unlisted, nil, type: nil, prefix: "net."),
        Case("Krea 2", PictureLayouts.krea2, .unlisted, nil, type: nil),
        Case("Flux.3", PictureLayouts.flux3, .unlisted, nil, type: nil),
    ]

    static let videos: [Case] = [
        Case("Hunyuan Video", VideoLayouts.hunyuanVideo, .hunyuanVideo, "Hunyuan Video"),
        Case("Hunyuan Video diffusers", VideoLayouts.hunyuanVideoDiffusers, .hunyuanVideo, "Hunyuan Video"),
        Case("Hunyuan Video 1.5 diffusers", VideoLayouts.hunyuanVideo15, .hunyuanVideo, "Hunyuan Video"),
        Case("LTX Video", VideoLayouts.ltxVideo, .ltxv, "LTXV"),
        Case("LTX Video 13B diffusers", VideoLayouts.ltxVideo13BDiffusers, .ltxv, "LTXV"),
        Case("LTX 2", VideoLayouts.ltx2Diffusers, .ltx2, "LTXV2"),
        Case(
            "LTX 2.3", VideoLayouts.ltx2Diffusers + "\nprompt_adaln.emb.timestep_embedder.linear_1.weight 4096x256",
            .ltx2,
            "LTXV 2.3"),
        Case("Mochi", VideoLayouts.mochi, .mochi, "Mochi"),
        Case("Mochi diffusers", VideoLayouts.mochiDiffusers, .mochi, "Mochi"),
        Case("CogVideoX 5B", VideoLayouts.cogVideoX5B, .cogVideoX, "CogVideoX"),
        Case("Wan 2.1 1.3B", VideoLayouts.wan13B, .wan, "Wan Video 1.3B t2v"),
        Case("Wan 14B", VideoLayouts.wan14B, .wan, "Wan Video"),
        Case("Wan 14B diffusers", VideoLayouts.wan14BDiffusers, .wan, "Wan Video"),
        Case("Wan 2.1 14B image to video", VideoLayouts.wan14BImageToVideo, .wan, "Wan Video"),
        Case("Wan 2.2 A14B image to video", VideoLayouts.wan22ImageToVideo, .wan, "Wan Video 2.2 I2V-A14B"),
        Case("Wan 2.2 TI2V 5B", VideoLayouts.wan22TI2V5B, .wan, "Wan Video 2.2 TI2V-5B"),
        Case("Wan VACE", VideoLayouts.wanVACE, .wan, "Wan Video"),
    ]

    static let all = unets + pictures + videos

    static func lines(_ layout: String, without part: String) -> String {
        layout.split(separator: "\n").filter { !$0.contains(part) }.joined(separator: "\n")
    }

    static func flux1(channels: Int = 64, without part: String = "nothing") -> String {
        lines(PictureLayouts.flux1Dev, without: part).replacing(
            "img_in.weight 3072x64", with: "img_in.weight 3072x\(channels)")
    }

    @Test(arguments: all)
    func aNetworkAloneIsADiffusionModelOfItsFamily(_ network: Case) {
        let found = Layout(network.layout, prefix: network.prefix).identified()
        #expect(found.type == .diffusionModel)
        #expect(found.architecture == network.architecture)
        #expect(found.baseModel == network.baseModel)
        #expect(found.baseModelType == network.baseModelType)
        #expect(found.components == ["unet"])
        #expect(found.prediction == network.architecture.usualPrediction || network.label == "Playground 2.5")
    }

    @Test(arguments: all)
    func withAVAEItIsACheckpointWhateverItIsWrappedIn(_ network: Case) {
        let vae = Layout(UNetLayouts.vae, prefix: "first_stage_model.")
        let found = (Layout(network.layout, prefix: "model.diffusion_model.") + vae).identified()
        #expect(found.type == .checkpoint)
        #expect(found.architecture == network.architecture)
        #expect(found.baseModel == network.baseModel)
        #expect(found.components == ["unet", "vae"])
    }

    @Test(arguments: all)
    func theAnswerIsAmongTheCandidates(_ network: Case) {
        let found = Layout(network.layout, prefix: network.prefix).identified()
        #expect(found.baseModel.map { found.baseModelCandidates.contains($0) } ?? true)
        #expect(
            found.baseModelCandidates.allSatisfy { found.architecture?.words.contains($0) == true || $0 == "PixArt a" })
    }

    @Test func aCheckpointTellsItsParts() {
        let network = Layout(UNetLayouts.original(context: 768), prefix: "model.diffusion_model.")
        let text = Layout(UNetLayouts.textEncoder, prefix: "cond_stage_model.")
        let vae = Layout(UNetLayouts.vae, prefix: "first_stage_model.")
        #expect((network + text + vae).identified().components == ["unet", "vae", "text_encoder"])
        #expect((network + text).identified().components == ["unet", "text_encoder"])
        #expect((network + text).identified().type == .checkpoint)
        let flux = Layout(PictureLayouts.flux1Dev, prefix: "model.diffusion_model.")
        let encoders = Layout(
            "text_encoders.t5xxl.transformer.encoder.block.0.layer.0.SelfAttention.q.weight 4096x4096")
        #expect((flux + encoders).identified().components == ["unet", "text_encoder"])
        #expect((flux + Layout("vae.decoder.conv_in.weight 512x16x3x3")).identified().type == .checkpoint)
    }

    @Test func theCopyThatTrainingLeavesIsNoPart() {
        let network = Layout(UNetLayouts.original(context: 768), prefix: "model.diffusion_model.")
        let copy = Layout(
            "model_ema.diffusion_modelinput_blocks00weight 320x4x3x3\nmodel_ema.decay\nmodel_ema.num_updates")
        let found = (network + copy).identified()
        #expect(found.type == .diffusionModel)
        #expect(found.baseModel == "SD 1.5")
    }

    @Test func anUnknownNetworkInACheckpointIsStillOne() {
        let unknown = Layout("model.diffusion_model.strange.{0,1}.weight 8x8")
        #expect(unknown.identified().type == .diffusionModel)
        #expect(unknown.identified().architecture == nil)
        #expect((unknown + Layout(UNetLayouts.vae, prefix: "first_stage_model.")).identified().type == .checkpoint)
    }

    @Test(arguments: ["v_pred", "ztsnr", "edm_vpred.sigma_max"])
    func aMarkerTellsThePrediction(_ marker: String) {
        let network = Layout(UNetLayouts.sdxl, prefix: "model.diffusion_model.")
        #expect(network.identified().prediction == "epsilon")
        #expect((network + Layout(marker)).identified().prediction == "v")
    }

    @Test func metadataTellThePredictionWhereNoTensorDoes() {
        let network = Layout(UNetLayouts.original(context: 1024), prefix: "model.diffusion_model.")
        #expect(network.identified().prediction == nil)
        #expect(network.identified([("modelspec.prediction_type", "v")]).prediction == "v")
        #expect(network.identified([("modelspec.prediction_type", "epsilon")]).prediction == "epsilon")
        #expect(network.identified([("modelspec.prediction_type", "guess")]).prediction == nil)
    }
}
