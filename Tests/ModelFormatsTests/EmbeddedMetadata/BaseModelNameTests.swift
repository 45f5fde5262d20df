import JSON
import TestSupport
import Testing

@testable import ModelFormats

@Suite struct BaseModelNameTests {
    @Test(arguments: [
        // kohya-ss/sd-scripts
        ("sd_v1", "SD 1.5"), ("sd_v2_v", "SD 2.1 768"), ("sdxl_base_v1-0", "SDXL 1.0"), ("flux1", "Flux.1 D"),
        ("chroma", "Chroma"), ("lumina2", "Lumina"), ("stable-diffusion-3-5-large/lora", "SD 3.5 Large"),
        ("stable-diffusion-v2-512/lora", "SD 2.1"), ("anima-preview/lora", "Anima"),
        // kohya-ss/musubi-tuner
        ("wan2.1/lora", "Wan Video"), ("hunyuan-video/lora", "Hunyuan Video"), ("qwen_image_edit", "Qwen"),
        ("flux_2_klein_9b", "Flux.2 Klein 9B"), ("Qwen-Image-Edit-2511/lora", "Qwen"),
        ("flux_kontext", "Flux.1 Kontext"),
        // ostris/ai-toolkit
        ("sd_1.5", "SD 1.5"), ("sdxl_1.0", "SDXL 1.0"), ("flux.1", "Flux.1 D"), ("hidream_i1", "HiDream"),
        ("wan_2.2_5b", "Wan Video 2.2 TI2V-5B"), ("ltx2", "LTXV2"),
        // Nerogar/OneTrainer and mcmonkeyprojects/SwarmUI
        ("sdxl_", "SDXL 1.0"), ("Chroma1/lora", "Chroma"), ("Flux.1-dev/kontext", "Flux.1 Kontext"),
        ("stable-diffusion-v3.5", "SD 3.5"), ("pixart-sigma/lora", "PixArt E"), ("genmo-mochi-1", "Mochi"),
        ("lightricks-ltx-video-2-3", "LTXV 2.3"), ("wan-2_1-text2video-1_3b/lora", "Wan Video 1.3B t2v"),
        // A1111, Forge and GGUF
        ("SD1", "SD 1.5"), ("SD2", "SD 2.1"), ("SDXL", "SDXL 1.0"), ("SD3", "SD 3"), ("Flux", "Flux.1 D"),
        ("hyvid", "Hunyuan Video"), ("aura", "AuraFlow"), ("FLUX.1 Dev", "Flux.1 D"), ("sdxl_something", "SDXL 1.0"),
    ])
    func whatToolsWriteIsUnderstood(text: String, word: String) {
        #expect(BaseModelName(text)?.word == word)
    }

    @Test(arguments: [
        "", "unknown", "Unknown", "wan_2.2_14b", "zimage", "pixart", "hunyuan-image-2.1", "krea2", "HiDream-O1-Image",
        "/lora", "SDXL 模型", "sd", String(repeating: "x", count: 10_000),
    ])
    func whatFitsSeveralModelsOrNoneIsNot(text: String) {
        #expect(BaseModelName(text) == nil)
    }

    @Test func everyWordOfCivitAIStandsForItself() {
        for word in BaseModelTable.civitaiWords { #expect(BaseModelName(word)?.word == word) }
    }

    @Test func noNameStandsForAWordOutsideTheList() {
        #expect(BaseModelTable.entries.values.allSatisfy { BaseModelTable.civitaiWords.contains($0.word) })
        #expect(BaseModelTable.entries.count > 150)
    }

    @Test func onlyTheNameOfAnArchitectureIsPlain() {
        #expect(BaseModelName("sdxl_base_v1-0")?.isPlain == true)
        #expect(BaseModelName("SDXL 1.0")?.isPlain == true)
        #expect(BaseModelName("flux-1-dev")?.isPlain == false)
        #expect(BaseModelName("Pony")?.isPlain == false)
    }

    @Test func specialTypesAreTold() {
        #expect(BaseModelName("stable-diffusion-v1-inpainting/lora")?.baseModelType == "Inpainting")
        #expect(BaseModelName("stable-diffusion-xl-v1-refiner")?.baseModelType == "Refiner")
        #expect(BaseModelName("stable-diffusion-xl-v1-edit")?.baseModelType == "Pix2Pix")
        #expect(BaseModelName("Flux.1-fill-dev")?.baseModelType == "Inpainting")
        #expect(BaseModelName("stable-diffusion-xl-v1-base")?.baseModelType == nil)
    }

    /// The list of the API itself, where the checkout lies beside a folder of recorded answers.
    @Test func theListIsTheRecordedOne() throws {
        guard let bytes = recordedAnswer("enums_2026.json") else { return }
        let words = try JSONValue(bytes)["BaseModel"]?.elements.compactMap(\.string)
        #expect(Set(try #require(words)) == BaseModelTable.civitaiWords)
    }
}
