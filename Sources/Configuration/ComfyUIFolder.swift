/// What ComfyUI's names of model folders mean, the same for directories below `models/` and for the keys of an
/// `extra_model_paths.yaml` (ComfyUI's `folder_names_and_paths`, with its older names `unet` and `clip`).
enum ComfyUIFolder {
    /// ComfyUI's own folders, in its order, then widespread ones of extensions.
    private static let types: [(name: String, type: ModelType?)] = [
        ("checkpoints", .checkpoint), ("loras", .lora), ("vae", .vae), ("text_encoders", .textEncoder),
        ("clip", .textEncoder), ("unet", .diffusionModel), ("diffusion_models", .diffusionModel),
        ("clip_vision", .clipVision), ("style_models", nil), ("embeddings", .embedding), ("diffusers", nil),
        ("vae_approx", .vae), ("controlnet", .controlnet), ("t2i_adapter", .controlnet), ("gligen", nil),
        ("upscale_models", .upscaler), ("latent_upscale_models", .upscaler), ("hypernetworks", .hypernetwork),
        ("photomaker", nil), ("classifiers", nil), ("model_patches", nil), ("audio_encoders", nil),
        ("unet_gguf", .diffusionModel), ("clip_gguf", .textEncoder), ("ipadapter", .ipAdapter),
        ("animatediff_models", .motionModule), ("animatediff_motion_lora", .lora), ("ultralytics", .detection),
        ("ultralytics_bbox", .detection), ("ultralytics_segm", .detection),
    ]
    private static let typeByName = Dictionary(types.compactMap { entry in entry.type.map { (entry.name, $0) } }) {
        first, _ in first
    }
    private static let rankByName = Dictionary(types.enumerated().map { ($1.name, $0) }) { first, _ in first }

    /// Folders and keys that hold no models.
    static let ignored: Set<String> = ["configs", "custom_nodes", "is_default", "base_path"]

    /// The type of files in a folder of this name, nil where the name does not tell.
    static func type(of name: String) -> ModelType? { typeByName[name] }

    /// Where a folder stands in ComfyUI's order; unknown ones come last.
    static func rank(of name: String) -> Int { rankByName[name] ?? .max }
}
