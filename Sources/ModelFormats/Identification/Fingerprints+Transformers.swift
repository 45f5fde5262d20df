extension Fingerprint {
    /// Diffusion transformers for pictures.
    static let pictureTransformers: [Fingerprint] = [
        Fingerprint(
            .unlisted, ["early_stream_modulations.*"],
            "diffusers: models/transformers/transformer_flux3.py"),
        Fingerprint(
            .flux2, .exactly("Flux.2 D"),
            [
                flux2,
                .any([
                    .input(anyOf: ["txt_in", "context_embedder"], 15360),
                    .number("single_blocks.#.*", 0, 24...99),
                ]),
            ],
            "InvokeAI: model_manager/configs/flux2_variant.py (context_in_dim 15360)"),
        Fingerprint(
            .flux2, .named("Flux.2 Klein 9B", or: ["Flux.2 Klein 9B-base"]),
            [
                flux2,
                .any([
                    .input(anyOf: ["txt_in", "context_embedder"], 12288),
                    .number("single_blocks.#.*", 0, 20...23),
                ]),
            ],
            "InvokeAI: model_manager/configs/flux2_variant.py (context_in_dim 12288); the base model has the same shapes"
        ),
        Fingerprint(
            .flux2, .named("Flux.2 Klein 4B", or: ["Flux.2 Klein 4B-base"]),
            [
                flux2,
                .any([
                    .input(anyOf: ["txt_in", "context_embedder"], 7680),
                    .number("single_blocks.#.*", 0, 19...19),
                ]),
            ],
            "InvokeAI: model_manager/configs/flux2_variant.py (context_in_dim 7680); the base model has the same shapes"
        ),
        Fingerprint(
            .flux2, .oneOf(Architecture.flux2.words), [flux2],
            "diffusers: models/transformers/transformer_flux2.py, loaders/single_file_utils.py flux2"),
        Fingerprint(
            .chroma, ["distilled_guidance_layer.*"],
            "ComfyUI: comfy/model_detection.py (Chroma, Chroma Radiance)"),
        Fingerprint(
            .flux1, .named("Flux.1 D", or: ["Flux.1 Krea", "Flux.1 Kontext"]), [flux1, "guidance_in.*"],
            "ComfyUI: comfy/model_detection.py (guidance_embed); InvokeAI: model_manager/configs/main.py _get_flux_variant"
        ),
        Fingerprint(
            .flux1, .exactly("Flux.1 S"), [flux1, .lacks("guidance_in.*")],
            "ComfyUI: comfy/supported_models.py FluxSchnell (guidance_embed False)"),
        Fingerprint(
            .flux1, .named("Flux.1 D", or: ["Flux.1 Krea", "Flux.1 Kontext"]),
            [diffusersFlux1, "time_text_embed.guidance_embedder.*"],
            "diffusers: models/transformers/transformer_flux.py (guidance_embeds)"),
        Fingerprint(
            .flux1, .exactly("Flux.1 S"),
            [diffusersFlux1, .lacks("time_text_embed.guidance_embedder.*")],
            "diffusers: models/transformers/transformer_flux.py (guidance_embeds)"),
        Fingerprint(
            .sd3, .exactly("SD 3.5 Medium"), ["joint_blocks.#.x_block.attn2.*"],
            "ComfyUI: comfy/model_detection.py (x_block_self_attn_layers)"),
        Fingerprint(
            .sd3, .named("SD 3.5 Large", or: ["SD 3.5 Large Turbo"]),
            [.number("joint_blocks.#.*", 0, 37...37)],
            "diffusers: loaders/single_file_utils.py sd35_large (joint_blocks.37); Turbo has the same shapes"
        ),
        Fingerprint(
            .sd3, .exactly("SD 3"), ["joint_blocks.#.*", .lacks("joint_blocks.#.x_block.attn.ln_q")],
            "ComfyUI: comfy/model_detection.py (qk_norm)"),
        Fingerprint(.sd3, ["joint_blocks.#.*"], "ComfyUI: comfy/model_detection.py (mmdit model)"),
        Fingerprint(
            .sd3, .exactly("SD 3.5 Medium"), [diffusersSD3, "transformer_blocks.#.attn2.*"],
            "diffusers: models/transformers/transformer_sd3.py (dual_attention_layers)"),
        Fingerprint(
            .sd3, .named("SD 3.5 Large", or: ["SD 3.5 Large Turbo"]),
            [diffusersSD3, .number("transformer_blocks.#.*", 0, 37...37)],
            "diffusers: models/transformers/transformer_sd3.py (num_layers 38)"),
        Fingerprint(
            .sd3, .exactly("SD 3"), [diffusersSD3, .lacks("transformer_blocks.#.attn.norm_q")],
            "diffusers: models/transformers/transformer_sd3.py (qk_norm)"),
        Fingerprint(.sd3, [diffusersSD3], "diffusers: models/transformers/transformer_sd3.py"),
        Fingerprint(
            .auraFlow, ["double_layers.#.attn.*", "cond_seq_linear"],
            "ComfyUI: comfy/model_detection.py (aura flow dit); Pony V7 has the same shapes"),
        Fingerprint(
            .auraFlow, ["joint_transformer_blocks.#.*", "register_tokens"],
            "diffusers: models/transformers/auraflow_transformer_2d.py"),
        Fingerprint(
            .hunyuanDiT, ["text_embedding_padding", "blocks.#.*"],
            "ComfyUI: comfy/model_detection.py (Hunyuan DiT); diffusers: models/transformers/hunyuan_transformer_2d.py"
        ),
        Fingerprint(
            .unlisted, ["blocks.#.mlp.inverted_conv.conv"], "diffusers: loaders/single_file_utils.py sana"
        ),
        Fingerprint(
            .pixArtAlpha, ["t_block.#", "ar_embedder.*"],
            "ComfyUI: comfy/model_detection.py (pixart_alpha)"),
        Fingerprint(
            .pixArtAlpha, ["t_block.#", .dimension("y_embedder.y_embedding", 0, 120)],
            "PixArt-alpha: diffusion/model/nets/PixArt.py (120 tokens of text)"),
        Fingerprint(
            .pixArtSigma, ["t_block.#", "y_embedder.*"],
            "ComfyUI: comfy/model_detection.py (pixart_sigma)"),
        Fingerprint(
            .pixArtAlpha, [diffusersPixArt, "adaln_single.emb.resolution_embedder.*"],
            "diffusers: models/transformers/pixart_transformer_2d.py (use_additional_conditions)"),
        Fingerprint(
            .pixArtSigma, .named("PixArt E", or: ["PixArt a"]), [diffusersPixArt],
            "diffusers: models/transformers/pixart_transformer_2d.py; the small models of PixArt a look the same"
        ),
        Fingerprint(
            .hiDream, ["double_stream_blocks.#.block.*", "caption_projection.#.linear"],
            "ComfyUI: comfy/model_detection.py (HiDream)"),
        Fingerprint(
            .qwenImage, ["txt_norm", "img_in", "transformer_blocks.#.img_mlp.*", "transformer_blocks.#.txt_mlp.*"],
            "ComfyUI: comfy/model_detection.py (Qwen Image); InvokeAI: model_manager/configs/main.py _has_qwen_image_keys"
        ),
        Fingerprint(
            .anima, ["llm_adapter.*", "blocks.#.cross_attn.*"],
            "InvokeAI: model_manager/configs/main.py _has_anima_keys"),
        Fingerprint(
            .unlisted, .plain,
            [
                .any(["blocks.#.adaln_modulation_cross_attn.#", "blocks.block0.*", "learnable_pos_embed.*"])
            ],
            "ComfyUI: comfy/model_detection.py (Cosmos, Cosmos predict2)"),
        Fingerprint(
            .zImage, [.any(["cap_pad_token", .input("cap_embedder.#", 2560)]), "context_refiner.*"],
            "InvokeAI: model_manager/configs/main.py _has_z_image_keys; Turbo and Base have the same shapes"
        ),
        Fingerprint(
            .unlisted, [.any(["ref_image_refiner.*", "clip_text_pooled_proj.*"]), "context_refiner.*"],
            "ComfyUI: comfy/model_detection.py (Omnigen2, Newbie)"),
        Fingerprint(
            .lumina2,
            [.any([.input("cap_embedder.#", 2304), "time_caption_embed.*"]), "context_refiner.*"],
            "ComfyUI: comfy/model_detection.py (Lumina 2); diffusers: models/transformers/transformer_lumina2.py"
        ),
        Fingerprint(
            .unlisted, [.any(["text_fusion.*", "txtfusion.*"])],
            "InvokeAI: model_manager/configs/main.py _has_krea2_keys"),
    ]

    private static let flux2 = Condition.has(
        anyOf: "double_stream_modulation_img.*", "single_stream_modulation.*")
    private static let flux1 = Condition.all([
        "double_blocks.#.img_attn.qkv", "single_blocks.#.*", "vector_in.*",
        .lacks("txt_in.individual_token_refiner.*"),
    ])
    private static let diffusersFlux1 = Condition.all([
        "single_transformer_blocks.#.*", "transformer_blocks.#.*", "time_text_embed.text_embedder.*",
        "context_embedder",
        "x_embedder",
    ])
    private static let diffusersSD3 = Condition.all([
        "pos_embed.proj", "transformer_blocks.#.attn.add_q_proj", "time_text_embed.text_embedder.*",
    ])
    private static let diffusersPixArt = Condition.all([
        "adaln_single.emb.*", .output("pos_embed.proj", 1152), "caption_projection.*", "transformer_blocks.#.attn2.*",
    ])
}
