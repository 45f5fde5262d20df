/// The families of diffusion models: what is made for one member of a family has tensors that fit the others.
package enum Architecture: String, Hashable, Sendable, CaseIterable {
    case sd1, sd2, sdxl, kolors, sd3, stableCascade, svd
    case flux1, flux2, chroma, auraFlow, pixArtAlpha, pixArtSigma, hunyuanDiT, hiDream, lumina2,
        qwenImage, zImage, anima
    case hunyuanVideo, ltxv, ltx2, mochi, cogVideoX, wan
    /// One that CivitAI's list has no word for.
    case unlisted
    /// One of those that exist only as a service: no file holds it.
    case hosted

    /// CivitAI's words for the family's models; the first is the plain name, which promises nothing more.
    package var words: [String] {
        switch self {
        case .sd1: ["SD 1.5", "SD 1.4", "SD 1.5 LCM", "SD 1.5 Hyper"]
        case .sd2: ["SD 2.1", "SD 2.0", "SD 2.0 768", "SD 2.1 768", "SD 2.1 Unclip"]
        case .sdxl:
            [
                "SDXL 1.0", "SDXL 0.9", "SDXL 1.0 LCM", "SDXL Lightning", "SDXL Hyper", "SDXL Turbo",
                "SDXL Distilled",
                "Pony", "Illustrious", "NoobAI", "Playground v2",
            ]
        case .kolors: ["Kolors"]
        case .sd3: ["SD 3.5", "SD 3", "SD 3.5 Large", "SD 3.5 Large Turbo", "SD 3.5 Medium"]
        case .stableCascade: ["Stable Cascade"]
        case .svd: ["SVD", "SVD XT"]
        case .flux1: ["Flux.1 D", "Flux.1 S", "Flux.1 Krea", "Flux.1 Kontext"]
        case .flux2:
            [
                "Flux.2 D", "Flux.2 Klein 9B", "Flux.2 Klein 9B-base", "Flux.2 Klein 4B",
                "Flux.2 Klein 4B-base",
            ]
        case .chroma: ["Chroma"]
        case .auraFlow: ["AuraFlow", "Pony V7"]
        case .pixArtAlpha: ["PixArt a"]
        case .pixArtSigma: ["PixArt E"]
        case .hunyuanDiT: ["Hunyuan 1"]
        case .hiDream: ["HiDream"]
        case .lumina2: ["Lumina"]
        case .qwenImage: ["Qwen"]
        case .zImage: ["ZImageTurbo", "ZImageBase"]
        case .anima: ["Anima"]
        case .hunyuanVideo: ["Hunyuan Video"]
        case .ltxv: ["LTXV"]
        case .ltx2: ["LTXV2", "LTXV 2.3"]
        case .mochi: ["Mochi"]
        case .cogVideoX: ["CogVideoX"]
        case .wan:
            [
                "Wan Video", "Wan Video 1.3B t2v", "Wan Video 14B t2v", "Wan Video 14B i2v 480p",
                "Wan Video 14B i2v 720p", "Wan Video 2.2 TI2V-5B", "Wan Video 2.2 I2V-A14B",
                "Wan Video 2.2 T2V-A14B", "Wan Video 2.5 T2V", "Wan Video 2.5 I2V",
            ]
        case .unlisted: []
        case .hosted:
            [
                "Imagen4", "Kling", "Nano Banana", "ODOR", "OpenAI", "Seedance", "Seedream", "Sora 2",
                "Veo 3", "Vidu Q1",
            ]
        }
    }

    /// What such a model predicts when nothing in the file says otherwise; nil where members of the family differ.
    ///
    /// ComfyUI: comfy/supported_models.py and comfy/model_base.py (`ModelType`).
    var usualPrediction: String? {
        switch self {
        case .sd1, .sdxl, .kolors, .pixArtAlpha, .pixArtSigma: "epsilon"
        case .svd, .hunyuanDiT, .cogVideoX: "v"
        case .sd3, .flux1, .flux2, .chroma, .auraFlow, .hiDream, .lumina2, .qwenImage, .zImage, .anima,
            .hunyuanVideo,
            .ltxv, .ltx2, .mochi, .wan:
            "flow"
        case .sd2, .stableCascade, .unlisted, .hosted: nil
        }
    }
}
