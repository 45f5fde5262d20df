extension ModelType {
    /// The type that a word of CivitAI's stands for, whatever the case of its letters; `other` for words that stand for
    /// none of ours, nil for what is no word at all.
    package init?(civitaiWord word: String) {
        switch word.trimmed.lowercased() {
        case "", "unknown", "model", "all", "{}", "null", "none": return nil
        case "checkpoint": self = .checkpoint
        case "lora", "locon", "dora", "lycoris": self = .lora
        case "textualinversion", "embedding": self = .embedding
        case "hypernetwork": self = .hypernetwork
        case "vae": self = .vae
        case "controlnet": self = .controlnet
        case "upscaler": self = .upscaler
        case "motionmodule": self = .motionModule
        case "textencoder": self = .textEncoder
        case "diffusion_model": self = .diffusionModel
        case "detection": self = .detection
        default: self = .other
        }
    }
}

extension ModelType {
    /// The type that a word of CivitAI's for a file of a version stands for; nil for words that stand for whatever the
    /// model is, such as `Model` and `Pruned Model`, and for files that are no models.
    package init?(civitaiFileWord word: String) {
        switch word.trimmed.lowercased() {
        case "vae": self = .vae
        case "text encoder": self = .textEncoder
        case "vision encoder", "clipvision": self = .clipVision
        case "controlnet": self = .controlnet
        case "upscaler": self = .upscaler
        case "unet", "diffusion model": self = .diffusionModel
        case "enhancement lora": self = .lora
        case "negative": self = .embedding
        default: return nil
        }
    }
}
