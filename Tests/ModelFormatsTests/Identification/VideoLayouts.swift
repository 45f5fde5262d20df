/// Telling tensors of diffusion transformers for video, as `Layout` reads them: from the networks' public definitions,
/// the first and the last block of each kind.
enum VideoLayouts {
    static let hunyuanVideo = """
        img_in.proj.weight 3072x16x1x2x2
        vector_in.in_layer.weight 3072x768
        guidance_in.in_layer.weight 3072x256
        txt_in.input_embedder.weight 3072x4096
        txt_in.individual_token_refiner.blocks.{0,1}.self_attn.qkv.weight 9216x3072
        double_blocks.{0,19}.img_mod.lin.weight 18432x3072
        double_blocks.{0,19}.img_attn.qkv.weight 9216x3072
        double_blocks.{0,19}.img_mlp.0.weight 12288x3072
        single_blocks.{0,39}.linear1.weight 21504x3072
        """

    static let hunyuanVideoDiffusers = """
        x_embedder.proj.weight 3072x16x1x2x2
        context_embedder.time_text_embed.timestep_embedder.linear_1.weight 3072x256
        context_embedder.time_text_embed.text_embedder.linear_1.weight 3072x4096
        context_embedder.token_refiner.refiner_blocks.{0,1}.attn.to_q.weight 3072x3072
        time_text_embed.timestep_embedder.linear_1.weight 3072x256
        time_text_embed.text_embedder.linear_1.weight 3072x768
        time_text_embed.guidance_embedder.linear_1.weight 3072x256
        transformer_blocks.{0,19}.norm1.linear.weight 18432x3072
        transformer_blocks.{0,19}.attn.to_q.weight 3072x3072
        single_transformer_blocks.{0,39}.attn.to_q.weight 3072x3072
        single_transformer_blocks.{0,39}.norm.linear.weight 9216x3072
        """

    static let hunyuanVideo15 = """
        x_embedder.proj.weight 2048x65x1x1x1
        context_embedder.token_refiner.refiner_blocks.{0,1}.attn.to_q.weight 2048x2048
        cond_type_embed.weight 3x2048
        transformer_blocks.{0,53}.attn.to_q.weight 2048x2048
        transformer_blocks.{0,53}.attn.add_q_proj.weight 2048x2048
        """

    static let ltxVideo = """
        scale_shift_table 2x2048
        patchify_proj.weight 2048x128
        adaln_single.emb.timestep_embedder.linear_1.weight 2048x256
        transformer_blocks.{0,27}.attn1.to_q.weight 2048x2048
        transformer_blocks.{0,27}.attn1.to_k.weight 2048x2048
        transformer_blocks.{0,27}.attn2.to_q.weight 2048x2048
        transformer_blocks.{0,27}.attn2.to_k.weight 2048x2048
        """

    static let ltxVideo13BDiffusers = """
        scale_shift_table 2x4096
        proj_in.weight 4096x128
        time_embed.emb.timestep_embedder.linear_1.weight 4096x256
        caption_projection.linear_1.weight 4096x4096
        transformer_blocks.{0,47}.attn1.to_q.weight 4096x4096
        transformer_blocks.{0,47}.attn1.to_k.weight 4096x4096
        transformer_blocks.{0,47}.attn2.to_q.weight 4096x4096
        transformer_blocks.{0,47}.attn2.to_k.weight 4096x4096
        proj_out.weight 128x4096
        """

    static let ltx2Diffusers = """
        scale_shift_table 2x4096
        proj_in.weight 4096x128
        time_embed.emb.timestep_embedder.linear_1.weight 4096x256
        audio_time_embed.emb.timestep_embedder.linear_1.weight 2048x256
        transformer_blocks.{0,47}.attn1.to_q.weight 4096x4096
        transformer_blocks.{0,47}.audio_attn1.to_q.weight 2048x2048
        transformer_blocks.{0,47}.attn2.to_q.weight 4096x4096
        transformer_blocks.{0,47}.audio_attn2.to_q.weight 2048x2048
        """

    static let mochi = """
        x_embedder.proj.weight 3072x12x2x2
        t5_yproj.weight 1536x4096
        blocks.{0,47}.attn.qkv_x.weight 9216x3072
        blocks.{0,47}.attn.qkv_y.weight 9216x1536
        blocks.{0,47}.attn.proj_x.weight 3072x3072
        """

    static let mochiDiffusers = """
        patch_embed.proj.weight 3072x12x2x2
        time_embed.pooler.to_kv.weight 8192x4096
        time_embed.pooler.to_q.weight 4096x4096
        time_embed.pooler.to_out.weight 3072x4096
        transformer_blocks.{0,47}.attn1.to_q.weight 3072x3072
        transformer_blocks.{0,47}.attn1.add_q_proj.weight 3072x1536
        """

    static let cogVideoX5B = """
        patch_embed.proj.weight 3072x16x2x2
        patch_embed.text_proj.weight 3072x4096
        time_embedding.linear_1.weight 512x3072
        transformer_blocks.{0,41}.norm1.norm.weight 3072
        transformer_blocks.{0,41}.attn1.to_q.weight 3072x3072
        transformer_blocks.{0,41}.ff.net.0.proj.weight 12288x3072
        """

    static let wan13B = """
        patch_embedding.weight 1536x16x1x2x2
        text_embedding.0.weight 1536x4096
        blocks.{0,29}.self_attn.q.weight 1536x1536
        blocks.{0,29}.cross_attn.k.weight 1536x1536
        blocks.{0,29}.ffn.0.weight 8960x1536
        head.modulation 1x2x1536
        """

    static let wan14B = """
        patch_embedding.weight 5120x16x1x2x2
        text_embedding.0.weight 5120x4096
        blocks.{0,39}.self_attn.q.weight 5120x5120
        blocks.{0,39}.cross_attn.k.weight 5120x5120
        blocks.{0,39}.ffn.0.weight 13824x5120
        head.modulation 1x2x5120
        """

    static let wan14BImageToVideo = """
        patch_embedding.weight 5120x36x1x2x2
        text_embedding.0.weight 5120x4096
        blocks.{0,39}.self_attn.q.weight 5120x5120
        blocks.{0,39}.cross_attn.k.weight 5120x5120
        blocks.{0,39}.cross_attn.k_img.weight 5120x5120
        blocks.{0,39}.ffn.0.weight 13824x5120
        head.modulation 1x2x5120
        img_emb.proj.1.weight 1280x1280
        """

    static let wan22ImageToVideo = """
        patch_embedding.weight 5120x36x1x2x2
        text_embedding.0.weight 5120x4096
        blocks.{0,39}.self_attn.q.weight 5120x5120
        blocks.{0,39}.cross_attn.k.weight 5120x5120
        blocks.{0,39}.ffn.0.weight 13824x5120
        head.modulation 1x2x5120
        """

    static let wan22TI2V5B = """
        patch_embedding.weight 3072x48x1x2x2
        text_embedding.0.weight 3072x4096
        blocks.{0,29}.self_attn.q.weight 3072x3072
        blocks.{0,29}.cross_attn.k.weight 3072x3072
        blocks.{0,29}.ffn.0.weight 14336x3072
        head.modulation 1x2x3072
        """

    static let wan14BDiffusers = """
        patch_embedding.weight 5120x16x1x2x2
        condition_embedder.text_embedder.linear_1.weight 5120x4096
        blocks.{0,39}.attn1.to_q.weight 5120x5120
        blocks.{0,39}.attn2.to_k.weight 5120x5120
        blocks.{0,39}.ffn.net.0.proj.weight 13824x5120
        """

    static let wanVACE = """
        patch_embedding.weight 5120x16x1x2x2
        text_embedding.0.weight 5120x4096
        blocks.{0,39}.self_attn.q.weight 5120x5120
        head.modulation 1x2x5120
        vace_blocks.{0,7}.self_attn.q.weight 5120x5120
        """
}
