import Testing

@testable import ModelFormats

@Suite struct BaseModelChoiceTests {
    /// CivitAI's list of 2026 (`BaseModel` of its enums).
    static let words = [
        "Anima", "AuraFlow", "Chroma", "CogVideoX", "Flux.1 S", "Flux.1 D", "Flux.1 Krea", "Flux.1 Kontext", "Flux.2 D",
        "Flux.2 Klein 9B", "Flux.2 Klein 9B-base", "Flux.2 Klein 4B", "Flux.2 Klein 4B-base", "HiDream", "Hunyuan 1",
        "Hunyuan Video", "Illustrious", "Imagen4", "Kling", "Kolors", "LTXV", "LTXV2", "LTXV 2.3", "Lumina", "Mochi",
        "Nano Banana", "NoobAI", "ODOR", "OpenAI", "Other", "PixArt a", "PixArt E", "Playground v2", "Pony", "Pony V7",
        "Qwen", "Stable Cascade", "SD 1.4", "SD 1.5", "SD 1.5 LCM", "SD 1.5 Hyper", "SD 2.0", "SD 2.0 768", "SD 2.1",
        "SD 2.1 768", "SD 2.1 Unclip", "SD 3", "SD 3.5", "SD 3.5 Large", "SD 3.5 Large Turbo", "SD 3.5 Medium",
        "Sora 2",
        "SDXL 0.9", "SDXL 1.0", "SDXL 1.0 LCM", "SDXL Lightning", "SDXL Hyper", "SDXL Turbo", "SDXL Distilled",
        "Seedance",
        "Seedream", "SVD", "SVD XT", "Veo 3", "Vidu Q1", "Wan Video", "Wan Video 1.3B t2v", "Wan Video 14B t2v",
        "Wan Video 14B i2v 480p", "Wan Video 14B i2v 720p", "Wan Video 2.2 TI2V-5B", "Wan Video 2.2 I2V-A14B",
        "Wan Video 2.2 T2V-A14B", "Wan Video 2.5 T2V", "Wan Video 2.5 I2V", "ZImageTurbo", "ZImageBase",
    ]

    @Test func everyWordOfCivitAIsListHasOneArchitectureAndNoOtherIsUsed() {
        let used = Architecture.allCases.flatMap(\.words)
        #expect(Set(used) == Set(Self.words).subtracting(["Other"]))
        #expect(used.count == Set(used).count)
    }

    @Test func everyLineOfTheTablesUsesWordsOfTheList() {
        let words = Set(Self.words)
        for line in Self.tables {
            #expect(line.candidates.allSatisfy(words.contains), "\(line.evidence)")
            #expect(!line.evidence.isEmpty && !line.conditions.isEmpty)
        }
    }

    static let tables =
        Fingerprint.unets + Fingerprint.pictureTransformers + Fingerprint.videoTransformers + Fingerprint.controls
        + Fingerprint.ipAdapters + Fingerprint.motionModules + Fingerprint.autoencoders + Fingerprint.textEncoders
        + Fingerprint.visionEncoders + Fingerprint.upscalers + Fingerprint.detectors + Fingerprint.embeddings
        + Fingerprint.hypernetworks + Fingerprint.adapters + Fingerprint.textEncoderAdapters

    @Test func plainNamesAreNotSpecific() {
        for word in ["Other", "Unknown", "", "SDXL 1.0", "SD 1.5", "Flux.1 D", "Wan Video"] {
            #expect(!BaseModelChoice.isSpecific(word))
        }
        for word in ["Pony", "SD 1.4", "Flux.1 S", "Wan Video 14B t2v", "A new word"] {
            #expect(BaseModelChoice.isSpecific(word))
        }
    }

    // MARK: - Choosing

    private func choose(_ content: Identification, _ names: String...) -> [String]? {
        let candidates = names.enumerated().map { (name: $1, source: "\($0)") }
        let choice = BaseModelChoice.choose(content: content, candidates: candidates)
        return choice.map { [$0.name, $0.source ?? "content"] }
    }

    private let sdxl = Layout(UNetLayouts.sdxl).identified()

    @Test func theFirstSpecificNameOfTheArchitectureWins() {
        #expect(choose(sdxl, "Illustrious", "Pony") == ["Illustrious", "0"])
        #expect(choose(sdxl, "SDXL 1.0", "Pony") == ["Pony", "1"])
        #expect(choose(sdxl, "Other", "Pony") == ["Pony", "1"])
        #expect(choose(sdxl) == ["SDXL 1.0", "content"])
        #expect(choose(sdxl, "Other") == ["SDXL 1.0", "content"])
    }

    @Test func aNameOfAnotherArchitectureIsNotBelieved() {
        #expect(choose(sdxl, "SD 1.5", "Flux.1 S") == ["SDXL 1.0", "content"])
        #expect(choose(sdxl, "Flux.1 Krea", "NoobAI") == ["NoobAI", "1"])
        #expect(choose(sdxl, "Sora 2") == ["SDXL 1.0", "content"])
        let schnell = Layout(NetworkIdentificationTests.flux1(without: "guidance_in")).identified()
        #expect(choose(schnell, "Flux.1 Krea") == ["Flux.1 S", "content"])
        let cosmos = Layout(PictureLayouts.cosmosPredict2).identified()
        #expect(choose(cosmos, "Anima") == nil)
        #expect(choose(cosmos, "Other") == ["Other", "0"])
    }

    @Test func aNewWordIsBelieved() {
        #expect(choose(sdxl, "SDXL 3000") == ["SDXL 3000", "0"])
    }

    @Test func whatTheContentLeavesOpenTheCandidatesDecide() {
        let lora = AdapterFormat.kohya.adapter(of: Layout("double_blocks.0.img_attn.qkv.weight 9216x3072").modules)
            .identified()
        #expect(choose(lora, "Flux.1 S") == ["Flux.1 S", "0"])
        #expect(choose(lora, "Chroma") == ["Chroma", "0"])
        #expect(choose(lora, "Flux.1 D") == ["Flux.1 D", "content"])
        #expect(choose(lora, "SDXL 1.0") == ["Flux.1 D", "content"])
        let wan = Layout(VideoLayouts.wan14B).identified()
        #expect(choose(wan, "Wan Video 2.2 T2V-A14B") == ["Wan Video 2.2 T2V-A14B", "0"])
        #expect(choose(wan, "Wan Video 1.3B t2v") == ["Wan Video", "content"])
    }

    @Test func withoutTheContentsVerdictTheFirstNameThatSaysAnythingWins() {
        let unknown = Identification()
        #expect(choose(unknown, "Unknown", "Other", "SDXL 1.0", "SD 1.5") == ["SDXL 1.0", "2"])
        #expect(choose(unknown, "SDXL 1.0", "Pony") == ["Pony", "1"])
        #expect(choose(unknown, "Unknown", "Other") == ["Other", "1"])
        #expect(choose(unknown, "Unknown") == nil)
        #expect(choose(unknown) == nil)
        let video = Layout(UNetLayouts.videoDiffusion).identified()
        #expect(choose(video, "SDXL 1.0", "SVD") == ["SVD", "1"])
    }
}
