/// Telling tensors of diffusion transformers for pictures, as `Layout` reads them: from the networks' public
/// definitions, the first and the last block of each kind.
enum PictureLayouts {
    static let flux1Dev = """
        img_in.weight 3072x64
        vector_in.in_layer.weight 3072x768
        guidance_in.in_layer.weight 3072x256
        txt_in.weight 3072x4096
        double_blocks.{0,18}.img_mod.lin.weight 18432x3072
        double_blocks.{0,18}.img_attn.qkv.weight 9216x3072
        double_blocks.{0,18}.img_attn.proj.weight 3072x3072
        double_blocks.{0,18}.img_mlp.0.weight 12288x3072
        single_blocks.{0,37}.linear1.weight 21504x3072
        single_blocks.{0,37}.modulation.lin.weight 9216x3072
        """

    static let flux1DevDiffusers = """
        time_text_embed.timestep_embedder.linear_1.weight 3072x256
        time_text_embed.guidance_embedder.linear_1.weight 3072x256
        time_text_embed.text_embedder.linear_1.weight 3072x768
        context_embedder.weight 3072x4096
        x_embedder.weight 3072x64
        transformer_blocks.{0,18}.norm1.linear.weight 18432x3072
        transformer_blocks.{0,18}.attn.to_q.weight 3072x3072
        transformer_blocks.{0,18}.attn.add_q_proj.weight 3072x3072
        transformer_blocks.{0,18}.ff.net.0.proj.weight 12288x3072
        single_transformer_blocks.{0,37}.norm.linear.weight 9216x3072
        single_transformer_blocks.{0,37}.proj_mlp.weight 12288x3072
        single_transformer_blocks.{0,37}.attn.to_q.weight 3072x3072
        """

    static let flux2Klein4BDiffusers = """
        double_stream_modulation_img.linear.weight 18432x3072
        double_stream_modulation_txt.linear.weight 18432x3072
        single_stream_modulation.linear.weight 9216x3072
        x_embedder.weight 3072x128
        context_embedder.weight 3072x7680
        transformer_blocks.{0,4}.attn.to_q.weight 3072x3072
        transformer_blocks.{0,4}.attn.add_q_proj.weight 3072x3072
        transformer_blocks.{0,4}.ff.linear_in.weight 18432x3072
        single_transformer_blocks.{0,19}.attn.to_qkv_mlp_proj.weight 27648x3072
        """

    static let flux2DevDiffusers = """
        double_stream_modulation_img.linear.weight 36864x6144
        double_stream_modulation_txt.linear.weight 36864x6144
        single_stream_modulation.linear.weight 18432x6144
        x_embedder.weight 6144x128
        context_embedder.weight 6144x15360
        transformer_blocks.{0,7}.attn.to_q.weight 6144x6144
        transformer_blocks.{0,7}.attn.add_q_proj.weight 6144x6144
        transformer_blocks.{0,7}.ff.linear_in.weight 36864x6144
        single_transformer_blocks.{0,47}.attn.to_qkv_mlp_proj.weight 55296x6144
        """

    static let chroma = """
        img_in.weight 3072x64
        txt_in.weight 3072x4096
        distilled_guidance_layer.in_proj.weight 5120x64
        distilled_guidance_layer.layers.{0,4}.in_layer.weight 5120x5120
        double_blocks.{0,18}.img_attn.qkv.weight 9216x3072
        double_blocks.{0,18}.img_attn.proj.weight 3072x3072
        double_blocks.{0,18}.img_mlp.0.weight 12288x3072
        single_blocks.{0,37}.linear1.weight 21504x3072
        """

    static let sd3Medium = """
        x_embedder.proj.weight 1536x16x2x2
        y_embedder.mlp.0.weight 1536x2048
        joint_blocks.{0,23}.context_block.attn.qkv.weight 4608x1536
        joint_blocks.{0,22}.context_block.mlp.fc1.weight 6144x1536
        joint_blocks.{0,23}.x_block.attn.qkv.weight 4608x1536
        joint_blocks.{0,23}.x_block.mlp.fc1.weight 6144x1536
        """

    static let sd35Large = """
        x_embedder.proj.weight 2432x16x2x2
        joint_blocks.{0,37}.context_block.attn.qkv.weight 7296x2432
        joint_blocks.{0,37}.context_block.attn.ln_q.weight 64
        joint_blocks.{0,36}.context_block.mlp.fc1.weight 9728x2432
        joint_blocks.{0,37}.x_block.attn.qkv.weight 7296x2432
        joint_blocks.{0,37}.x_block.attn.ln_q.weight 64
        joint_blocks.{0,37}.x_block.mlp.fc1.weight 9728x2432
        """

    static let sd35Medium = """
        x_embedder.proj.weight 1536x16x2x2
        joint_blocks.{0,23}.context_block.attn.qkv.weight 4608x1536
        joint_blocks.{0,23}.context_block.attn.ln_q.weight 64
        joint_blocks.{0,22}.context_block.mlp.fc1.weight 6144x1536
        joint_blocks.{0,23}.x_block.attn.qkv.weight 4608x1536
        joint_blocks.{0,23}.x_block.attn.ln_q.weight 64
        joint_blocks.{0,12}.x_block.attn2.qkv.weight 4608x1536
        joint_blocks.{0,12}.x_block.attn2.ln_q.weight 64
        joint_blocks.{0,23}.x_block.mlp.fc1.weight 6144x1536
        """

    static let sd35LargeDiffusers = """
        pos_embed.proj.weight 2432x16x2x2
        time_text_embed.text_embedder.linear_1.weight 2432x2048
        transformer_blocks.{0,37}.attn.norm_q.weight 64
        transformer_blocks.{0,37}.attn.to_q.weight 2432x2432
        transformer_blocks.{0,37}.attn.add_q_proj.weight 2432x2432
        transformer_blocks.{0,37}.ff.net.0.proj.weight 9728x2432
        """

    static let sd35MediumDiffusers = """
        pos_embed.proj.weight 1536x16x2x2
        time_text_embed.text_embedder.linear_1.weight 1536x2048
        transformer_blocks.{0,23}.attn.norm_q.weight 64
        transformer_blocks.{0,23}.attn.to_q.weight 1536x1536
        transformer_blocks.{0,23}.attn.add_q_proj.weight 1536x1536
        transformer_blocks.{0,12}.attn2.norm_q.weight 64
        transformer_blocks.{0,12}.attn2.to_q.weight 1536x1536
        transformer_blocks.{0,23}.ff.net.0.proj.weight 6144x1536
        """

    static let auraFlow = """
        cond_seq_linear.weight 3072x2048
        init_x_linear.weight 3072x16
        double_layers.{0,3}.mlpC.c_fc1.weight 8192x3072
        double_layers.{0,3}.mlpX.c_fc1.weight 8192x3072
        double_layers.{0,3}.attn.w1q.weight 3072x3072
        single_layers.{0,31}.attn.w1q.weight 3072x3072
        single_layers.{0,31}.mlp.c_fc1.weight 8192x3072
        """

    static let auraFlowDiffusers = """
        register_tokens 1x8x3072
        context_embedder.weight 3072x2048
        joint_transformer_blocks.{0,3}.attn.to_q.weight 3072x3072
        joint_transformer_blocks.{0,3}.ff.linear_1.weight 8192x3072
        single_transformer_blocks.{0,31}.attn.to_q.weight 3072x3072
        single_transformer_blocks.{0,31}.ff.linear_1.weight 8192x3072
        """

    static let pixArtAlphaDiffusers = """
        pos_embed.proj.weight 1152x4x2x2
        transformer_blocks.{0,27}.attn1.to_q.weight 1152x1152
        transformer_blocks.{0,27}.attn2.to_q.weight 1152x1152
        adaln_single.emb.timestep_embedder.linear_1.weight 1152x256
        adaln_single.emb.resolution_embedder.linear_1.weight 384x256
        adaln_single.emb.aspect_ratio_embedder.linear_1.weight 384x256
        caption_projection.linear_1.weight 1152x4096
        """

    static let pixArtSigmaDiffusers = """
        pos_embed.proj.weight 1152x4x2x2
        transformer_blocks.{0,27}.attn1.to_q.weight 1152x1152
        transformer_blocks.{0,27}.attn2.to_q.weight 1152x1152
        adaln_single.emb.timestep_embedder.linear_1.weight 1152x256
        caption_projection.linear_1.weight 1152x4096
        """

    static let hunyuanDiT = """
        text_embedding_padding 333x1024
        mlp_t5.0.weight 8192x2048
        x_embedder.proj.weight 1408x4x2x2
        blocks.{0,39}.attn1.Wqkv.weight 4224x1408
        blocks.{0,39}.attn2.kv_proj.weight 2816x1024
        blocks.{21,39}.skip_linear.weight 1408x2816
        """

    static let hiDream = """
        x_embedder.proj.weight 2560x64
        double_stream_blocks.{0,15}.block.attn1.to_q.weight 2560x2560
        single_stream_blocks.{0,31}.block.attn1.to_q.weight 2560x2560
        caption_projection.{0,48}.linear.weight 2560x4096
        """

    static let lumina2 = """
        x_embedder.weight 2304x64
        noise_refiner.{0,1}.attention.qkv.weight 3840x2304
        context_refiner.{0,1}.attention.qkv.weight 3840x2304
        cap_embedder.0.weight 2304
        cap_embedder.1.weight 2304x2304
        layers.{0,25}.attention.qkv.weight 3840x2304
        layers.{0,25}.feed_forward.w1.weight 9216x2304
        """

    static let lumina2Diffusers = """
        x_embedder.weight 2304x64
        time_caption_embed.timestep_embedder.linear_1.weight 1024x256
        time_caption_embed.caption_embedder.1.weight 2304x1024
        noise_refiner.{0,1}.attn.to_q.weight 2304x2304
        context_refiner.{0,1}.attn.to_q.weight 2304x2304
        layers.{0,25}.attn.to_q.weight 2304x2304
        layers.{0,25}.feed_forward.linear_1.weight 9216x2304
        """

    static let zImageDiffusers = """
        cap_pad_token 1x3840
        all_x_embedder.2-1.weight 3840x64
        noise_refiner.{0,1}.attention.to_q.weight 3840x3840
        context_refiner.{0,1}.attention.to_q.weight 3840x3840
        cap_embedder.0.weight 2560
        cap_embedder.1.weight 3840x2560
        layers.{0,29}.attention.to_q.weight 3840x3840
        layers.{0,29}.feed_forward.w1.weight 10240x3840
        """

    static let qwenImage = """
        txt_norm.weight 3584
        img_in.weight 3072x64
        txt_in.weight 3072x3584
        transformer_blocks.{0,59}.img_mod.1.weight 18432x3072
        transformer_blocks.{0,59}.attn.to_q.weight 3072x3072
        transformer_blocks.{0,59}.attn.add_q_proj.weight 3072x3072
        transformer_blocks.{0,59}.img_mlp.net.0.proj.weight 12288x3072
        transformer_blocks.{0,59}.txt_mlp.net.0.proj.weight 12288x3072
        """

    static let cosmosPredict2 = """
        x_embedder.proj.1.weight 2048x68
        blocks.{0,27}.self_attn.q_proj.weight 2048x2048
        blocks.{0,27}.cross_attn.k_proj.weight 2048x1024
        blocks.{0,27}.mlp.layer1.weight 8192x2048
        blocks.{0,27}.adaln_modulation_cross_attn.1.weight 256x2048
        """

    static let flux3 = """
        early_stream_modulations.image.linear.weight 9216x3072
        x_embedders.image.weight 3072x128
        x_embedders.image_cond.weight 3072x128
        context_embedder.weight 3072x20480
        mode_blocks.image.{0,4}.attn.to_q.weight 3072x3072
        mode_blocks.image_cond.{0,4}.attn.to_q.weight 3072x3072
        txt_mode_blocks.{0,4}.attn.to_q.weight 3072x3072
        single_transformer_blocks.{0,27}.attn.to_q.weight 3072x3072
        """

    static let flux2Klein9B = """
        img_in.weight 4096x128
        txt_in.weight 4096x12288
        double_stream_modulation_img.lin.weight 24576x4096
        single_stream_modulation.lin.weight 12288x4096
        double_blocks.{0,7}.img_attn.qkv.weight 12288x4096
        double_blocks.{0,7}.img_attn.proj.weight 4096x4096
        double_blocks.{0,7}.img_mlp.0.weight 24576x4096
        single_blocks.{0,23}.linear1.weight 36864x4096
        """

    static let pixArtAlpha = """
        t_block.1.weight 6912x1152
        y_embedder.y_embedding 120x4096
        ar_embedder.mlp.0.weight 384x256
        blocks.{0,27}.attn.qkv.weight 3456x1152
        blocks.{0,27}.cross_attn.q_linear.weight 1152x1152
        """

    static let pixArtSigma = """
        t_block.1.weight 6912x1152
        y_embedder.y_embedding 300x4096
        blocks.{0,27}.attn.qkv.weight 3456x1152
        blocks.{0,27}.cross_attn.q_linear.weight 1152x1152
        """

    static let zImage = """
        cap_pad_token 1x3840
        cap_embedder.0.weight 2560
        cap_embedder.1.weight 3840x2560
        x_embedder.weight 3840x64
        context_refiner.{0,1}.attention.qkv.weight 11520x3840
        layers.{0,29}.attention.qkv.weight 11520x3840
        layers.{0,29}.feed_forward.w1.weight 10240x3840
        """

    static let anima = """
        x_embedder.proj.1.weight 2048x68
        llm_adapter.blocks.{0,5}.cross_attn.q_proj.weight 1024x1024
        blocks.{0,27}.self_attn.q_proj.weight 2048x2048
        blocks.{0,27}.cross_attn.k_proj.weight 2048x1024
        blocks.{0,27}.mlp.layer1.weight 8192x2048
        blocks.{0,27}.adaln_modulation_cross_attn.1.weight 256x2048
        """

    static let krea2 = """
        img_in.weight 6144x64
        text_fusion.layerwise_blocks.{0,1}.attn.to_q.weight 2560x2560
        text_fusion.projector.weight 1x12
        transformer_blocks.{0,27}.attn.to_q.weight 6144x6144
        transformer_blocks.{0,27}.attn.to_gate.weight 6144x6144
        """
}
