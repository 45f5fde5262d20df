extension Fingerprint {
    /// Adapters of the networks in `unets`.
    ///
    /// InvokeAI: model_manager/util/model_util.py `lora_token_vector_length` and model_manager/configs/lora.py;
    /// kohya-ss/sd-scripts: networks/lora.py.
    static let unetAdapters: [Fingerprint] = [
        Fingerprint(
            .stableCascade,
            [
                .has(
                    anyOf: "down_blocks.#.#.*", "up_blocks.#.#.*", "clip_txt_mapper", "clip_txt_pooled_mapper"
                )
            ],
            "ComfyUI: comfy/ldm/cascade; OneTrainer's lora_prior_unet"),
        Fingerprint(
            .sd1, [.any(["down_blocks.#.motion_modules.*", "up_blocks.#.motion_modules.*"])],
            "guoyww/AnimateDiff: MotionLoRA"),
        Fingerprint(
            .svd, .oneOf(Architecture.svd.words),
            [.has(anyOf: "down_blocks.#.attentions.#.temporal_transformer_blocks.*", "input_blocks.#.#.time_stack.*")],
            "diffusers: models/unets/unet_spatio_temporal_condition.py"),
        Fingerprint(
            .sdxl,
            .named(
                "SDXL 1.0", or: Array(Architecture.sdxl.words.dropFirst()) + Architecture.kolors.words),
            [
                .any([
                    .input(anyOf: contextInputs, 2048),
                    // Only SDXL has more than one transformer block in a row.
                    .number("down_blocks.#.attentions.#.transformer_blocks.*", 2, 2...9),
                    .number("up_blocks.#.attentions.#.transformer_blocks.*", 2, 2...9),
                    .number("mid_block.attentions.#.transformer_blocks.*", 1, 2...9),
                    .number("input_blocks.#.#.transformer_blocks.*", 2, 2...9),
                    .number("output_blocks.#.#.transformer_blocks.*", 2, 2...9),
                    .number("middle_block.#.transformer_blocks.*", 1, 2...9),
                ])
            ],
            "InvokeAI: model_manager/configs/lora.py _state_dict_looks_like_sdxl_unet_lora; Kolors has the same blocks"
        ),
        Fingerprint(
            .sdxl, .exactly("SDXL 1.0"), [.input(anyOf: contextInputs, 1280)],
            "ComfyUI: comfy/supported_models.py SDXLRefiner (context_dim 1280)"),
        Fingerprint(
            .sd2, [.input(anyOf: contextInputs, 1024)],
            "InvokeAI: model_manager/configs/lora.py (token vector length 1024)"),
        Fingerprint(
            .sd1, [.input(anyOf: contextInputs, 768)],
            "InvokeAI: model_manager/configs/lora.py (token vector length 768)"),
        // Of the two small ones only SD 1 projects with convolutions.
        Fingerprint(
            .sd1, [.any(projections.map { .rank($0, 4) })],
            "ComfyUI: comfy/supported_models.py (use_linear_in_transformer)"),
        Fingerprint(
            nil, .oneOf(Architecture.sd1.words + Architecture.sd2.words),
            [
                .any([
                    .number("down_blocks.#.attentions.*", 0, 0...0),
                    .number("up_blocks.#.attentions.*", 0, 3...3),
                    .number("input_blocks.#.#.transformer_blocks.*", 0, 1...2),
                    .number("output_blocks.#.#.transformer_blocks.*", 0, 6...11),
                ])
            ],
            "ComfyUI: comfy/supported_models.py (transformer_depth): SDXL has no attention at this level"),
        Fingerprint(
            nil,
            .oneOf(
                Architecture.sd1.words + Architecture.sd2.words + Architecture.sdxl.words
                    + Architecture.kolors.words),
            [
                .has(
                    anyOf: "down_blocks.*", "up_blocks.*", "mid_block.*", "input_blocks.*", "output_blocks.*",
                    "middle_block.*")
            ],
            "CompVis/stable-diffusion: ldm/modules/diffusionmodules/openaimodel.py"),
    ]

    /// The same for what changes only text encoders; asked of those.
    static let textEncoderAdapters: [Fingerprint] = [
        Fingerprint(
            .sd1, [.input(anyOf: textAttention, 768)],
            "kohya-ss/sd-scripts: networks/lora.py (lora_te: one text encoder, of 768)"),
        Fingerprint(
            .sd2, [.input(anyOf: textAttention, 1024)],
            "kohya-ss/sd-scripts: networks/lora.py (lora_te: one text encoder, of 1024)"),
    ]

    private static let contextInputs =
        crossAttention
        + crossAttention.compactMap { name in
            name.text.hasSuffix("to_k")
                ? Condition.Name(stringLiteral: String(name.text.dropLast()) + "v") : nil
        }
    private static let projections: [Condition.Name] = [
        "down_blocks.#.attentions.#.proj_in", "up_blocks.#.attentions.#.proj_in",
        "mid_block.attentions.#.proj_in",
        "down_blocks.#.attentions.#.proj_out", "up_blocks.#.attentions.#.proj_out",
        "input_blocks.#.#.proj_in",
        "output_blocks.#.#.proj_in", "input_blocks.#.#.proj_out", "output_blocks.#.#.proj_out",
    ]
    private static let textAttention: [Condition.Name] = [
        "te.text_model.encoder.layers.#.self_attn.q_proj",
        "te.text_model.encoder.layers.#.self_attn.k_proj",
        "te.text_model.encoder.layers.#.self_attn.v_proj",
        "te.text_model.encoder.layers.#.self_attn.out_proj",
        "te.text_model.encoder.layers.#.mlp.fc1",
    ]
}
