extension Fingerprint {
    /// Networks of the U shape, in the original layout (`input_blocks`) and in that of diffusers (`down_blocks`).
    ///
    /// ComfyUI: comfy/supported_models.py (channels, context and embedding sizes), comfy/model_detection.py
    /// (`unet_config_from_diffusers_unet`).
    static let unets: [Fingerprint] = [
        // Video: the same blocks with layers along time.
        Fingerprint(
            .svd, .oneOf(Architecture.svd.words),
            ["input_blocks.#.#.time_stack.*", .input("label_emb.#.#", 768)],
            "ComfyUI: comfy/supported_models.py SVD_img2vid (adm_in_channels 768); SVD and SVD XT differ in frames only"
        ),
        Fingerprint(
            .svd, .oneOf(Architecture.svd.words),
            [
                "down_blocks.#.attentions.#.temporal_transformer_blocks.*", "up_blocks.*",
                .input("add_embedding.linear.#", 768),
            ],
            "diffusers: models/unets/unet_spatio_temporal_condition.py"),
        Fingerprint(
            .unlisted, ["input_blocks.#.#.time_stack.*", .otherInput("label_emb.#.#", [768])],
            "ComfyUI: comfy/supported_models.py SV3D_u, SV3D_p"),
        Fingerprint(nil, ["input_blocks.#.#.time_stack.*"], "ComfyUI: comfy/model_detection.py (time_stack)"),
        // Relatives for which there is no word.
        Fingerprint(
            .unlisted, [context(original, 1024), .output("input_blocks.#.#", 256)],
            "ComfyUI: comfy/supported_models.py SD_X4Upscaler (model_channels 256)"),
        Fingerprint(
            .unlisted, [context(original, 768), "cc_projection"],
            "ComfyUI: comfy/supported_models.py Stable_Zero123"),
        Fingerprint(
            .kolors, [.input("label_emb.#.#", 5632)],
            "kohya-ss, ComfyUI-Kolors: the SDXL network with an embedding of 5632"),
        Fingerprint(
            .kolors, [.any([.input("add_embedding.linear.#", 5632), "encoder_hid_proj"]), "up_blocks.*"],
            "Kwai-Kolors/Kolors-diffusers: unet/config.json projection_class_embeddings_input_dim 5632"),
        Fingerprint(
            .sdxl, .exactly("Playground v2"), [context(original, 2048), "edm_mean", "edm_std"],
            "ComfyUI: comfy/supported_models.py SDXL.model_type; diffusers: loaders/single_file_utils.py playground-v2-5"
        ),
        // SDXL with fewer transformer blocks: SSD-1B, Segmind Vega, KOALA.
        Fingerprint(
            .sdxl, .named("SDXL Distilled", or: ["SDXL 1.0"]),
            [context(original, 2048), .lacksNumber("input_blocks.#.#.transformer_blocks.*", 2, 9...99)],
            "ComfyUI: comfy/supported_models.py SSD1B, Segmind_Vega, KOALA_700M (transformer_depth)"),
        Fingerprint(
            .sdxl, .named("SDXL Distilled", or: ["SDXL 1.0"]),
            [
                context(diffusers, 2048), "up_blocks.*",
                .lacksNumber("down_blocks.#.attentions.#.transformer_blocks.*", 2, 9...99),
            ],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SSD_1B, Segmind_Vega, KOALA"
        ),
        Fingerprint(
            .sdxl, [context(original, 2048)], "ComfyUI: comfy/supported_models.py SDXL (context_dim 2048)"
        ),
        Fingerprint(
            .sdxl, [context(diffusers, 2048), "up_blocks.*"],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SDXL"),
        Fingerprint(
            .sdxl, .exactly("SDXL 1.0"), baseModelType: "Refiner", [context(original, 1280)],
            "ComfyUI: comfy/supported_models.py SDXLRefiner (context_dim 1280)"),
        Fingerprint(
            .sdxl, .exactly("SDXL 1.0"), baseModelType: "Refiner",
            [context(diffusers, 1280), "up_blocks.*"],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SDXL_refiner"),
        Fingerprint(
            .sd2, .exactly("SD 2.1 Unclip"),
            [context(original, 1024), .input("label_emb.#.#", 1536, 2048)],
            "ComfyUI: comfy/supported_models.py SD21UnclipL, SD21UnclipH (adm_in_channels)"),
        Fingerprint(
            .sd2, .exactly("SD 2.1 Unclip"),
            [context(diffusers, 1024), "up_blocks.*", .input("class_embedding.linear.#", 1536, 2048)],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SD21_uncliph, SD21_unclipl"
        ),
        Fingerprint(
            .sd2, [context(original, 1024)], "ComfyUI: comfy/supported_models.py SD20 (context_dim 1024)"),
        Fingerprint(
            .sd2, [context(diffusers, 1024), "up_blocks.*"],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SD21"),
        Fingerprint(
            .sd1, [context(original, 768)], "ComfyUI: comfy/supported_models.py SD15 (context_dim 768)"),
        Fingerprint(
            .sd1, [context(diffusers, 768), "up_blocks.*"],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SD15"),
        // Packed weights do not tell the context's size, but only SDXL has ten transformer blocks in a row.
        Fingerprint(
            .sdxl, [.number("input_blocks.#.#.transformer_blocks.*", 2, 9...9)],
            "ComfyUI: comfy/supported_models.py SDXL (transformer_depth)"),
        Fingerprint(
            .sdxl,
            [
                "up_blocks.*", .number("down_blocks.#.attentions.#.transformer_blocks.*", 2, 9...9),
                .lacks("encoder_hid_proj"),
            ],
            "ComfyUI: comfy/model_detection.py unet_config_from_diffusers_unet SDXL"),
        Fingerprint(
            nil, [.has(original)], "CompVis/stable-diffusion: ldm/modules/diffusionmodules/openaimodel.py"
        ),
        Fingerprint(
            nil, [.has(diffusers), "up_blocks.*", "conv_in"],
            "diffusers: models/unets/unet_2d_condition.py"),
        Fingerprint(
            .stableCascade, ["clip_txt_pooled_mapper", "down_blocks.#.#.channelwise.#"],
            "ComfyUI: comfy/model_detection.py (stable cascade, stage c)"),
        Fingerprint(
            .stableCascade, ["effnet_mapper.#", "down_blocks.#.#.channelwise.#"],
            "ComfyUI: comfy/model_detection.py (stable cascade, stage b)"),
    ]

    private static let original: Condition.Name = "input_blocks.#.#.transformer_blocks.#.attn2.to_k"
    private static let diffusers: Condition.Name =
        "down_blocks.#.attentions.#.transformer_blocks.#.attn2.to_k"

    private static func context(_ name: Condition.Name, _ size: UInt64) -> Condition {
        .input(name, [size])
    }
}
