/// Telling tensors of networks of the U shape, as `Layout` reads them, and what stands beside them in checkpoints.
enum UNetLayouts {
    /// The original layout, without its prefix `model.diffusion_model.`.
    static func original(
        context: UInt64, channels: UInt64 = 4, width: UInt64 = 320, embedding: UInt64? = nil, depth: Int = 1,
        isLinear: Bool = false
    ) -> String {
        let levels = depth > 1 ? "{4,5,7,8}" : "{1,2,4,5,7,8}"
        let outer = depth > 1 ? "{0,5}" : "{3,11}"
        return """
            input_blocks.0.0.weight \(width)x\(channels)x3x3
            input_blocks.3.0.op.weight \(width)x\(width)x3x3
            time_embed.0.weight 1280x320
            input_blocks.\(levels).1.proj_in.weight 640x640\(isLinear ? "" : "x1x1")
            input_blocks.\(levels).1.transformer_blocks.{0,\(depth - 1)}.attn1.to_q.weight 640x640
            input_blocks.\(levels).1.transformer_blocks.{0,\(depth - 1)}.attn2.to_k.weight 640x\(context)
            middle_block.1.transformer_blocks.0.attn2.to_k.weight 1280x\(context)
            output_blocks.\(outer).1.transformer_blocks.0.attn2.to_k.weight 1280x\(context)
            out.2.weight 4x320x3x3
            \(embedding.map { "label_emb.0.0.weight 1280x\($0)" } ?? "out.2.bias 4")
            """
    }

    /// The layout of diffusers.
    static func diffusers(
        context: UInt64, channels: UInt64 = 4, width: UInt64 = 320, embedding: UInt64? = nil, depth: Int = 1,
        isLinear: Bool = false
    ) -> String {
        let levels = depth > 1 ? "{1,2}" : "{0,1,2}"
        let up = depth > 1 ? "{0,1}" : "{1,2,3}"
        return """
            conv_in.weight \(width)x\(channels)x3x3
            time_embedding.linear_1.weight 1280x320
            down_blocks.\(levels).attentions.{0,1}.proj_in.weight 640x640\(isLinear ? "" : "x1x1")
            down_blocks.\(levels).attentions.{0,1}.transformer_blocks.{0,\(depth - 1)}.attn1.to_q.weight 640x640
            down_blocks.\(levels).attentions.{0,1}.transformer_blocks.{0,\(depth - 1)}.attn2.to_k.weight 640x\(context)
            mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight 1280x\(context)
            up_blocks.\(up).attentions.{0,2}.transformer_blocks.0.attn2.to_k.weight 1280x\(context)
            up_blocks.\(up).attentions.{0,2}.transformer_blocks.0.attn1.to_q.weight 1280x1280
            conv_out.weight 4x320x3x3
            \(embedding.map { "add_embedding.linear_1.weight 1280x\($0)" } ?? "conv_out.bias 4")
            """
    }

    static let sdxl = original(context: 2048, embedding: 2816, depth: 10, isLinear: true)
    static let sdxlDiffusers = diffusers(context: 2048, embedding: 2816, depth: 10, isLinear: true)

    static let vae = """
        encoder.conv_in.weight 128x3x3x3
        encoder.down.{0,3}.block.{0,1}.conv1.weight 128x128x3x3
        encoder.conv_out.weight 8x512x3x3
        decoder.conv_in.weight 512x4x3x3
        decoder.conv_out.weight 3x128x3x3
        quant_conv.weight 8x8x1x1
        post_quant_conv.weight 4x4x1x1
        """

    static let textEncoder = """
        transformer.text_model.embeddings.token_embedding.weight 49408x768
        transformer.text_model.encoder.layers.{0,11}.self_attn.q_proj.weight 768x768
        """

    static let cascadeC = """
        clip_txt_pooled_mapper.weight 8192x1280
        clip_txt_mapper.weight 2048x1280
        down_blocks.{0,1}.0.channelwise.0.weight 8192x2048
        down_blocks.1.2.attention.attn.out_proj.weight 2048x2048
        """

    static let cascadeB = """
        effnet_mapper.0.weight 1280x16x1x1
        clip_mapper.weight 5120x1280
        down_blocks.{1,3}.0.channelwise.0.weight 2560x640
        """

    static let videoDiffusion =
        original(context: 1024, channels: 8, embedding: 768, isLinear: true) + "\n" + """
            input_blocks.1.1.time_stack.0.attn1.to_q.weight 320x320
            """
}
