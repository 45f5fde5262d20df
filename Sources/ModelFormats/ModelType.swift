/// What a model file is for; the words of every answer.
package enum ModelType: String, Hashable, Sendable, CaseIterable {
    case checkpoint, lora, embedding, hypernetwork, vae, controlnet, upscaler
    case textEncoder = "text_encoder"
    case clipVision = "clip_vision"
    case diffusionModel = "diffusion_model"
    case motionModule = "motion_module"
    case ipAdapter = "ip_adapter"
    case detection, other
}
