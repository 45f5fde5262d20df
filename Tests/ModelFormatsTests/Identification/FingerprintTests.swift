import Testing

@testable import ModelFormats

/// Less common layouts, and whether every line of the tables has one that it is for.
@Suite struct FingerprintTests {
    typealias Case = CompanionIdentificationTests.Case

    static let networks: [Case] = [
        Case(
            "SD 2 unclip diffusers", .diffusionModel, "SD 2.1 Unclip",
            UNetLayouts.diffusers(context: 1024) + "\nclass_embedding.linear_1.weight 1280x2048"),
        Case(
            "an SD 3.5 of another size", .diffusionModel, "SD 3.5",
            "joint_blocks.{0,29}.x_block.attn.qkv.weight 5760x1920\njoint_blocks.{0,29}.x_block.attn.ln_q.weight 64"),
        Case(
            "an SD 3.5 of another size, diffusers", .diffusionModel, "SD 3.5",
            "pos_embed.proj.weight 1920x16x2x2\ntime_text_embed.text_embedder.linear_1.weight 1920x2048\n"
                + "transformer_blocks.{0,29}.attn.add_q_proj.weight 1920x1920\ntransformer_blocks.0.attn.norm_q.weight 64"
        ),
        Case("Sana", .diffusionModel, nil, "blocks.{0,19}.mlp.inverted_conv.conv.weight 11200x2240x1x1"),
        Case(
            "Omnigen 2", .diffusionModel, nil,
            "context_refiner.0.attn.to_q.weight 2520x2520\nref_image_refiner.0.attn.to_q.weight 2520x2520"),
        Case(
            "Hunyuan Image", .diffusionModel, nil,
            "txt_in.individual_token_refiner.blocks.0.self_attn.qkv.weight 10752x3584\nbyt5_in.fc1.weight 2048x1472"),
        Case(
            "a Wan of another size", .diffusionModel, "Wan Video",
            "head.modulation 1x2x4096\ntext_embedding.0.weight 4096x4096\nblocks.0.self_attn.q.weight 4096x4096"),
        Case("ACE-Step", .diffusionModel, nil, "genre_embedder.weight 2560x512"),
        Case(
            "an unknown one of diffusers", .diffusionModel, nil,
            "transformer_blocks.0.attn.to_q.weight 8x8\nproj_out.weight 8x8\nnorm_out.linear.weight 8x8"),
    ]

    static let companions: [Case] = [
        Case(
            "ControlNet of Sana", .controlnet, nil,
            "controlnet_blocks.0.weight 8x8\npatch_embed.proj.weight 8x8x1x1\ncaption_projection.linear_1.weight 8x8"),
        Case("IP-Adapter SD 2", .ipAdapter, "SD 2.1", "ip_adapter.1.to_k_ip.weight 320x1024"),
        Case("InstantID", .ipAdapter, nil, "image_proj.latents 1x16x1280\nimage_proj.proj_in.weight 1280x512"),
        Case("Hotshot", .motionModule, "SDXL 1.0", "down_blocks.0.temporal_attentions.0.proj_in.weight 320x320"),
        Case(
            "the middle of a motion module", .motionModule, nil, "mid_block.motion_modules.0.proj_in.weight 1280x1280"),
        Case("VAE of Cosmos", .vae, nil, "encoder.conv_in.conv_s.weight 128x192x1x3x3"),
        Case("TAESD of ComfyUI", .vae, nil, "taesd_encoder.0.weight 64x3x3x3\ntaesd_decoder.1.weight 64x4x3x3"),
        Case("TAEHV", .vae, nil, "encoder.1.conv.0.weight 64x64x3x3\ndecoder.3.conv.0.weight 256x512x3x3"),
        Case("DC-AE", .vae, nil, "decoder.stages.1.op_list.0.main.conv.conv.weight 8x8x3x3"),
        Case("ChatGLM", .textEncoder, nil, "encoder.layers.{0,27}.self_attention.query_key_value.weight 4608x4096"),
        Case("BERT", .textEncoder, nil, "embeddings.word_embeddings.weight 47020x1024"),
        Case("BERT, wrapped", .textEncoder, nil, "bert.embeddings.word_embeddings.weight 47020x1024"),
        Case("open_clip vision", .clipVision, nil, "visual.transformer.resblocks.0.attn.in_proj_weight 3840x1280"),
        Case(
            "SwinIR, three convolutions", .upscaler, nil,
            "conv_first.1.weight 180x3x3x3\nlayers.0.residual_group.blocks.0.norm1.weight 180"),
        Case("SAFMN", .upscaler, nil, "feats.0.safm.mfr.0.weight 9x1x3x3"),
        Case(
            "RestoreFormer", .upscaler, nil,
            "quantize.embedding.weight 1024x256\nencoder.down.0.block.0.norm1.weight 64"),
        Case(
            "CodeFormer", .upscaler, nil,
            "idx_pred_layer.1.weight 1024x512\nfuse_convs_dict.16.scale.0.weight 512x512x3x3"),
        Case("SCUNet", .upscaler, nil, "m_head.0.weight 64x3x3x3\nm_tail.0.weight 3x64x3x3"),
        Case("RealCUGAN", .upscaler, nil, "unet1.conv1.conv.0.weight 32x3x3x3\nunet1.conv_bottom.weight 64x3x4x4"),
        Case("MoSR", .upscaler, nil, "gblocks.1.fc1.weight 8x8"),
        Case("DITN", .upscaler, nil, "UFONE.0.ITLs.0.attn.qkv.weight 8x8"),
        Case(
            "SwiftSRGAN", .upscaler, nil, "initial.cnn.depthwise.weight 3x1x9x9\nfinal_conv.pointwise.weight 3x64x1x1"),
        Case(
            "NAFNet", .upscaler, nil,
            "intro.weight 32x3x3x3\nending.weight 3x32x3x3\nencoders.0.0.conv1.weight 64x32x1x1"),
        Case("latent upscaler", .upscaler, nil, "post_upsample_res_blocks.0.conv1.weight 8x8x3x3x3"),
        Case("embedding, clip_g alone", .embedding, "SDXL 1.0", "clip_g 4x1280"),
        Case("embedding, pivotal", .embedding, "SDXL 1.0", "text_encoders_0 2x768\ntext_encoders_1 2x1280"),
        Case("embedding, 1280", .embedding, "SDXL 1.0", "emb_params 2x1280"),
        Case("embedding of another size", .embedding, nil, "emb_params 2x4096"),
        Case("a token of SD 2", .embedding, "SD 2.1", "<style> 1024"),
        Case("hypernetwork of SD 2", .hypernetwork, "SD 2.1", "{320,640,1024,1280}.{0,1}.linear.0.weight 8x8"),
        Case("hypernetwork of one size", .hypernetwork, nil, "320.{0,1}.linear.0.weight 8x8"),
    ]

    static let adapters: [Case] = [
        Case("Hunyuan Image", .lora, nil, "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight 8x3584"),
        Case("a sibling of Flux.1", .lora, nil, "single_transformer_blocks.0.attn.to_q.lora_A.weight 8x2048"),
        Case("few blocks' attention", .lora, nil, "transformer_blocks.{0,5}.attn.to_q.lora_A.weight 8x3072"),
        Case("LTX 2.3", .lora, "LTXV 2.3", "transformer_blocks.0.attn1.to_gate_logits.lora_A.weight 8x4096"),
        Case("Cosmos", .lora, nil, "transformer_blocks.0.norm1.linear_1.lora_A.weight 8x4096"),
        Case("a sibling of Z-Image", .lora, nil, "layers.0.attention.qkv.lora_A.weight 8x4096"),
        Case("Cosmos Predict2 14B", .lora, nil, "blocks.0.self_attn.q_proj.lora_A.weight 8x5120"),
        Case("MotionLoRA", .lora, "SD 1.5", "up_blocks.0.motion_modules.0.attn.to_q_lora.down.weight 8x320"),
        Case(
            "SVD", .lora, nil, "down_blocks.0.attentions.0.temporal_transformer_blocks.0.attn1.to_q.lora_A.weight 8x320"
        ),
        Case(
            "SDXL refiner", .lora, "SDXL 1.0",
            "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight 8x1280"),
        Case(
            "convolutions of SD 1", .lora, "SD 1.5",
            "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight 8x1280x1x1"),
        Case("convolutions of any", .lora, nil, "lora_unet_mid_block_resnets_0_conv1.lora_down.weight 8x1280x3x3"),
        Case("orthogonal Z-Image or Lumina", .lora, nil, "lora_unet_layers_0_attention_qkv.oft_blocks 4x8x8"),
        Case("orthogonal Flux.2", .lora, nil, "lora_unet_single_stream_modulation_lin.oft_blocks 4x8x8"),
        Case("nothing known", .lora, nil, "what.ever.lora_A.weight 8x8"),
        Case(
            "SD 2's text encoder", .lora, "SD 2.1",
            "lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 8x1024"),
        Case(
            "SD 1's text encoder", .lora, "SD 1.5",
            "lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 8x768"),
    ]

    @Test(arguments: networks + companions + adapters)
    func theLayoutTellsTheTypeAndWhereItCanTheBaseModel(_ layout: Case) {
        let found = Layout(layout.layout).identified()
        #expect(found.type == layout.type)
        #expect(found.baseModel == layout.baseModel)
    }

    /// A line that no layout reaches is wrong, or hidden behind another.
    @Test func everyLineOfTheTablesIsTheFirstForSomeLayout() {
        var whole = NetworkIdentificationTests.all.flatMap { network in
            let layout = Layout(network.layout, prefix: network.prefix)
            return [layout, QuantisedModelTests.Format.bitsAndBytes.apply(layout)]
        }
        let cases = CompanionIdentificationTests.controls + CompanionIdentificationTests.vaes
        let more = CompanionIdentificationTests.encoders + CompanionIdentificationTests.others
        whole += (cases + more + Self.networks + Self.companions).map { Layout($0.layout) }
        for (name, table) in Self.tables { expectReached(table, by: whole, name) }

        var adapters = Self.adapters.map { Layout($0.layout) }
        for network in AdapterIdentificationTests.networks {
            let modules = Layout(network.layout).modules
            adapters += AdapterFormat.allCases.map { $0.adapter(of: modules) }
        }
        expectReached(Fingerprint.adapters, by: adapters, "adapters", inAdapter: true)
        expectReached(Fingerprint.textEncoderAdapters, by: adapters, "text encoders' adapters", inAdapter: true)
    }

    private static let tables: [(String, [Fingerprint])] = [
        ("unets", Fingerprint.unets), ("pictures", Fingerprint.pictureTransformers),
        ("videos", Fingerprint.videoTransformers),
        ("controls", Fingerprint.controls), ("ip adapters", Fingerprint.ipAdapters),
        ("motion", Fingerprint.motionModules),
        ("autoencoders", Fingerprint.autoencoders), ("text encoders", Fingerprint.textEncoders),
        ("vision encoders", Fingerprint.visionEncoders), ("upscalers", Fingerprint.upscalers),
        ("detectors", Fingerprint.detectors), ("embeddings", Fingerprint.embeddings),
        ("hypernetworks", Fingerprint.hypernetworks),
    ]

    private func expectReached(_ table: [Fingerprint], by layouts: [Layout], _ name: String, inAdapter: Bool = false) {
        var reached: Set<Int> = []
        for layout in layouts {
            let found = TensorComponents(layout.table)
            for patterns in [found.network, found.vae, found.textEncoder, found.control] {
                let first = table.firstIndex { $0.matches(patterns, inAdapter: inAdapter) }
                if let first { reached.insert(first) }
            }
        }
        for index in table.indices {
            #expect(reached.contains(index), "\(name): line \(index + 1), \(table[index].evidence)")
        }
    }
}
