extension Fingerprint {
    /// Networks that enlarge or restore pictures. None belongs to a base model.
    ///
    /// chaiNNer-org/spandrel: libs/spandrel/spandrel/architectures, `detect` of each.
    static let upscalers: [Fingerprint] = [
        Fingerprint(
            nil,
            [
                "conv_first",
                .has(
                    anyOf: "body.#.*", "RRDB_trunk.*", "layers.#.*", "conv_body", "trunk_conv",
                    "conv_after_body",
                    "conv_last", "upsample.*", "params"),
            ],
            "spandrel: ESRGAN (new), SwinIR, Swin2SR, HAT, DAT, RGT, DRCT, ATD, GRL"),
        Fingerprint(
            nil, ["conv_first.#", "layers.#.residual_group.*"], "spandrel: SwinIR (conv_first.1)"),
        Fingerprint(nil, ["#.sub.#.RDB1.conv1.#"], "spandrel: ESRGAN (old)"),
        Fingerprint(
            nil, ["body.#", .input("body.#", 1, 3, 4), .output("body.#", 48, 64)], "spandrel: Compact"),
        Fingerprint(nil, ["block_1.c1_r.*", "conv_cat"], "spandrel: SPAN"),
        Fingerprint(nil, ["residual_layer.#.residual_layer.*"], "spandrel: OmniSR"),
        Fingerprint(nil, ["feats.#.lk.*"], "spandrel: PLKSR, RealPLKSR"),
        Fingerprint(nil, ["feats.#.safm.*"], "spandrel: SAFMN"),
        Fingerprint(nil, ["stylegan_decoder.*"], "spandrel: GFPGAN"),
        Fingerprint(
            nil, ["quantize.embedding", "encoder.down.#.block.#.*"], "spandrel: RestoreFormer"),
        Fingerprint(
            nil, ["idx_pred_layer.*", "fuse_convs_dict.*"],
            "sczhou/CodeFormer: basicsr/archs/codeformer_arch.py"),
        Fingerprint(nil, ["m_head.#", "m_tail.#"], "spandrel: SCUNet"),
        Fingerprint(nil, ["unet1.conv1.conv.#", "unet1.conv_bottom"], "spandrel: RealCUGAN"),
        Fingerprint(nil, ["gblocks.#.*"], "spandrel: MoSR"),
        Fingerprint(nil, ["UFONE.#.*"], "spandrel: DITN"),
        Fingerprint(nil, ["initial.cnn.*", "final_conv.*"], "spandrel: SwiftSRGAN"),
        Fingerprint(nil, ["intro", "ending", "encoders.#.#.*"], "spandrel: NAFNet"),
        Fingerprint(
            nil, ["post_upsample_res_blocks.*"], "ComfyUI: comfy/ldm/lightricks/latent_upsampler.py"),
    ]

    /// Finders of faces, hands and the like.
    static let detectors: [Fingerprint] = [
        Fingerprint(
            nil, [.has(anyOf: "#.dfl.conv", "#.cv2.#.#.conv", "#.cv3.#.#.conv", "#.m.#.cv1.conv")],
            "ultralytics: ultralytics/nn/modules/head.py Detect, Segment, Pose"),
        Fingerprint(
            nil, ["mask_decoder.*", .has(anyOf: "image_encoder.*", "vision_encoder.*")],
            "facebookresearch/segment-anything: segment_anything/modeling/sam.py"),
    ]

    /// Embeddings, also called textual inversions.
    static let embeddings: [Fingerprint] = [
        Fingerprint(
            .sdxl, ["clip_l", "clip_g", .tensors(2...8)],
            "kohya-ss/sd-scripts: sdxl_train_textual_inversion.py"),
        Fingerprint(
            .sdxl, ["clip_g", .tensors(1...8)],
            "InvokeAI: model_manager/configs/textual_inversion.py (clip_g)"),
        Fingerprint(
            .sdxl, ["text_encoders.#", .tensors(1...8)], "diffusers: examples/advanced_diffusion_training"
        ),
        Fingerprint(
            .sd1, [.has(anyOf: "emb_params", "string_to_param.*"), lastDimension(768)],
            "InvokeAI: model_manager/configs/textual_inversion.py (768)"),
        Fingerprint(
            .sd2, [.has(anyOf: "emb_params", "string_to_param.*"), lastDimension(1024)],
            "InvokeAI: model_manager/configs/textual_inversion.py (1024)"),
        Fingerprint(
            .sdxl, [.has(anyOf: "emb_params", "string_to_param.*"), lastDimension(1280)],
            "InvokeAI: model_manager/configs/textual_inversion.py (1280)"),
        Fingerprint(
            nil, [.has(anyOf: "emb_params", "string_to_param.*")],
            "A1111: modules/textual_inversion/textual_inversion.py load_from_file"),
        Fingerprint(
            .sd1, [.tensors(1...9), .onlyVectors(768)],
            "InvokeAI: model_manager/configs/textual_inversion.py (a token's)"),
        Fingerprint(
            .sd2, [.tensors(1...9), .onlyVectors(1024)],
            "InvokeAI: model_manager/configs/textual_inversion.py (a token's)"),
    ]

    private static func lastDimension(_ size: UInt64) -> Condition {
        .any([.dimension("emb_params", 1, size), .dimension("string_to_param.*", 1, size)])
    }

    /// Hypernetworks: two small networks for each width of the attention.
    static let hypernetworks: [Fingerprint] = [
        Fingerprint(
            .sd1, [.has(anyOf: "#.#.linear.#", "#.#.linear#"), .number("#.*", 0, 768...768)],
            "A1111: modules/hypernetworks/hypernetwork.py"),
        Fingerprint(
            .sd2, [.has(anyOf: "#.#.linear.#", "#.#.linear#"), .number("#.*", 0, 1024...1024)],
            "A1111: modules/hypernetworks/hypernetwork.py"),
        Fingerprint(
            nil, [.has(anyOf: "#.#.linear.#"), .number("#.*", 0, 320...1280)],
            "A1111: modules/hypernetworks/hypernetwork.py"),
    ]
}
