internal import LinuxSystem

/// Model types by the names that ComfyUI, Forge, A1111 and StabilityMatrix give to their folders.
enum FolderTypes {
    private static let types: [String: String] = [
        "checkpoints": "checkpoint", "checkpoint": "checkpoint", "stable-diffusion": "checkpoint",
        "stablediffusion": "checkpoint", "ckpts": "checkpoint",
        "loras": "lora", "lora": "lora", "lycoris": "lora", "locon": "lora", "dora": "lora",
        "embeddings": "embedding", "embedding": "embedding", "textualinversion": "embedding",
        "textual_inversion": "embedding",
        "hypernetworks": "hypernetwork", "hypernetwork": "hypernetwork",
        "vae": "vae", "vae_approx": "vae", "vae-approx": "vae", "approxvae": "vae",
        "controlnet": "controlnet", "t2i_adapter": "controlnet", "t2iadapter": "controlnet",
        "control-lora": "controlnet", "control_lora": "controlnet",
        "upscale_models": "upscaler", "upscalers": "upscaler", "upscaler": "upscaler", "esrgan": "upscaler",
        "realesrgan": "upscaler", "swinir": "upscaler", "dat": "upscaler",
        "text_encoders": "text_encoder", "text_encoder": "text_encoder", "clip": "text_encoder",
        "textencoders": "text_encoder",
        "clip_vision": "clip_vision", "clipvision": "clip_vision",
        "diffusion_models": "diffusion_model", "diffusionmodels": "diffusion_model", "unet": "diffusion_model",
        "animatediff_models": "motion_module", "motion_module": "motion_module", "motionmodule": "motion_module",
        "ipadapter": "ip_adapter", "ip_adapter": "ip_adapter", "ipadapters": "ip_adapter",
        "ultralytics": "detection", "adetailer": "detection",
    ]

    /// The file that says of a directory that its own directories are the components of one model.
    static let pipelineIndex = Array("model_index.json".utf8)

    /// What the components of a diffusers pipeline are called (diffusers: `pipelines/pipeline_loading_utils.py`).
    private static func type(ofComponent name: String) -> String? {
        switch name {
        case "unet", "transformer", "transformer_2", "prior", "decoder": "diffusion_model"
        case "vae", "vqgan", "movq": "vae"
        case "text_encoder", "text_encoder_2", "text_encoder_3", "text_encoder_4": "text_encoder"
        case "image_encoder": "clip_vision"
        case "controlnet": "controlnet"
        default: nil
        }
    }

    /// The type that a folder says; nil when it says none.
    ///
    /// - Parameter directory: the folder itself, open; nil where nothing beside it may be asked for.
    static func type(ofFolder folder: [UInt8], directory: Int32?) -> String? {
        let name = String(decoding: folder.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self)
        if let directory, let type = type(ofComponent: name), isComponent(directory) { return type }
        return type(ofFolder: folder)
    }

    /// True for a directory beside the index of a pipeline.
    private static func isComponent(_ directory: Int32) -> Bool {
        let index = Array("../".utf8) + pipelineIndex
        let status = try? FileStatus.of(index, in: directory, followLinks: false, shown: .root)
        // In the cache of Hugging Face all files are links.
        return status?.kind == .regular || status?.kind == .link
    }

    /// The type that the innermost telling component of a folder says; nil when none does.
    static func type(ofFolder folder: [UInt8]) -> String? {
        for component in folder.split(separator: UInt8(ascii: "/")).reversed() {
            if let type = types[String(decoding: component, as: UTF8.self).lowercased()] { return type }
        }
        return nil
    }
}
