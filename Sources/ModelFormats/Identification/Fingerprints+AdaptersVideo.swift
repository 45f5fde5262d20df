extension Fingerprint {
    /// Adapters of networks whose blocks have an attention to themselves and one to the text.
    static let videoAdapters: [Fingerprint] = [
        Fingerprint(
            .ltx2, .named("LTXV2", or: ["LTXV 2.3"]),
            [
                .has(
                    anyOf: "transformer_blocks.#.audio_attn1.*", "transformer_blocks.#.audio_attn2.*",
                    "transformer_blocks.#.audio_ff.*", "transformer_blocks.#.video_to_audio_attn.*",
                    "transformer_blocks.#.audio_to_video_attn.*"),
                .lacks("transformer_blocks.#.attn1.to_gate_logits"),
            ],
            "diffusers: models/transformers/transformer_ltx2.py"),
        Fingerprint(
            .ltx2, .exactly("LTXV 2.3"), ["transformer_blocks.#.attn1.to_gate_logits"],
            "diffusers: models/transformers/transformer_ltx2.py (gated attention: LTX-2.3)"),
        Fingerprint(
            .unlisted, ["transformer_blocks.#.norm1.linear.#"], "diffusers: models/transformers/transformer_cosmos.py"),
        Fingerprint(
            .ltxv, [.input(anyOf: selfAttention, 2048), .lacks("transformer_blocks.#.attn1.add_k_proj")],
            "diffusers: models/transformers/transformer_ltx.py (2B: 2048)"),
        Fingerprint(
            nil, .oneOf(Architecture.ltxv.words + Architecture.ltx2.words),
            [.input(anyOf: selfAttention, 4096)],
            "diffusers: transformer_ltx.py (13B) and transformer_ltx2.py: both 48 blocks of 4096"),
        Fingerprint(
            nil, .oneOf(Architecture.pixArtSigma.words + Architecture.pixArtAlpha.words),
            [
                .any([
                    .input(anyOf: selfAttention, 1152), "blocks.#.cross_attn.q_linear",
                    "blocks.#.cross_attn.kv_linear",
                ])
            ],
            "diffusers: models/transformers/pixart_transformer_2d.py (1152)"),
        Fingerprint(
            .mochi,
            [
                .any([
                    "blocks.#.attn.qkv_x", "blocks.#.attn.qkv_y", "blocks.#.attn.proj_x",
                    .input("transformer_blocks.#.attn1.add_q_proj", 1536),
                    .input("transformer_blocks.#.attn1.add_k_proj", 1536),
                ])
            ],
            "genmoai/mochi: src/genmo/mochi_preview/dit; diffusers: models/transformers/transformer_mochi.py"
        ),
        Fingerprint(
            .cogVideoX,
            [.input(anyOf: selfAttention, 1920, 3072), .lacks("transformer_blocks.#.attn2.*")],
            "diffusers: models/transformers/cogvideox_transformer_3d.py (2B: 1920, 5B: 3072)"),
        Fingerprint(
            .unlisted, [.has(anyOf: "transformer_blocks.#.attn1.*")],
            "diffusers: models/transformers: other sizes"),
        Fingerprint(
            .unlisted, [.any(nextDiT.map { .otherInput($0, [3840, 2304]) })],
            "ComfyUI: comfy/ldm/lumina/model.py: the same network in other sizes"),
        Fingerprint(
            .zImage,
            [.any([.input(anyOf: nextDiT, 3840), "layers.#.attention.to_q", "layers.#.attention.to_k"])],
            "InvokeAI: model_manager/configs/lora.py LoRA_LyCORIS_ZImage_Config; Turbo and Base have the same shapes"
        ),
        Fingerprint(
            .lumina2, [.any([.input(anyOf: nextDiT, 2304), "layers.#.attn.to_q", "layers.#.attn.to_k"])],
            "kohya-ss/sd-scripts: networks/lora_lumina.py, library/lumina_models.py (2304)"),
        Fingerprint(
            nil, .oneOf(Architecture.zImage.words + Architecture.lumina2.words),
            [.has(anyOf: "layers.#.attention.*", "layers.#.feed_forward.*", "context_refiner.*", "noise_refiner.*")],
            "ComfyUI: comfy/ldm/lumina/model.py: both are this network"),
        Fingerprint(
            .hunyuanDiT,
            [
                .any([
                    "blocks.#.attn1.Wqkv", "blocks.#.attn2.kv_proj", "blocks.#.skip_linear",
                    "blocks.#.default_modulation.*",
                    .input(
                        anyOf: ["blocks.#.attn1.to_q", "blocks.#.attn1.to_k", "blocks.#.attn2.to_q"], 1408),
                ])
            ],
            "Tencent/HunyuanDiT: hydit/modules/models.py; diffusers: models/transformers/hunyuan_transformer_2d.py"
        ),
        Fingerprint(
            .unlisted, [cosmos, .lacks("llm_adapter.*"), .input(anyOf: cosmosAttention, 5120)],
            "ComfyUI: comfy/model_detection.py (Cosmos predict2 14B)"),
        Fingerprint(
            .anima, [.any([cosmos, "llm_adapter.*"])],
            "InvokeAI: model_manager/configs/lora.py LoRA_LyCORIS_Anima_Config"),
        Fingerprint(
            .wan, .exactly("Wan Video 1.3B t2v"), [.input(anyOf: wanAttention, 1536)],
            "Wan-AI/Wan2.1-T2V-1.3B: config.json dim 1536"),
        Fingerprint(
            .wan, .exactly("Wan Video 2.2 TI2V-5B"), [.input(anyOf: wanAttention, 3072)],
            "InvokeAI: patches/lora_conversions/wan_lora_constants.py (3072)"),
        Fingerprint(
            .wan, .named("Wan Video", or: wan21ImageToVideo),
            [
                .has(
                    anyOf: "blocks.#.cross_attn.k_img", "blocks.#.cross_attn.v_img",
                    "blocks.#.attn2.add_k_proj",
                    "blocks.#.attn2.add_v_proj", "img_emb.*")
            ],
            "InvokeAI: model_manager/configs/main.py _find_wan_2_1_marker (img_emb)"),
        Fingerprint(
            .wan,
            .named(
                "Wan Video",
                or: ["Wan Video 14B t2v", "Wan Video 2.2 T2V-A14B", "Wan Video 2.2 I2V-A14B"]
                    + wan21ImageToVideo),
            [.input(anyOf: wanAttention, 5120)],
            "InvokeAI: patches/lora_conversions/wan_lora_constants.py (5120: 2.1 14B and 2.2 A14B alike)"),
        Fingerprint(
            .wan,
            [
                .any(
                    wanAttention.map { .has($0) } + [
                        "blocks.#.ffn.#", "blocks.#.ffn.net.#.proj", "blocks.#.ffn.net.#",
                    ])
            ],
            "InvokeAI: patches/lora_conversions/wan_lora_constants.py"),
    ]

    private static let selfAttention: [Condition.Name] = [
        "transformer_blocks.#.attn1.to_q", "transformer_blocks.#.attn1.to_k",
        "transformer_blocks.#.attn1.to_v",
        "transformer_blocks.#.attn1.to_out.#",
    ]
    private static let nextDiT: [Condition.Name] = [
        "layers.#.attention.qkv", "layers.#.attention.to_q", "layers.#.attention.out",
        "layers.#.attention.to_out.#",
        "layers.#.feed_forward.w1", "layers.#.feed_forward.w3", "context_refiner.#.*",
        "noise_refiner.#.*",
        "layers.#.attn.to_q",
    ]
    private static let cosmos = Condition.has(
        anyOf: "blocks.#.cross_attn.q_proj", "blocks.#.cross_attn.k_proj", "blocks.#.self_attn.q_proj",
        "blocks.#.self_attn.k_proj", "blocks.#.mlp.layer1", "blocks.#.mlp.layer2",
        "blocks.#.adaln_modulation_self_attn.#",
        "blocks.#.adaln_modulation_mlp.#", "blocks.#.adaln_modulation_cross_attn.#")
    private static let cosmosAttention: [Condition.Name] = [
        "blocks.#.cross_attn.q_proj", "blocks.#.self_attn.q_proj", "blocks.#.self_attn.k_proj",
        "blocks.#.mlp.layer1",
    ]
    private static let wanAttention: [Condition.Name] = [
        "blocks.#.self_attn.q", "blocks.#.self_attn.k", "blocks.#.self_attn.v", "blocks.#.self_attn.o",
        "blocks.#.cross_attn.q", "blocks.#.cross_attn.k", "blocks.#.cross_attn.v",
        "blocks.#.cross_attn.o",
        "blocks.#.attn1.to_q", "blocks.#.attn1.to_k", "blocks.#.attn1.to_v", "blocks.#.attn2.to_q",
        "blocks.#.attn2.to_k", "blocks.#.attn2.to_v",
    ]
}
