/// What trainers and tools call the base models, and CivitAI's word for each.
///
/// To add a name, add it to the line of its word. Names that fit several words are missing on purpose: `wan_2.2_14b`
/// (I2V or T2V), `zimage` (Base or Turbo), `pixart` (a or E).
enum BaseModelTable {
    private typealias Line = (word: String, names: [String])

    /// CivitAI's own words.
    static let civitaiWords = Set(Architecture.allCases.flatMap(\.words) + ["Other"])

    /// Names of exactly one model.
    ///
    /// Sources: Stability-AI/ModelSpec README.md; kohya-ss/sd-scripts library/sai_model_spec.py; kohya-ss/musubi-tuner
    /// utils/sai_model_spec.py and dataset/architectures.py; Nerogar/OneTrainer resources/sd_model_spec;
    /// ostris/ai-toolkit get_base_model_version of each model; mcmonkeyprojects/SwarmUI T2IModelClassSorter.cs;
    /// for GGUF the repositories' names at Hugging Face, which general.base_model repeats.
    private static let exact: [Line] = [
        ("AuraFlow", ["auraflow-v1"]),
        ("Flux.1 D", ["flux-1-dev", "flux-dev", "Flux.1-dev/depth", "Flux.1-dev/canny"]),
        ("Flux.1 S", ["flux-1-schnell", "flux-schnell"]),
        ("Flux.1 Kontext", ["flux_kontext", "flux.1_kontext", "Flux.1-dev/kontext", "FLUX.1-Kontext-dev"]),
        ("Flux.1 Krea", ["FLUX.1-Krea-dev"]),
        ("Flux.2 D", ["flux.2-dev", "flux_2_dev"]),
        ("Flux.2 Klein 9B-base", ["flux.2-klein-base-9b"]),
        ("Flux.2 Klein 4B-base", ["flux.2-klein-base-4b"]),
        ("HiDream", ["hidream-i1", "HiDream-I1-Full", "HiDream-I1-Dev", "HiDream-I1-Fast"]),
        ("LTXV 2.3", ["lightricks-ltx-video-2-3", "LTX-2.3"]),
        ("Lumina", ["lumina-2", "Lumina-Image-2.0"]),
        ("Mochi", ["genmo-mochi-1", "mochi-1-preview"]),
        ("PixArt a", ["pixart-alpha"]),
        ("PixArt E", ["pixart-sigma", "pixart-ms-sigma-xl-2", "pixart-ms-sigma-xl-2-2k"]),
        ("SD 2.0", ["stable-diffusion-v2-depth"]),
        ("SD 2.1 768", ["stable-diffusion-v2-768-v", "sd_v2_v", "sd_v2_768_v"]),
        (
            "SD 2.1 Unclip",
            ["stable-diffusion-v2-unclip", "stable-diffusion-v2-unclip-h", "stable-diffusion-v2-unclip-l"]
        ),
        (
            "SD 3",
            ["stable-diffusion-v3-medium", "stable-diffusion-3-m", "stable-diffusion-3-medium", "sd3m", "sd3-medium"]
        ),
        (
            "SD 3.5 Large",
            [
                "stable-diffusion-v3.5-large", "stable-diffusion-3-5-large", "stable-diffusion-3-3-5-large",
                "sd3.5-large",
            ]
        ),
        (
            "SD 3.5 Medium",
            [
                "stable-diffusion-v3.5-medium", "stable-diffusion-3-5-medium", "stable-diffusion-3-3-5-medium",
                "sd3.5-medium",
            ]
        ),
        ("SD 3.5 Large Turbo", ["stable-diffusion-v3.5-large-turbo", "stable-diffusion-3.5-large-turbo"]),
        ("SDXL 0.9", ["stable-diffusion-xl-v0_9-base", "sdxl_base_v0-9"]),
        ("SDXL Turbo", ["stable-diffusion-xl-turbo-v1", "sdxl-turbo"]),
        ("Wan Video 1.3B t2v", ["wan-2_1-text2video-1_3b", "Wan2.1-T2V-1.3B"]),
        ("Wan Video 14B t2v", ["wan-2_1-text2video-14b", "Wan2.1-T2V-14B"]),
        ("Wan Video 14B i2v 480p", ["Wan2.1-I2V-14B-480P"]),
        ("Wan Video 14B i2v 720p", ["Wan2.1-I2V-14B-720P"]),
        ("Wan Video 2.2 TI2V-5B", ["wan-2_2-ti2v-5b", "wan_2.2_5b", "Wan2.2-TI2V-5B"]),
        ("Wan Video 2.2 I2V-A14B", ["wan-2_2-image2video-14b", "Wan2.2-I2V-A14B"]),
        ("Wan Video 2.2 T2V-A14B", ["wan-2_2-text2video-14b", "Wan2.2-T2V-A14B"]),
        ("ZImageTurbo", ["z-image-turbo"]),
        ("ZImageBase", ["z-image-base"]),
    ]

    /// Names of an architecture that several models share; the word is its plain one.
    ///
    /// Sources: as above, and for the short ones kohya-ss/sd-scripts library/model_util.py and flux_utils.py, the
    /// `sd version` of AUTOMATIC1111/stable-diffusion-webui and lllyasviel/stable-diffusion-webui-forge (their Lora
    /// extension's ui_edit_user_metadata.py), and general.architecture of city96/ComfyUI-GGUF loader.py.
    private static let plain: [Line] = [
        ("Anima", ["anima-preview", "anima-unknown"]),
        ("AuraFlow", ["aura"]),
        ("Chroma", ["chroma1", "chroma-radiance"]),
        ("Flux.1 D", ["flux", "flux1", "flux.1"]),
        ("Flux.2 D", ["flux2", "flux.2"]),
        ("Flux.2 Klein 9B", ["flux.2-klein-9b"]),
        ("Flux.2 Klein 4B", ["flux.2-klein-4b"]),
        ("HiDream", ["hidream_full"]),
        ("Hunyuan Video", ["hunyuan-video", "hyvid", "framepack", "hunyuan-video-i2v", "hunyuan-video-i2v-v2"]),
        ("LTXV", ["lightricks-ltx-video", "ltx-video"]),
        ("LTXV2", ["lightricks-ltx-video-2", "ltx2", "ltx-2"]),
        ("Lumina", ["lumina2"]),
        ("Qwen", ["qwen-image", "qwen-image-edit", "qwen-image-edit-plus", "Qwen-Image-Edit-2511", "Qwen-Image-2512"]),
        ("Stable Cascade", ["stable-cascade-v1-prior", "stable-cascade-v1-stage-b", "stable-cascade-v1-stage-c"]),
        ("SD 1.5", ["sd1", "sd_1.5", "sd_v1", "sd_v1_v", "stable-diffusion-v1", "stable-diffusion-v1-5"]),
        ("SD 2.1", ["sd2", "sd_2.1", "sd_v2", "ss_v2", "stable-diffusion-v2", "stable-diffusion-v2-512"]),
        ("SD 3", ["sd_3", "stable-diffusion-3", "stable-diffusion-v3"]),
        ("SD 3.5", ["stable-diffusion-v3.5"]),
        (
            "SDXL 1.0",
            ["sdxl", "sdxl_1.0", "sdxl_base_v1-0", "stable-diffusion-xl-v1-base", "stable-diffusion-xl-base-1.0"]
        ),
        ("SVD", ["stable-video-diffusion-img2vid-v1", "stable-video-diffusion-img2vid-v0_9"]),
        ("Wan Video", ["wan", "wan2.1"]),
    ]

    /// Names of models of another base model type than `Standard`.
    private static let special: [(word: String, type: String, names: [String])] = [
        (
            "SD 1.5", "Inpainting",
            ["stable-diffusion-v1-inpainting", "stable-diffusion-v1/inpaint", "stable-diffusion-v1-5-inpainting"]
        ),
        ("SD 2.0", "Inpainting", ["stable-diffusion-v2-inpainting"]),
        ("SDXL 1.0", "Inpainting", ["stable-diffusion-xl-v1-base-inpainting"]),
        ("SDXL 1.0", "Refiner", ["stable-diffusion-xl-v1-refiner", "stable-diffusion-xl-refiner-1.0"]),
        ("SDXL 0.9", "Refiner", ["stable-diffusion-xl-v0_9-refiner"]),
        ("SDXL 1.0", "Pix2Pix", ["stable-diffusion-xl-v1-edit"]),
        ("Flux.1 D", "Inpainting", ["Flux.1-fill-dev", "Flux.1-dev/inpaint"]),
    ]

    static let entries: [String: BaseModelName] = {
        var entries: [String: BaseModelName] = [:]
        func add(_ name: String, _ entry: BaseModelName) {
            if let key = BaseModelName.key(name[...]) { entries[key] = entry }
        }
        for word in civitaiWords { add(word, BaseModelName(word, isPlain: false)) }
        for (word, names) in plain { for name in names { add(name, BaseModelName(word, isPlain: true)) } }
        for (word, names) in exact { for name in names { add(name, BaseModelName(word, isPlain: false)) } }
        for (word, type, names) in special {
            for name in names { add(name, BaseModelName(word, isPlain: true, baseModelType: type)) }
        }
        return entries
    }()
}
