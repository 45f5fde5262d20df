/// What a test can change about the stand-in while it runs.
package struct StandInSettings: Sendable {
    /// Tokens that `/me` knows.
    package var validTokens: Set<String> = []
    /// True for answers about ids as they were before July 2026, without `modelId`.
    package var omitsModelIDs = false
    /// Decides the order in which answers without one come.
    package var seed: UInt64 = 0
    /// What the image server sends for an image instead of a JPEG, by the image's number.
    package var pictures: [Int64: StandInPicture] = [:]
    /// The base of the download addresses in descriptions of models.
    package var siteURL = "https://civitai.com"
    /// What `/enums` answers.
    package var enumerations: [String: [String]] = [
        "ModelType": [
            "Checkpoint", "TextualInversion", "Hypernetwork", "AestheticGradient", "LORA", "LoCon", "DoRA",
            "Controlnet", "Upscaler", "MotionModule", "VAE", "TextEncoder", "Poses", "Wildcards", "Workflows",
            "Detection", "Other",
        ],
        "ModelFileType": ["Model", "Text Encoder", "Pruned Model", "Negative", "Training Data", "VAE", "Config"],
        "ActiveBaseModel": ["Flux.1 D", "Illustrious", "Pony", "SD 1.5", "SDXL 1.0"],
        "BaseModel": ["Flux.1 D", "Illustrious", "Other", "Pony", "SD 1.4", "SD 1.5", "SD 2.1", "SDXL 1.0"],
        "BaseModelType": ["Standard", "Inpainting", "Refiner", "Pix2Pix"],
    ]
}
