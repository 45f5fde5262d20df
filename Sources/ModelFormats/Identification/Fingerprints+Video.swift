extension Fingerprint {
    /// Diffusion transformers for video, and what is left.
    static let videoTransformers: [Fingerprint] = [
        Fingerprint(
            .hunyuanVideo, ["txt_in.individual_token_refiner.*", .any(["vector_in.*", "vision_in.*"])],
            "ComfyUI: comfy/model_detection.py (Hunyuan Video)"),
        Fingerprint(
            .hunyuanVideo,
            [
                "context_embedder.token_refiner.*",
                .any(["time_text_embed.text_embedder.*", "cond_type_embed"]),
            ],
            "diffusers: models/transformers/transformer_hunyuan_video.py, transformer_hunyuan_video15.py"),
        Fingerprint(
            .unlisted, .plain,
            [.any(["txt_in.individual_token_refiner.*", "context_embedder.token_refiner.*"])],
            "ComfyUI: comfy/model_detection.py (byt5_in without vector_in: Hunyuan Image)"),
        Fingerprint(
            .ltx2, .exactly("LTXV 2.3"),
            [
                ltx2,
                .has(
                    anyOf: "prompt_adaln_single.*", "prompt_adaln.*",
                    "transformer_blocks.#.attn1.to_gate_logits"),
            ],
            "diffusers: models/transformers/transformer_ltx2.py (prompt_adaln and gated attention: LTX-2.3)"
        ),
        Fingerprint(
            .ltx2, .exactly("LTXV2"), [ltx2],
            "diffusers: models/transformers/transformer_ltx2.py, loaders/single_file_utils.py ltx2"),
        Fingerprint(
            .ltxv, ["patchify_proj", "adaln_single.*", "transformer_blocks.#.attn2.to_k"],
            "ComfyUI: comfy/model_detection.py (Lightricks ltxv)"),
        Fingerprint(
            .ltxv,
            [
                .input("proj_in", 128), "time_embed.emb.timestep_embedder.*", "caption_projection.*",
                "scale_shift_table",
            ],
            "diffusers: models/transformers/transformer_ltx.py"),
        Fingerprint(
            .mochi, [.any(["t5_yproj", "time_embed.pooler.*"])],
            "ComfyUI: comfy/model_detection.py (Genmo mochi preview); diffusers: models/transformers/transformer_mochi.py"
        ),
        Fingerprint(
            .cogVideoX,
            ["patch_embed.text_proj", "time_embedding.linear.#", "transformer_blocks.#.norm1.norm"],
            "diffusers: models/transformers/cogvideox_transformer_3d.py"),
        // Wan's derivatives with further modules: no word says which of the models they derive from.
        Fingerprint(
            .wan,
            [
                wan,
                .has(
                    anyOf: "vace_blocks.*", "face_adapter.*", "motion_encoder.*", "audio_injector.*",
                    "audio_proj.*",
                    "casual_audio_encoder.*", "control_adapter.*", "fps_embedding"),
            ],
            "ComfyUI: comfy/model_detection.py (vace, camera, s2v, humo, animate)"),
        Fingerprint(
            .wan, .exactly("Wan Video 1.3B t2v"),
            [wan, .output("patch_embedding", 1536), .input("patch_embedding", 16)],
            "Wan-AI/Wan2.1-T2V-1.3B: config.json dim 1536"),
        Fingerprint(
            .wan, .exactly("Wan Video 2.2 TI2V-5B"),
            [wan, .output("patch_embedding", 3072), .input("patch_embedding", 48)],
            "InvokeAI: model_manager/configs/main.py _detect_wan_variant_from_state_dict (48 channels, 3072)"
        ),
        Fingerprint(
            .wan, .named("Wan Video", or: wan21ImageToVideo),
            [
                wan, .output("patch_embedding", 5120),
                .has(anyOf: "img_emb.*", "condition_embedder.image_embedder.*"),
            ],
            "InvokeAI: model_manager/configs/main.py _find_wan_2_1_marker (img_emb); 480p and 720p have the same shapes"
        ),
        Fingerprint(
            .wan, .exactly("Wan Video 2.2 I2V-A14B"),
            [wan, .output("patch_embedding", 5120), .input("patch_embedding", 36)],
            "InvokeAI: model_manager/configs/main.py _detect_wan_variant_from_state_dict (36 channels, no img_emb)"
        ),
        Fingerprint(
            .wan, .named("Wan Video", or: ["Wan Video 14B t2v", "Wan Video 2.2 T2V-A14B"]),
            [wan, .output("patch_embedding", 5120), .input("patch_embedding", 16)],
            "InvokeAI: model_manager/configs/main.py: 2.1 T2V-14B and one expert of 2.2 T2V-A14B have the same shapes"
        ),
        Fingerprint(.wan, [wan], "ComfyUI: comfy/model_detection.py (Wan 2.1)"),
        // Others, which CivitAI's list does not name.
        Fingerprint(
            .unlisted, .plain,
            [
                .has(
                    anyOf: "genre_embedder", "rotary_pos_emb.inv_freq", "latent_in",
                    "visual_transformer_blocks.*",
                    "time_condition_embed.*", "transformer_blocks.#.ff.conv_inverted",
                    "token_refiner.blocks.#.attn.*",
                    "txt_in.text_norm")
            ],
            "ComfyUI: comfy/model_detection.py (ACE-Step, Stable Audio, Hunyuan 3D); diffusers: models/transformers"
        ),
        Fingerprint(
            nil, ["transformer_blocks.#.*", "proj_out", .has(anyOf: "norm_out.*", "scale_shift_table")],
            "diffusers: models/transformers: what its transformers have in common"),
    ]

    static let wan21ImageToVideo = ["Wan Video 14B i2v 480p", "Wan Video 14B i2v 720p"]

    private static let ltx2 = Condition.has(anyOf: "audio_adaln_single.*", "audio_time_embed.*")
    private static let wan = Condition.any([
        .all(["head.modulation", "text_embedding.#", "blocks.#.self_attn.q"]),
        .all(["condition_embedder.text_embedder.*", "patch_embedding", "blocks.#.attn1.to_q"]),
    ])
}
