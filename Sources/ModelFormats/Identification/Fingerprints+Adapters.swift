extension Fingerprint {
    /// What a LoRA or its like was made for, by the modules that it changes; asked of adapters' tensors only.
    ///
    /// An adapter may change any part of a network, so no single module is required. Names and sizes as in the
    /// tables of the networks themselves; diffusers: loaders/lora_conversion_utils.py; InvokeAI:
    /// model_manager/configs/lora.py; kohya-ss/sd-scripts: networks.
    static let adapters: [Fingerprint] =
        [
            Fingerprint(
                .unlisted,
                [
                    .has(
                        anyOf: "text_fusion.*", "txtfusion.*", "transformer_blocks.#.attn.to_gate", "blocks.#.attn.wq",
                        "mode_blocks.*", "txt_mode_blocks.*", "early_stream_modulations.*")
                ],
                "InvokeAI: model_manager/configs/lora.py _has_krea2_lora_keys; diffusers: transformer_flux3.py"),
            Fingerprint(
                .flux2, .exactly("Flux.2 D"), [flux2, hidden(6144)],
                "InvokeAI: model_manager/configs/flux2_variant.py (hidden size 6144)"),
            Fingerprint(
                .flux2, .named("Flux.2 Klein 9B", or: ["Flux.2 Klein 9B-base"]), [flux2, hidden(4096)],
                "InvokeAI: model_manager/configs/flux2_variant.py (hidden size 4096)"),
            Fingerprint(
                .flux2, .named("Flux.2 Klein 4B", or: ["Flux.2 Klein 4B-base"]), [flux2, hidden(3072)],
                "InvokeAI: model_manager/configs/flux2_variant.py (hidden size 3072)"),
            Fingerprint(
                .flux2, .oneOf(Architecture.flux2.words), [flux2],
                "InvokeAI: model_manager/configs/lora.py _is_flux2_lora"),
            Fingerprint(
                .chroma, ["distilled_guidance_layer.*"], "lodestones/Chroma: the layers that Flux.1 lacks"),
            Fingerprint(
                .auraFlow,
                [.has(anyOf: "joint_transformer_blocks.#.*", "double_layers.#.*", "single_layers.#.*")],
                "diffusers: models/transformers/auraflow_transformer_2d.py"),
            Fingerprint(
                .sd3, .named("SD 3.5 Large", or: ["SD 3.5 Large Turbo"]),
                [
                    notSingle,
                    .any([
                        .number("joint_blocks.#.*", 0, 24...37), .input(anyOf: sd3Attention, 2432),
                    ]),
                ],
                "diffusers: models/transformers/transformer_sd3.py (38 blocks, 2432)"),
            Fingerprint(
                .sd3, .exactly("SD 3.5 Medium"),
                [
                    notSingle,
                    .any([
                        "joint_blocks.#.x_block.attn2.*",
                        .all(["transformer_blocks.#.attn2.*", .input(anyOf: sd3Attention, 1536)]),
                    ]),
                ],
                "diffusers: models/transformers/transformer_sd3.py (dual_attention_layers)"),
            Fingerprint(
                .sd3, .oneOf(["SD 3", "SD 3.5 Medium", "SD 3.5"]),
                [
                    notSingle,
                    .any([
                        "joint_blocks.#.*",
                        .all([.has(anyOf: "transformer_blocks.#.attn.*"), .input(anyOf: sd3Attention, 1536)]),
                    ]),
                ],
                "diffusers: models/transformers/transformer_sd3.py (24 blocks, 1536)"),
            Fingerprint(
                .qwenImage,
                [.has(anyOf: "transformer_blocks.#.txt_mlp.net.*", "transformer_blocks.#.txt_mod.#", "txt_norm")],
                "ComfyUI: comfy/ldm/qwen_image/model.py"),
            Fingerprint(
                .unlisted, [.any(attention.map { .otherInput($0, [3072, 2048]) })],
                "black-forest-labs/flux: src/flux/util.py (hidden_size 3072); Hunyuan Video 1.5 has 2048"),
            Fingerprint(
                .hunyuanVideo,
                [
                    .any([
                        "txt_in.individual_token_refiner.*", "context_embedder.token_refiner.*",
                        "double_blocks.#.img_mod.linear",
                        "double_blocks.#.img_mlp.fc1", "double_blocks.#.img_mlp.fc2",
                        "single_blocks.#.modulation.linear",
                        .number("double_blocks.#.*", 0, 19...99), .number("single_blocks.#.*", 0, 38...39),
                        .number("single_transformer_blocks.#.attn.to_q", 0, 38...39),
                    ])
                ],
                "Tencent/HunyuanVideo: hyvideo/modules/models.py (20 and 40 blocks; Flux.1 has 19 and 38)"),
            Fingerprint(
                .unlisted, [.any(attention.map { .otherInput($0, [3072]) })],
                "black-forest-labs/flux: src/flux/util.py (hidden_size 3072); Qwen-Image: transformer/config.json"),
            // The layers that tell Flux.1's blocks from those that Chroma and Flux.2 Klein 4B have alike.
            Fingerprint(
                .flux1,
                [
                    .has(
                        anyOf: "double_blocks.#.img_mod.lin", "double_blocks.#.txt_mod.lin",
                        "single_blocks.#.modulation.lin",
                        "single_transformer_blocks.#.norm.linear", "guidance_in.*", "vector_in.*")
                ],
                "black-forest-labs/flux: src/flux/modules/layers.py; what fits D and S alike is Flux.1 D"),
            Fingerprint(
                .flux1, .named("Flux.1 D", or: Array(Architecture.flux1.words.dropFirst()) + likeFlux1),
                [.has(anyOf: "double_blocks.#.*", "single_blocks.#.*", "single_transformer_blocks.#.*")],
                "black-forest-labs/flux: src/flux/model.py; what fits D and S alike is Flux.1 D"),
            Fingerprint(
                .qwenImage,
                [
                    .any([
                        "transformer_blocks.#.img_mlp.*", "transformer_blocks.#.img_mod.#",
                        .all([
                            .number("transformer_blocks.#.attn.*", 0, 20...59), "transformer_blocks.#.attn.to_q",
                        ]),
                    ])
                ],
                "InvokeAI: model_manager/configs/lora.py LoRA_LyCORIS_QwenImage_Config; 60 blocks, where Flux.1 has 19"
            ),
            Fingerprint(
                nil, .oneOf(Architecture.qwenImage.words + Architecture.flux1.words + likeFlux1),
                [.has(anyOf: "transformer_blocks.#.attn.add_q_proj", "transformer_blocks.#.attn.to_q")],
                "diffusers: models/transformers: few blocks' attention only"),
            Fingerprint(
                .hiDream, [.has(anyOf: "double_stream_blocks.#.*", "single_stream_blocks.#.*")],
                "ComfyUI: comfy/model_detection.py (HiDream)"),
        ] + videoAdapters + unetAdapters

    /// Words of networks with blocks like those of Flux.1.
    private static let likeFlux1 =
        Architecture.chroma.words + Architecture.hunyuanVideo.words + [
            "Flux.2 Klein 4B", "Flux.2 Klein 4B-base",
        ]

    private static let sd3Attention: [Condition.Name] = [
        "transformer_blocks.#.attn.to_q", "transformer_blocks.#.attn.to_k",
        "transformer_blocks.#.attn.to_v",
        "transformer_blocks.#.attn.add_q_proj", "transformer_blocks.#.attn.add_k_proj",
        "joint_blocks.#.x_block.attn.qkv",
        "joint_blocks.#.context_block.attn.qkv",
    ]

    /// What only Flux.2 has: layers, or sizes that Flux.1 has not.
    private static let flux2 = Condition.any([
        "single_transformer_blocks.#.attn.to_qkv_mlp_proj", "transformer_blocks.#.ff.linear_in",
        "transformer_blocks.#.ff_context.linear_in", "double_stream_modulation_img.*",
        "double_stream_modulation_txt.*",
        "single_stream_modulation.*",
        .input(anyOf: ["txt_in", "context_embedder"], 7680, 12288, 15360),
        .output("double_blocks.#.img_mlp.#", 18432, 24576, 36864),
        .output("double_blocks.#.txt_mlp.#", 18432, 24576, 36864),
        .output("single_blocks.#.linear1", 27648, 36864, 55296),
        .all([
            .has(anyOf: "double_blocks.#.*", "single_blocks.#.*", "single_transformer_blocks.#.*"),
            .any([hidden(4096), hidden(6144)]),
        ]),
    ])

    private static func hidden(_ size: UInt64) -> Condition { .input(anyOf: attention, size) }

    private static let notSingle = Condition.all([
        .lacks("single_transformer_blocks.#.*"), .lacks("context_embedder.token_refiner.*"),
    ])

    /// Modules that work at the network's full width.
    private static let attention: [Condition.Name] = [
        "double_blocks.#.img_attn.qkv", "double_blocks.#.img_attn.proj", "double_blocks.#.txt_attn.qkv",
        "double_blocks.#.txt_attn.proj", "double_blocks.#.img_mlp.#", "single_blocks.#.linear1",
        "transformer_blocks.#.attn.to_q", "transformer_blocks.#.attn.to_k", "transformer_blocks.#.attn.to_v",
        "transformer_blocks.#.attn.add_q_proj", "transformer_blocks.#.attn.to_out.#",
        "transformer_blocks.#.ff.linear_in",
        "transformer_blocks.#.ff_context.linear_in", "single_transformer_blocks.#.attn.to_qkv_mlp_proj",
        "single_transformer_blocks.#.attn.to_q",
    ]
}
