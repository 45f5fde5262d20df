extension Fingerprint {
    /// Autoencoders. Most serve several architectures.
    static let autoencoders: [Fingerprint] = [
        Fingerprint(
            .flux2, .oneOf(Architecture.flux2.words), ["bn.running_mean", "decoder.conv_in"],
            "InvokeAI: model_manager/configs/vae.py _is_flux2_vae"),
        Fingerprint(
            .wan, .exactly("Wan Video 2.2 TI2V-5B"),
            [
                .input(anyOf: ["decoder.conv1", "decoder.conv_in"], 48),
                .rank(anyOf: ["decoder.conv1", "decoder.conv_in"], 5),
            ],
            "InvokeAI: model_manager/configs/vae.py _wan_vae_z_dim (48)"),
        Fingerprint(
            nil, .oneOf(Architecture.wan.words + Architecture.qwenImage.words + Architecture.anima.words),
            [
                .has(anyOf: "decoder.middle.#.residual.*", "decoder.mid_block.resnets.#.norm1.gamma"),
                .rank(anyOf: ["decoder.conv1", "decoder.conv_in"], 5),
            ],
            "InvokeAI: model_manager/configs/vae.py: Wan 2.1 and Qwen Image have the same shapes"),
        Fingerprint(
            .cogVideoX,
            [
                .has(
                    anyOf: "decoder.up_blocks.#.resnets.#.norm1.conv_y.*",
                    "decoder.up.#.block.#.norm1.conv_y.*")
            ],
            "diffusers: models/autoencoders/autoencoder_kl_cogvideox.py"),
        Fingerprint(
            .hunyuanVideo, [.input("decoder.conv_in.conv", 16, 32)],
            "ComfyUI: comfy/sd.py VAE (decoder.conv_in.conv: Hunyuan Video, 1.5 with 32 channels)"),
        Fingerprint(
            nil, .oneOf(Architecture.ltxv.words + Architecture.ltx2.words),
            [.input("decoder.conv_in.conv", 128)],
            "ComfyUI: comfy/sd.py VAE (Lightricks)"),
        Fingerprint(
            .mochi,
            [
                .has(
                    anyOf: "encoder.block_in.resnets.*", "decoder.blocks.#.#.stack.*", "blocks.#.#.stack.*")
            ],
            "ComfyUI: comfy/sd.py VAE (Genmo); diffusers: models/autoencoders/autoencoder_kl_mochi.py"),
        Fingerprint(
            .svd, .oneOf(Architecture.svd.words),
            [.has(anyOf: "decoder.time_conv_out", "decoder.conv_out.time_mix_conv")],
            "ComfyUI: comfy/sd.py VAE (AutoencodingEngine with a VideoDecoder)"),
        Fingerprint(
            .unlisted, ["encoder.conv_in.conv_s"],
            "diffusers: models/autoencoders/autoencoder_kl_cosmos.py"),
        Fingerprint(
            .stableCascade, [.has(anyOf: "vquantizer.*", "backbone.#.#")],
            "ComfyUI: comfy/sd.py VAE (StageA, StageC_coder)"),
        Fingerprint(
            nil, [.has(anyOf: "taesd_decoder.#.*", "taesd_encoder.#.*", "taesd_decoder.#")],
            "ComfyUI: comfy/taesd/taesd.py"),
        Fingerprint(
            nil, ["#.conv.#", .input("#", 3, 4, 12, 16, 32), .tensors(20...100)],
            "madebyollin/taesd: taesd.py"),
        Fingerprint(
            nil, ["decoder.layers.#", "encoder.layers.#.conv.#"],
            "diffusers: models/autoencoders/autoencoder_tiny.py"),
        Fingerprint(nil, ["decoder.#.conv.#", "encoder.#.conv.#"], "madebyollin/taehv: taehv.py"),
        Fingerprint(
            nil, ["decoder.stages.#.op_list.#.*"], "mit-han-lab/efficientvit: DC-AE"),
        Fingerprint(
            nil,
            [
                .has(anyOf: "decoder.conv_in", "decoder.conv_in.*", "decoder.conv1"),
                .has(
                    anyOf: "decoder.conv_out", "decoder.conv_out.*", "encoder.conv_in", "encoder.conv_in.*"),
            ],
            "CompVis/stable-diffusion: ldm/models/autoencoder.py; SD 1, SD 2 and SDXL share one shape, Flux.1 and SD 3 another"
        ),
    ]

    /// Text encoders: every architecture borrows them.
    static let textEncoders: [Fingerprint] = [
        Fingerprint(
            nil,
            [
                .has(
                    anyOf: "text_model.encoder.layers.#.*", "text_model.embeddings.*",
                    "embeddings.token_embedding"),
                .lacks("vision_model.*"),
            ],
            "transformers: models/clip/modeling_clip.py CLIPTextModel"),
        Fingerprint(
            nil,
            [
                "resblocks.#.attn.*", .has(anyOf: "token_embedding", "positional_embedding"),
                .lacks("visual.*"),
            ],
            "mlfoundations/open_clip: src/open_clip/transformer.py TextTransformer"),
        Fingerprint(
            nil, ["encoder.block.#.layer.#.SelfAttention.q"], "transformers: models/t5, models/umt5"),
        Fingerprint(
            nil, ["blocks.#.attn.q", "blocks.#.ffn.gate.#", "token_embedding"],
            "Wan-Video/Wan2.1: wan/modules/t5.py"),
        Fingerprint(
            nil, [.has(anyOf: "enc.blk.#.attn_q", "blk.#.attn_q", "blk.#.attn_qkv")],
            "ggml-org/llama.cpp: gguf-py constants.py"),
        Fingerprint(
            nil,
            [
                .has(
                    anyOf: "layers.#.self_attn.q_proj", "layers.#.self_attn.qkv_proj", "language_model.*",
                    "layers.#.linear_attn.*"),
                .has(anyOf: "embed_tokens", "language_model.*", "layers.#.mlp.*"),
            ],
            "transformers: models/llama, gemma2, qwen2, qwen3, mistral"),
        Fingerprint(
            nil, ["encoder.layers.#.self_attention.query_key_value"],
            "THUDM/ChatGLM3: modeling_chatglm.py (Kolors)"),
        Fingerprint(
            nil, ["embeddings.word_embeddings"], "transformers: models/bert (Hunyuan DiT)"),
        Fingerprint(
            nil, ["bert.embeddings.word_embeddings"], "transformers: models/bert (Hunyuan DiT)"),
    ]

    /// What looks at a picture.
    static let visionEncoders: [Fingerprint] = [
        Fingerprint(
            nil, ["vision_model.*", .lacks("text_model.*"), .lacks("language_model.*")],
            "transformers: models/clip/modeling_clip.py CLIPVisionModel, models/siglip"),
        Fingerprint(
            nil, ["embeddings.patch_embedding", "encoder.layers.#.self_attn.q_proj"],
            "transformers: models/siglip"),
        Fingerprint(
            nil,
            [
                .has(anyOf: "visual.transformer.resblocks.#.*", "visual.resblocks.#.*", "visual.conv1"),
                .lacks("token_embedding"),
            ],
            "mlfoundations/open_clip: src/open_clip/transformer.py VisionTransformer"),
        Fingerprint(nil, ["v.blk.#.*"], "ggml-org/llama.cpp: tools/mtmd (mmproj)"),
    ]
}
