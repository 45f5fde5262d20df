import Testing

@testable import ModelFormats

@Suite struct EmbeddedMetadataTests {
    private func metadata(_ fields: KeyValuePairs<String, String>) -> EmbeddedMetadata {
        EmbeddedMetadata(fields.map { (key: $0.key, value: $0.value) })
    }

    /// As kohya's trainer writes it.
    @Test func aTrainersFieldsAreRead() {
        let read = metadata([
            "ss_output_name": "mystyle", "ss_network_module": "networks.lora", "ss_network_dim": "32",
            "ss_network_alpha": "16.0", "ss_base_model_version": "sdxl_base_v1-0", "ss_v2": "False",
            "ss_sd_model_name": "ponyDiffusionV6XL.safetensors", "ss_sd_model_hash": "C1F5B9A0",
            "ss_new_sd_model_hash": String(repeating: "67AB2FD8", count: 8),
            "ss_tag_frequency": #"{"10_a": {"solo": 5, "hat": 2}}"#,
            "sshs_model_hash": String(repeating: "12ab34cd", count: 8),
            "modelspec.architecture": "stable-diffusion-xl-v1-base/lora", "modelspec.prediction_type": "epsilon",
            "modelspec.title": "My style", "modelspec.author": "Somebody", "modelspec.description": "None",
            "modelspec.license": " CC0-1.0 ",
        ])
        #expect(read.type == .lora)
        #expect(read.networkDimension == 32)
        #expect(read.networkAlpha == 16)
        #expect(read.trainedOn?.sha256 == String(repeating: "67ab2fd8", count: 8))
        #expect(read.trainedOn?.shortHash == "c1f5b9a0")
        #expect(read.trainedOn?.name == "ponyDiffusionV6XL.safetensors")
        #expect(read.topTags == [TagCount(tag: "solo", count: 5), TagCount(tag: "hat", count: 2)])
        #expect(read.baseModelWords == ["sdxl_base_v1-0", "stable-diffusion-xl-v1-base/lora"])
        #expect(read.baseModels.map(\.word) == ["SDXL 1.0", "SDXL 1.0"])
        #expect(read.prediction == "epsilon")
        #expect(read.trainerHash == String(repeating: "12ab34cd", count: 8))
        #expect(read.title == "My style" && read.author == "Somebody" && read.license == "CC0-1.0")
        #expect(read.description == nil)
        #expect(read.trainedWords.isEmpty, "neither tags nor the output's name are trigger words")
    }

    @Test func nothingIsReadFromNothing() {
        let read = metadata([
            "format": "pt", "ss_network_dim": "Dynamic", "ss_network_alpha": "None", "ss_sd_model_name": "None",
            "ss_new_sd_model_hash": "NOFILE", "ss_sd_model_hash": "IsADirectory", "ss_v2": "False",
            "sshs_model_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "modelspec.title": "LoRA@1700000000.5", "modelspec.trigger_phrase": "  ", "ss_tag_frequency": "None",
        ])
        #expect(read.type == nil && read.trainedOn == nil && read.trainerHash == nil && read.title == nil)
        #expect(read.networkDimension == nil && read.networkAlpha == nil && read.prediction == nil)
        #expect(read.baseModels.isEmpty && read.baseModelWords.isEmpty && read.topTags.isEmpty)
        #expect(read.trainedWords.isEmpty && read.thumbnail == nil)
    }

    @Test func theLastOfTwoEntriesCounts() {
        #expect(metadata(["modelspec.author": "a", "modelspec.author": "b"]).author == "b")
    }

    @Test(arguments: [
        "e3b0c44298", "e3b0c44298fc", "E3B0C442", "00000000", "0123456789abcdeg", "0123456", "", "NOFILE",
    ])
    func digestsOfNothingAndOtherTextsAreNone(text: String) {
        #expect(metadata(["ss_new_sd_model_hash": text, "ss_sd_model_hash": text]).trainedOn == nil)
    }

    @Test func aShortDigestIsKeptAsOne() {
        let base = metadata(["ss_new_sd_model_hash": "6CE0161689", "ss_sd_model_hash": "81761151"]).trainedOn
        #expect(base?.sha256 == nil && base?.shortHash == "6ce0161689")
    }

    // MARK: - Words

    @Test func wordsComeFromTheFirstExplicitFieldAsTheyAre() {
        #expect(metadata(["modelspec.trigger_phrase": "aaa, bbb"]).trainedWords == ["aaa, bbb"])
        #expect(metadata(["trigger_word": "x", "modelspec.trigger_phrase": "y"]).trainedWords == ["y"])
        #expect(metadata(["modelspec.trigger_phrase": "None", "trigger_word": "x"]).trainedWords == ["x"])
        #expect(metadata(["trigger_words": #"["a, b", "c", "c", "", 1]"#]).trainedWords == ["a, b", "c"])
        #expect(metadata(["trained_words": "[broken"]).trainedWords == ["[broken"])
        #expect(metadata(["trained_words": "[1, 2]", "trigger_words": "[]"]).trainedWords.isEmpty)
    }

    // MARK: - Base model

    @Test func namesOfOneModelComeBeforePlainOnes() {
        let schnell = metadata(["ss_base_model_version": "flux1", "modelspec.architecture": "flux-1-schnell/lora"])
        #expect(schnell.baseModels.map(\.word) == ["Flux.1 S", "Flux.1 D"])
        let kontext = metadata([
            "ss_base_model_version": "flux_kontext", "modelspec.architecture": "Flux.1-dev/lora",
        ])
        #expect(kontext.baseModels.map(\.word) == ["Flux.1 Kontext", "Flux.1 D"])
    }

    @Test func theOldestTrainersFlagIsAsGoodAsAName() {
        #expect(metadata(["ss_v2": "True"]).baseModels.map(\.word) == ["SD 2.1"])
        #expect(metadata(["ss_v2": "True", "ss_base_model_version": "unknown"]).baseModels.isEmpty)
    }

    @Test func aQuantizedFileNamesItsOrigin() {
        let read = metadata([
            "general.architecture": "flux",
            "general.base_model.0.repo_url":
                "https://huggingface.co/black-forest-labs/FLUX.1-schnell", "general.name": "Mine",
        ])
        #expect(read.baseModelWords == ["FLUX.1-schnell", "flux"])
        #expect(read.baseModels.map(\.word) == ["Flux.1 S", "Flux.1 D"])
        #expect(read.title == "Mine")
        #expect(metadata(["general.type": "adapter", "adapter.type": "lora"]).type == .lora)
        #expect(metadata(["general.type": "adapter"]).type == nil)
    }

    // MARK: - Type and prediction

    @Test(
        arguments: [
            ("stable-diffusion-v1/lora", ModelType.lora), ("stable-diffusion-v1/textual-inversion", .embedding),
            ("sana/embedding", .embedding), ("flux.1/vae", .vae), ("qwen-image/controlnet", .controlnet),
            ("stable-diffusion-xl-v1-base/control-lora", .controlnet), ("Flux.1-dev/lora-depth", .lora),
            ("stable-diffusion-v1", nil), ("stable-diffusion-v1/tensorrt", nil), ("/", nil),
        ] as [(String, ModelType?)])
    func theArchitectureTellsTheType(architecture: String, type: ModelType?) {
        #expect(metadata(["modelspec.architecture": architecture]).type == type)
    }

    @Test func theNetworksModuleTellsTheType() {
        #expect(metadata(["ss_network_module": "lycoris.kohya"]).type == .lora)
        #expect(metadata(["ss_network_module": "networks.control_net_lllite"]).type == .controlnet)
    }

    @Test(
        arguments: [
            ("stable-diffusion-v2-768-v", "v", "v"), ("stable-diffusion-xl-v1-base", "V_prediction", "v"),
            ("unheard-of", "epsilon", "epsilon"), ("stable-diffusion-3-m", "epsilon", nil), ("lumina-2", "v", nil),
            ("chroma", "flow", "flow"), ("stable-diffusion-v1", "sigma", nil),
        ] as [(String, String, String?)])
    func predictionIsBelievedWhereItCanBeTrue(architecture: String, written: String, prediction: String?) {
        let read = metadata(["modelspec.architecture": architecture, "modelspec.prediction_type": written])
        #expect(read.prediction == prediction)
    }

    @Test func otherFieldsTellThePredictionToo() {
        #expect(metadata(["modelspec.predict_key": "v"]).prediction == "v")
        #expect(metadata(["ss_base_model_version": "sd_v2_v"]).prediction == "v")
    }

    @Test func manyAndLargeEntriesAreStillRead() {
        var entries = (0..<200_000).map { (key: "\u{1100}key\($0)", value: "x") }
        entries.append((key: String(repeating: "e\u{301}", count: 1 << 20), value: "x"))
        entries.append((key: "modelspec.author", value: "a"))
        entries.append((key: "modelspec.description", value: String(repeating: "é", count: 1 << 20) + " "))
        let read = EmbeddedMetadata(entries)
        #expect(read.author == "a")
        #expect(read.description?.utf8.count == 2 << 20)
    }

    @Test func whatIsTooLongForANameIsNone() {
        let long = String(repeating: "e\u{301}", count: 1 << 20)
        let read = metadata([
            "modelspec.author": long, "modelspec.title": long, "modelspec.architecture": long + "/lora",
            "ss_network_module": long, "modelspec.prediction_type": long, "ss_base_model_version": long,
            "ss_new_sd_model_hash": long, "ss_network_dim": long, "ss_network_alpha": long, "trigger_word": long,
            "modelspec.thumbnail": long,
        ])
        #expect(read.author == nil && read.title == nil && read.type == nil && read.prediction == nil)
        #expect(read.baseModelWords.isEmpty && read.trainedOn == nil && read.trainedWords.isEmpty)
    }
}
