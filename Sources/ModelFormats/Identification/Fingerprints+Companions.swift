extension Fingerprint {
    /// ControlNets, T2I adapters, Control-LoRAs.
    ///
    /// ComfyUI: comfy/controlnet.py, comfy/t2i_adapter/adapter.py.
    static let controls: [Fingerprint] = [
        Fingerprint(
            .unlisted,
            [
                .any(["controlnet_blocks.#.*", "controlnet_blocks.#"]), "patch_embed.proj",
                "caption_projection.*",
            ],
            "diffusers: models/controlnets/controlnet_sana.py"),
        Fingerprint(
            .sd3, .oneOf(Architecture.sd3.words), ["controlnet_blocks.#", "pos_embed_input.proj"],
            "ComfyUI: comfy/controlnet.py load_controlnet_mmdit"),
        Fingerprint(
            .qwenImage,
            [
                .has(anyOf: "controlnet_blocks.#", "controlnet_blocks.#.*"),
                "transformer_blocks.#.img_mlp.*",
            ],
            "ComfyUI: comfy/controlnet.py load_controlnet_qwen_instantx"),
        Fingerprint(
            .flux1,
            [
                .has(anyOf: "controlnet_blocks.#", "controlnet_blocks.#.*"),
                .has(anyOf: "controlnet_x_embedder", "double_blocks.#.*", "single_transformer_blocks.#.*"),
            ],
            "ComfyUI: comfy/controlnet.py load_controlnet_flux_instantx, load_controlnet_flux_xlabs_mistoline"
        ),
        Fingerprint(
            .zImage, [.has(anyOf: "control_layers.#.*", "control_all_x_embedder.*")],
            "diffusers: loaders/single_file_utils.py z-image-turbo-controlnet"),
        Fingerprint(
            .hunyuanDiT, ["after_proj_list.#"], "ComfyUI: comfy/controlnet.py load_controlnet_hunyuandit"),
        Fingerprint(
            .sdxl, [control, .input(anyOf: crossAttention, 2048)],
            "ComfyUI: comfy/controlnet.py (context 2048)"),
        Fingerprint(
            .sd2, [control, .input(anyOf: crossAttention, 1024)],
            "ComfyUI: comfy/controlnet.py (context 1024)"),
        Fingerprint(
            .sd1, [control, .input(anyOf: crossAttention, 768)],
            "ComfyUI: comfy/controlnet.py (context 768)"),
        Fingerprint(
            .sdxl, ["lora_controlnet", .dimension(crossDown, 1, 2048)],
            "ComfyUI: comfy/controlnet.py ControlLora; Stability AI's control-lora"),
        Fingerprint(
            .sdxl, [.has(anyOf: "lllite_unet.*", "lllite_dit.*")],
            "kohya-ss/sd-scripts: networks/control_net_lllite.py"),
        Fingerprint(
            .sdxl, [t2iAdapter, .input(anyOf: ["conv_in", "adapter.conv_in"], 256, 768)],
            "ComfyUI: comfy/controlnet.py load_t2i_adapter (xl)"),
        Fingerprint(
            .sd1, [t2iAdapter, .input(anyOf: ["conv_in", "adapter.conv_in"], 64, 192)],
            "ComfyUI: comfy/controlnet.py load_t2i_adapter"),
        Fingerprint(
            nil, [.any([control, t2iAdapter, "controlnet_blocks.#", "lora_controlnet"])],
            "ComfyUI: comfy/controlnet.py"),
    ]

    private static let crossDown: Condition.Name =
        "input_blocks.#.#.transformer_blocks.#.attn2.to_k.down"
    private static let control = Condition.has(
        anyOf: "controlnet_cond_embedding.*", "controlnet_down_blocks.*", "input_hint_block.*",
        "zero_convs.*")
    private static let t2iAdapter = Condition.has(
        anyOf: "adapter.body.*", "body.#.block1", "body.#.in_conv", "body.#.body.#.block1")
    static let crossAttention: [Condition.Name] = [
        "input_blocks.#.#.transformer_blocks.#.attn2.to_k",
        "down_blocks.#.attentions.#.transformer_blocks.#.attn2.to_k",
        "output_blocks.#.#.transformer_blocks.#.attn2.to_k",
        "up_blocks.#.attentions.#.transformer_blocks.#.attn2.to_k",
        "middle_block.#.transformer_blocks.#.attn2.to_k",
        "mid_block.attentions.#.transformer_blocks.#.attn2.to_k",
    ]

    /// IP-Adapters: attention to a picture.
    static let ipAdapters: [Fingerprint] = [
        Fingerprint(
            .sdxl, [.input("ip_adapter.#.to_k_ip", 2048)],
            "InvokeAI: model_manager/configs/ip_adapter.py (2048)"),
        Fingerprint(
            .sd2, [.input("ip_adapter.#.to_k_ip", 1024)],
            "InvokeAI: model_manager/configs/ip_adapter.py (1024)"),
        Fingerprint(
            .sd1, [.input("ip_adapter.#.to_k_ip", 768)],
            "InvokeAI: model_manager/configs/ip_adapter.py (768)"),
        Fingerprint(
            .flux1,
            [.has(anyOf: "ip_adapter_proj_model.*", "double_blocks.#.ip_adapter_double_stream_k_proj")],
            "InvokeAI: model_manager/configs/ip_adapter.py (XLabs)"),
        Fingerprint(
            nil, [.any(["ip_adapter.#.*", .all(["image_proj.*", .lacks("down_blocks.*")])])],
            "tencent-ailab/IP-Adapter: ip_adapter/ip_adapter.py"),
    ]

    /// Motion modules of AnimateDiff and HotshotXL.
    static let motionModules: [Fingerprint] = [
        Fingerprint(
            .sdxl, ["down_blocks.#.temporal_attentions.*"],
            "hotshotco/Hotshot-XL: hotshot_xl/models/unet.py"),
        Fingerprint(
            .sd1, [.number("up_blocks.#.motion_modules.*", 0, 3...3)],
            "guoyww/AnimateDiff: animatediff/models/unet.py (four levels)"),
        Fingerprint(
            .sdxl, [.lacksNumber("up_blocks.#.motion_modules.*", 0, 3...3)],
            "diffusers: loaders/single_file_utils.py animatediff_sdxl_beta (three levels)"),
        Fingerprint(
            nil, [.has(anyOf: "down_blocks.#.motion_modules.*", "mid_block.motion_modules.*")],
            "guoyww/AnimateDiff"),
    ]
}
