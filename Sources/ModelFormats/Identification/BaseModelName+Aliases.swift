extension BaseModelName {
    /// What other programs call base models, in lower case, and CivitAI's word for it.
    static let aliases: [String: String] = [
        // A1111 and Forge: `sd version` of their sidecars (modules/network.py SdVersion, modules_forge).
        "sd1": "SD 1.5", "sd2": "SD 2.1", "sdxl": "SDXL 1.0", "sd3": "SD 3", "flux": "Flux.1 D",
        "sd 1": "SD 1.5", "sd 2": "SD 2.1", "xl": "SDXL 1.0", "sd1.5": "SD 1.5", "sd2.1": "SD 2.1",
        // kohya-ss/sd-scripts and musubi-tuner: ss_base_model_version.
        "sd_v1": "SD 1.5", "sd_v2": "SD 2.1", "sd_v2_v": "SD 2.1 768", "sd_1.5": "SD 1.5",
        "sdxl_base_v0-9": "SDXL 0.9",
        "sdxl_base_v1-0": "SDXL 1.0", "sd_xl_v1": "SDXL 1.0", "sdxl_1.0": "SDXL 1.0",
        "flux1": "Flux.1 D",
        "flux.1": "Flux.1 D", "sd3_m": "SD 3", "sd3.5-medium": "SD 3.5 Medium",
        "sd3.5-large": "SD 3.5 Large",
        "sd3.5_medium": "SD 3.5 Medium", "sd3.5_large": "SD 3.5 Large", "lumina2": "Lumina",
        "hunyuan_video": "Hunyuan Video", "hunyuanvideo": "Hunyuan Video", "wan2.1": "Wan Video",
        "wan21": "Wan Video", "wan2.2": "Wan Video", "wan22": "Wan Video", "wan": "Wan Video",
        "qwen_image": "Qwen", "qwen-image": "Qwen", "qwenimage": "Qwen", "qwen-image-edit": "Qwen",
        "zimage": "ZImageTurbo", "z-image": "ZImageTurbo", "z_image": "ZImageTurbo",
        "z-image-turbo": "ZImageTurbo",
        "z_image_turbo": "ZImageTurbo", "zimage:turbo": "ZImageTurbo", "z-image-base": "ZImageBase",
        "flux2": "Flux.2 D", "flux.2": "Flux.2 D", "flux-2-dev": "Flux.2 D", "flux2-dev": "Flux.2 D",
        // ModelSpec architectures (Stability-AI/ModelSpec; kohya-ss/sd-scripts: library/sai_model_spec.py).
        "stable-diffusion-v1": "SD 1.5", "stable-diffusion-v1-inpainting": "SD 1.5",
        "stable-diffusion-v2-512": "SD 2.1",
        "stable-diffusion-v2-768-v": "SD 2.1 768", "stable-diffusion-v2-unclip-h": "SD 2.1 Unclip",
        "stable-diffusion-v2-unclip-l": "SD 2.1 Unclip", "stable-diffusion-xl-v0_9-base": "SDXL 0.9",
        "stable-diffusion-xl-v1-base": "SDXL 1.0", "stable-diffusion-xl-v1-refiner": "SDXL 1.0",
        "stable-diffusion-xl-turbo-v1": "SDXL Turbo", "stable-diffusion-3": "SD 3",
        "stable-diffusion-3-m": "SD 3",
        "stable-diffusion-3-5": "SD 3.5", "stable-diffusion-3-5-large": "SD 3.5 Large",
        "stable-diffusion-3-5-medium": "SD 3.5 Medium", "stable-diffusion-v3.5-large": "SD 3.5 Large",
        "stable-diffusion-v3.5-medium": "SD 3.5 Medium", "stable-cascade-v1": "Stable Cascade",
        "stable-cascade-v1-prior": "Stable Cascade", "stable-video-diffusion": "SVD",
        "stable-video-diffusion-img2vid-v1": "SVD", "flux-1-dev": "Flux.1 D", "flux-1": "Flux.1 D",
        "flux-1-schnell": "Flux.1 S", "lumina-2": "Lumina", "anima-preview": "Anima",
        "anima-unknown": "Anima",
        "hunyuan-video": "Hunyuan Video", "wan2.1-t2v-1.3b": "Wan Video 1.3B t2v",
        "wan2.1-t2v-14b": "Wan Video 14B t2v",
        "wan2.2-t2v-a14b": "Wan Video 2.2 T2V-A14B", "wan2.2-i2v-a14b": "Wan Video 2.2 I2V-A14B",
        "wan2.2-ti2v-5b": "Wan Video 2.2 TI2V-5B", "ltx-video": "LTXV", "ltx2": "LTXV2",
        "ltx-2": "LTXV2",
        "hidream-i1": "HiDream", "pixart-alpha": "PixArt a", "pixart-sigma": "PixArt E",
        "hunyuan-dit": "Hunyuan 1",
        "cogvideox-2b": "CogVideoX", "cogvideox-5b": "CogVideoX", "mochi-1": "Mochi",
        "auraflow-v0.3": "AuraFlow",
        // InvokeAI: model_manager/taxonomy.py BaseModelType.
        "sd-1": "SD 1.5", "sd-2": "SD 2.1", "sd-3": "SD 3.5", "sdxl-refiner": "SDXL 1.0",
    ]
}
