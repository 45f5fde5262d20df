import Testing

@testable import ModelFormats

@Suite struct UserNotesTests {
    private func sidecar(_ text: String, _ role: CompanionName.Role = .userNotes) -> Sidecar {
        Sidecar(role, Array(text.utf8))
    }

    @Test func aLoraEditorsNotesAreRead() {
        let read = sidecar(
            #"""
            {"description": "A <b>style</b>", "sd version": "SDXL", "activation text": "mystyle, hat",
             "preferred weight": 0.75, "negative text": "blurry", "notes": "line 1\nline 2 "}
            """#)
        #expect(read.user?.description == "A <b>style</b>")
        #expect(read.user?.notes == "line 1\nline 2 ")
        #expect(read.user?.activationText == "mystyle, hat")
        #expect(read.user?.negativeText == "blurry")
        #expect(read.user?.preferredWeight == 0.75)
        #expect(read.user?.baseModel?.word == "SDXL 1.0")
        #expect(read.civitai == nil && read.problem == nil)
    }

    @Test func aCheckpointEditorsNotesAreRead() {
        let forge = sidecar(#"{"description": "", "notes": "good", "vae": null, "sd_version_str": "SdVersion.Flux"}"#)
        #expect(forge.user?.notes == "good")
        #expect(forge.user?.baseModel?.word == "Flux.1 D")
        #expect(sidecar(#"{"description": "d", "notes": "", "vae": "Automatic"}"#).user?.description == "d")
    }

    @Test(
        arguments: [
            ("SD1", "SD 1.5"), ("SD2", "SD 2.1"), ("SD3", "SD 3"), ("Flux", "Flux.1 D"), ("Unknown", nil),
            ("unknown", nil),
            ("Other", nil), ("", nil), ("Pony", "Pony"),
        ] as [(String, String?)])
    func versionsAreMappedToCivitAIsWords(version: String, word: String?) {
        #expect(sidecar("{\"sd version\": \"\(version)\"}").user?.baseModel?.word == word)
    }

    @Test(
        arguments: [
            ("0", nil), ("0.0", nil), ("\"0.6\"", 0.6), ("-1", -1), ("1e9", nil), ("\"x\"", nil), ("null", nil),
            ("[1]", nil),
            ("1e999", nil), ("true", nil),
        ] as [(String, Double?)])
    func aWeightOfZeroIsNone(weight: String, expected: Double?) {
        let read = sidecar("{\"preferred weight\": \(weight), \"notes\": \"x\"}")
        #expect(read.user?.preferredWeight == expected)
        #expect(read.user?.notes == "x")
    }

    @Test func notesThatSayNothingAreNone() {
        for text in [
            #"{"sd version": "Unknown", "preferred weight": 0, "activation text": "", "notes": " \n"}"#,
            #"{"description": null, "notes": null}"#, #"{"activation text": ["a"], "notes": {"a": 1}}"#, "{}",
        ] {
            let read = sidecar(text)
            #expect(read.user == nil && read.civitai == nil && read.problem == nil, "\(text)")
        }
    }

    @Test func descriptionAndNotesAloneAreEnough() {
        #expect(sidecar(#"{"notes": "n"}"#).user?.notes == "n")
        #expect(sidecar(#"{"description": "d"}"#).user?.description == "d")
    }

    /// Files that have the name of notes and are none.
    @Test(arguments: [
        // A saved workflow, and one in the form of the API.
        #"{"id": "9f2c", "revision": 0, "last_node_id": 9, "nodes": [{"id": 1}], "links": [], "version": 0.4}"#,
        #"{"3": {"class_type": "KSampler", "inputs": {"seed": 1, "model": ["4", 0]}}}"#,
        // A trainer's configuration, a component's, a model's index, a tokenizer's.
        #"{"LoRA_type": "Standard", "network_dim": 8, "training_comment": "", "output_name": "a", "v2": false}"#,
        #"{"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.6.0", "sample_size": 64}"#,
        #"{"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}"#,
        #"{"metadata": {"total_size": 1}, "weight_map": {"a": "b.safetensors"}}"#,
        // Something with a description of its own.
        #"{"name": "x", "description": "a package", "version": "1.0"}"#, #"{"title": "x", "notes": "y"}"#,
        #"[{"notes": "x"}]"#, #""notes""#, "null", "1",
        #"{"modelId": 5, "id": 0}"#.replacing("5", with: "\"none\""),
    ])
    func otherFilesAreNone(text: String) {
        let read = sidecar(text)
        #expect(read == Sidecar(.userNotes, []), "\(text)")
    }

    @Test func brokenFilesWithACommonNameAreNobodysProblem() {
        for text in ["{", "<html>", "hello", "\u{0}\u{0}"] { #expect(sidecar(text).problem == nil) }
    }
}
