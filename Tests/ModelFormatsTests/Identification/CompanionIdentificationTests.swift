import Testing

@testable import ModelFormats

/// What goes with diffusion models: VAEs, text encoders, ControlNets, embeddings, upscalers.
@Suite struct CompanionIdentificationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let label: String
        let layout: String
        let type: ModelType?
        let baseModel: String?
        var testDescription: String { label }

        init(_ label: String, _ type: ModelType?, _ baseModel: String? = nil, _ layout: String) {
            self.label = label
            self.layout = layout
            self.type = type
            self.baseModel = baseModel
        }
    }

    private static let cross = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight 640x"

    static let controls: [Case] = [
        Case(
            "original", .controlnet, "SD 1.5",
            "control_model."
                + UNetLayouts.original(context: 768)
                .replacing("\n", with: "\ncontrol_model.") + "\ncontrol_model.input_hint_block.0.weight 16x3x3x3"),
        Case(
            "without its prefix", .controlnet, "SD 2.1",
            UNetLayouts.original(context: 1024)
                + "\ninput_hint_block.0.weight 16x3x3x3\nzero_convs.0.0.weight 320x320x1x1"),
        Case(
            "diffusers SD 1", .controlnet, "SD 1.5",
            "controlnet_cond_embedding.conv_in.weight 16x3x3x3\n" + cross + "768"),
        Case(
            "diffusers SDXL", .controlnet, "SDXL 1.0",
            "controlnet_cond_embedding.conv_in.weight 16x3x3x3\n" + cross + "2048"),
        Case(
            "union", .controlnet, "SDXL 1.0",
            "task_embedding 6x320\ncontrolnet_cond_embedding.conv_in.weight 48x3x3x3\n" + cross + "2048"),
        Case(
            "Flux.1", .controlnet, "Flux.1 D",
            "controlnet_blocks.0.weight 3072x3072\ncontrolnet_x_embedder.weight 3072x64\nx_embedder.weight 3072x64"),
        Case(
            "Flux.1 XLabs", .controlnet, "Flux.1 D",
            "controlnet_blocks.0.weight 3072x3072\ndouble_blocks.0.img_attn.qkv.weight 9216x3072"),
        Case("SD 3", .controlnet, nil, "controlnet_blocks.0.weight 1536x1536\npos_embed_input.proj.weight 1536x17x2x2"),
        Case(
            "Qwen", .controlnet, "Qwen",
            "controlnet_blocks.0.weight 3072x3072\ntransformer_blocks.0.img_mlp.net.0.proj.weight 12288x3072"),
        Case(
            "Z-Image", .controlnet, "ZImageTurbo",
            "control_layers.{0,14}.attention.to_q.weight 3840x3840\ncontrol_all_x_embedder.2-1.weight 3840x132"),
        Case("Hunyuan DiT", .controlnet, "Hunyuan 1", "after_proj_list.{0,18}.weight 1408x1408"),
        Case(
            "Control-LoRA", .controlnet, "SDXL 1.0",
            "lora_controlnet\ninput_blocks.4.1.transformer_blocks.0.attn2.to_k.down 256x2048"),
        Case("LLLite", .controlnet, "SDXL 1.0", "lllite_unet_input_blocks_4_1_attn1_to_q.down.0.weight 64x640"),
        Case(
            "T2I of SD 1", .controlnet, "SD 1.5",
            "conv_in.weight 320x192x3x3\nbody.0.block1.weight 320x320x3x3\nbody.0.block2.weight 320x320x1x1"),
        Case(
            "T2I of SDXL", .controlnet, "SDXL 1.0",
            "adapter.conv_in.weight 320x768x3x3\nadapter.body.0.resnets.0.block1.weight 320x320x3x3"),
        Case("T2I light", .controlnet, nil, "body.0.in_conv.weight 80x192x1x1\nbody.0.body.0.block1.weight 80x80x3x3"),
    ]

    static let vaes: [Case] = [
        Case("SD", .vae, nil, UNetLayouts.vae),
        Case("in a checkpoint's names", .vae, nil, "first_stage_model.decoder.conv_in.weight 512x4x3x3"),
        Case("16 channels", .vae, nil, "encoder.conv_in.weight 128x3x3x3\ndecoder.conv_in.weight 512x16x3x3"),
        Case(
            "Flux.2", .vae, nil,
            "bn.running_mean 128\ndecoder.conv_in.weight 512x32x3x3\nencoder.conv_in.weight 128x3x3x3"),
        Case("Wan 2.1", .vae, nil, "decoder.conv1.weight 384x16x3x3x3\ndecoder.middle.0.residual.0.gamma 384x1x1x1"),
        Case(
            "Wan 2.2", .vae, "Wan Video 2.2 TI2V-5B",
            "decoder.conv1.weight 1024x48x3x3x3\ndecoder.middle.0.residual.0.gamma 1024x1x1x1"),
        Case("Hunyuan Video", .vae, "Hunyuan Video", "decoder.conv_in.conv.weight 512x16x3x3x3"),
        Case("LTX", .vae, nil, "decoder.conv_in.conv.weight 512x128x3x3x3\nencoder.conv_in.conv.weight 128x48x3x3x3"),
        Case("Mochi", .vae, "Mochi", "encoder.block_in.resnets.0.conv1.conv.weight 64x64x3x3x3"),
        Case(
            "CogVideoX", .vae, "CogVideoX",
            "decoder.conv_in.conv.weight 512x16x3x3x3\ndecoder.up_blocks.0.resnets.0.norm1.conv_y.conv.weight 512x16x1x1x1"
        ),
        Case("SVD", .vae, nil, "decoder.conv_in.weight 512x4x3x3\ndecoder.time_conv_out.weight 3x3x3x1x1"),
        Case("TAESD", .vae, nil, "1.weight 64x4x3x3\n{3,4,5,8,9,10}.conv.{0,2,4}.weight 64x64x3x3\n7.weight 64x64x3x3"),
        Case(
            "TAESD diffusers", .vae, nil,
            "encoder.layers.0.weight 64x3x3x3\nencoder.layers.1.conv.0.weight 64x64x3x3\ndecoder.layers.0.weight 64x4x3x3"
        ),
        Case(
            "Stable Cascade", .vae, "Stable Cascade", "vquantizer.codebook.weight 8192x4\nin_block.1.weight 192x12x1x1"),
    ]

    static let encoders: [Case] = [
        Case("CLIP", .textEncoder, nil, UNetLayouts.textEncoder),
        Case(
            "T5", .textEncoder, nil,
            "shared.weight 32128x4096\nencoder.block.{0,23}.layer.0.SelfAttention.q.weight 4096x4096"),
        Case(
            "UMT5", .textEncoder, nil,
            "token_embedding.weight 256384x4096\nblocks.{0,23}.attn.q.weight 4096x4096\nblocks.{0,23}.ffn.gate.0.weight 8x8"
        ),
        Case(
            "open_clip", .textEncoder, nil,
            "token_embedding.weight 49408x1280\ntransformer.resblocks.{0,31}.attn.in_proj_weight 3840x1280"),
        Case(
            "Llama", .textEncoder, nil,
            "model.embed_tokens.weight 128256x4096\nmodel.layers.{0,31}.self_attn.q_proj.weight 4096x4096"),
        Case("GGUF", .textEncoder, nil, "token_embd.weight 151936x2560\nblk.{0,35}.attn_q.weight 4096x2560"),
        Case("GGUF T5", .textEncoder, nil, "token_embd.weight 32128x4096\nenc.blk.{0,23}.attn_q.weight 4096x4096"),
        Case(
            "Qwen VL", .textEncoder, nil,
            "visual.blocks.0.attn.qkv.weight 3840x1280\nmodel.layers.0.self_attn.q_proj.weight 3584x3584\n"
                + "model.layers.0.mlp.up_proj.weight 18944x3584"),
        Case("in a pipeline's names", .textEncoder, nil, "text_encoders.t5xxl.transformer.shared.weight 32128x4096"),
        Case("CLIP vision", .clipVision, nil, "vision_model.embeddings.patch_embedding.weight 1280x3x14x14"),
        Case(
            "SigLIP", .clipVision, nil,
            "embeddings.patch_embedding.weight 1152x3x14x14\nencoder.layers.0.self_attn.q_proj.weight 1152x1152"),
        Case("projector of a GGUF", .clipVision, nil, "v.blk.{0,31}.attn_q.weight 1280x1280\nmm.0.weight 5120x5120"),
    ]

    static let others: [Case] = [
        Case(
            "IP-Adapter SD 1", .ipAdapter, "SD 1.5",
            "image_proj.proj.weight 3072x1024\nip_adapter.1.to_k_ip.weight 320x768"),
        Case(
            "IP-Adapter SDXL", .ipAdapter, "SDXL 1.0",
            "image_proj.proj.weight 8192x1280\nip_adapter.1.to_k_ip.weight 640x2048"),
        Case(
            "IP-Adapter with a LoRA in it", .ipAdapter, "SD 1.5",
            "ip_adapter.1.to_k_ip.weight 320x768\nip_adapter.0.to_q_lora.down.weight 128x320"),
        Case(
            "IP-Adapter XLabs", .ipAdapter, "Flux.1 D",
            "ip_adapter_proj_model.proj.weight 16384x768\n"
                + "double_blocks.0.processor.ip_adapter_double_stream_k_proj.weight 3072x4096"),
        Case(
            "AnimateDiff", .motionModule, "SD 1.5",
            "{down,up}_blocks.{0,3}.motion_modules.0.temporal_transformer.proj_in.weight 320x320"),
        Case(
            "AnimateDiff SDXL", .motionModule, "SDXL 1.0",
            "{down,up}_blocks.{0,2}.motion_modules.0.temporal_transformer.proj_in.weight 320x320"),
        Case("embedding", .embedding, "SD 1.5", "emb_params 8x768"),
        Case("embedding of SD 2", .embedding, "SD 2.1", "emb_params 4x1024"),
        Case("embedding, pickled", .embedding, "SD 1.5", "string_to_param.* 6x768"),
        Case("embedding of SDXL", .embedding, "SDXL 1.0", "clip_l 8x768\nclip_g 8x1280"),
        Case("embedding of diffusers", .embedding, "SD 1.5", "<cat-toy> 768"),
        Case("hypernetwork", .hypernetwork, "SD 1.5", "{320,640,768,1280}.{0,1}.linear.{0,2}.weight 1536x768"),
        Case(
            "ESRGAN", .upscaler, nil,
            "conv_first.weight 64x3x3x3\nbody.{0,22}.rdb1.conv1.weight 32x64x3x3\nconv_last.weight 3x64x3x3"),
        Case(
            "ESRGAN, old", .upscaler, nil,
            "model.0.weight 64x3x3x3\nmodel.1.sub.{0,22}.RDB1.conv1.0.weight 32x64x3x3\nmodel.10.weight 3x64x3x3"),
        Case(
            "Real-ESRGAN, wrapped", .upscaler, nil,
            "params_ema.conv_first.weight 64x3x3x3\nparams_ema.body.0.rdb1.conv1.weight 32x64x3x3"),
        Case("compact", .upscaler, nil, "body.0.weight 64x3x3x3\nbody.1.weight 64\nbody.{2,34}.weight 64x64x3x3"),
        Case(
            "SwinIR", .upscaler, nil,
            "conv_first.weight 180x3x3x3\nlayers.0.residual_group.blocks.0.norm1.weight 180"),
        Case(
            "DAT", .upscaler, nil,
            "conv_first.weight 180x3x3x3\nbefore_RG.1.weight 180\nlayers.0.blocks.0.norm1.weight 180"),
        Case("SPAN", .upscaler, nil, "block_1.c1_r.sk.weight 48x3x1x1\nconv_cat.weight 48x192x1x1"),
        Case("OmniSR", .upscaler, nil, "residual_layer.0.residual_layer.0.layer.0.fn.0.weight 64x64x1x1"),
        Case("RealPLKSR", .upscaler, nil, "feats.0.weight 64x3x3x3\nfeats.1.lk.conv.weight 16x16x17x17"),
        Case("GFPGAN", .upscaler, nil, "stylegan_decoder.style_mlp.1.weight 512x512"),
        Case(
            "YOLO", .detection, nil,
            "model.0.conv.weight 16x3x3x3\nmodel.22.dfl.conv.weight 1x16x1x1\nmodel.22.cv2.0.0.conv.weight 64x64x3x3"),
        Case(
            "SAM", .detection, nil,
            "image_encoder.patch_embed.proj.weight 8x3x16x16\nmask_decoder.iou_token.weight 1x256"),
        Case("nothing known", nil, nil, "some.thing.weight 8x8\nother 3"), Case("no tensor", nil, nil, ""),
    ]

    @Test(arguments: controls + vaes + encoders + others)
    func theLayoutTellsTheTypeAndWhereItCanTheBaseModel(_ companion: Case) {
        let found = Layout(companion.layout).identified()
        #expect(found.type == companion.type)
        #expect(found.baseModel == companion.baseModel)
        #expect(found.components.isEmpty && found.baseModelType == nil && found.prediction == nil)
    }

    @Test func aVAEWithATextEncoderButNoNetworkIsNothingThatHasAName() {
        let vae = Layout(UNetLayouts.vae, prefix: "first_stage_model.")
        #expect((vae + Layout(UNetLayouts.textEncoder, prefix: "cond_stage_model.")).identified().type == nil)
    }

    @Test func theVAEThatWanAndQwenShareExcludesTheOthers() {
        let found = Layout("decoder.conv1.weight 384x16x3x3x3\ndecoder.middle.0.residual.0.gamma 384x1x1x1")
            .identified()
        #expect(found.baseModelCandidates.contains("Qwen"))
        #expect(found.baseModelCandidates.contains("Wan Video"))
        #expect(!found.baseModelCandidates.contains("SDXL 1.0"))
    }
}
