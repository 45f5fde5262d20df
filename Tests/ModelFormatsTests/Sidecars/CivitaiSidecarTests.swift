import Testing

@testable import ModelFormats

@Suite struct CivitaiSidecarTests {
    private let sha256 = String(repeating: "ab12", count: 16)

    private func read(_ text: String, _ role: CompanionName.Role = .civitaiInfo, sha256: String? = nil) -> Sidecar {
        Sidecar(role, Array(text.utf8), sha256: sha256)
    }

    @Test func aHelpersVersionObjectIsRead() {
        let part = read(
            #"""
            {"id": 1050496, "modelId": 706978, "name": "V.3", "trainedWords": ["a, b", " c", "", 5], "nsfwLevel": 31,
             "baseModel": "Brand New 7", "description": "<p>version</p>", "creator": {"username": "who", "image": null},
             "model": {"name": "Poses", "type": "LoCon", "nsfw": false, "description": "<p>model</p>"},
             "files": [{"sizeKB": 167938.8828125, "hashes": {"SHA256": "\#(sha256.uppercased())", "AutoV2": "AB12AB12AB",
                        "AutoV3": "7AAE878CB805", "BLAKE3": "zz", "CRC32": "F8F2BE29"}}, {"hashes": {}}]}
            """#
        ).civitai
        #expect(part?.modelID == 706978 && part?.versionID == 1_050_496)
        #expect(part?.modelName == "Poses" && part?.versionName == "V.3")
        #expect(part?.modelType == "LoCon" && part?.type == .lora)
        #expect(part?.baseModel == "Brand New 7", "CivitAI may have a word that is new here")
        #expect(part?.trainedWords == ["a, b", " c"])
        #expect(part?.creator == "who" && part?.nsfwLevel == 31 && part?.description == "<p>model</p>")
        #expect(part?.pageURL == "https://civitai.com/models/706978?modelVersionId=1050496")
        #expect(part?.files.count == 1)
        #expect(part?.files.first?.sha256 == sha256)
        #expect(part?.files.first?.autoV3 == "7aae878cb805" && part?.files.first?.blake3 == nil)
        #expect(part?.files.first?.size == 171_969_416)
    }

    @Test func whatCivitAIDidNotKnowIsNothing() {
        for text in [
            "{}", "  ", "",
            #"""
            {"id": "", "modelId": "", "name": "example", "trainedWords": [], "baseModel": "Unknown", "description": "",
             "model": {"name": "example", "type": "", "nsfw": "", "poi": ""}, "skeleton_file": true,
             "files": [{"name": "example.safetensors", "sizeKB": 0, "hashes": {"AutoV2": "", "SHA256": ""}}]}
            """#,
            #"{"modelId": "Model not found", "modelVersionId": "Model not found", "sha256": "\#(sha256)"}"#,
            #"{"id": -1, "modelId": 0, "model": {"name": "x", "type": "LORA"}}"#,
            #"{"id": 5, "name": "x", "model": "y"}"#,
            #"{"id": 99999999999, "modelId": [1], "model": "x"}"#, #"{"error": "Model not found"}"#,
        ] {
            let sidecar = read(text)
            #expect(sidecar.civitai == nil && sidecar.user == nil && sidecar.problem == nil, "\(text)")
        }
    }

    @Test func poisonIsLeftOutFieldByField() {
        let part = read(
            #"""
            {"id": "12", "modelId": 34.0, "name": ["x"], "trainedWords": {"a": 1}, "baseModel": "Unknown",
             "description": 5, "creator": "{}", "nsfwLevel": 4096, "files": [null, {"hashes": "x"}, 3],
             "model": {"name": "A\u0000B", "type": "{}", "description": "{}"}}
            """#
        ).civitai
        #expect(part?.versionID == 12 && part?.modelID == 34)
        #expect(part?.modelName == "AB")
        #expect(part?.versionName == nil && part?.modelType == nil && part?.type == nil && part?.baseModel == nil)
        #expect(part?.trainedWords == [] && part?.creator == nil && part?.nsfwLevel == nil)
        #expect(part?.description == nil && part?.files == [])
    }

    @Test func aBrowsersFileHasTwoParts() {
        let sidecar = read(
            #"""
            {"activation text": "arcane style", "sd version": "Other", "description": "about", "modelId": 7094,
             "modelVersionId": 8, "sha256": "\#(sha256.uppercased())"}
            """#, .userNotes)
        #expect(sidecar.user?.activationText == "arcane style")
        #expect(sidecar.user?.description == "about" && sidecar.user?.baseModel == nil)
        #expect(sidecar.civitai?.modelID == 7094 && sidecar.civitai?.versionID == 8)
        #expect(sidecar.civitai?.description == nil, "it is the person's already")
        #expect(sidecar.civitai?.files.map(\.sha256) == [sha256])
    }

    // MARK: - Model objects

    private func model(_ extra: String = "") -> String {
        #"""
        {"id": 5, "name": "Two", "type": "TextualInversion", "creator": {"username": "who"}, "description": "about",
         "nsfwLevel": 3, \#(extra)
         "modelVersions": [
           {"id": 51, "name": "new", "baseModel": "Pony", "trainedWords": ["n"],
            "files": [{"hashes": {"SHA256": "\#(String(repeating: "cd", count: 32))"}}]},
           {"id": 50, "name": "old", "baseModel": "SD 1.5", "trainedWords": ["o"],
            "files": [{"hashes": {}}, {"hashes": {"SHA256": "\#(sha256.uppercased())"}}]}]}
        """#
    }

    @Test func theVersionIsThatOfTheDigest() {
        for sidecar in [
            read(model(), .civitaiJSON, sha256: sha256), read(model(#""sha256": "\#(sha256)","#), .civitaiJSON),
            read(model(#""modelVersionId": 50,"#), .civitaiJSON),
        ] {
            #expect(sidecar.civitai?.versionID == 50 && sidecar.civitai?.versionName == "old")
            #expect(sidecar.civitai?.trainedWords == ["o"] && sidecar.civitai?.baseModel == "SD 1.5")
            #expect(sidecar.civitai?.modelName == "Two" && sidecar.civitai?.type == .embedding)
            #expect(sidecar.civitai?.description == "about" && sidecar.civitai?.nsfwLevel == 3)
        }
    }

    @Test func noVersionIsGuessed() {
        let part = read(model(), .civitaiJSON).civitai
        #expect(part?.modelID == 5 && part?.modelName == "Two" && part?.creator == "who")
        #expect(part?.versionID == nil && part?.baseModel == nil && part?.trainedWords == [])
        #expect(part?.files.count == 2)
        #expect(part?.pageURL == "https://civitai.com/models/5")
        #expect(read(#"{"id": 5, "name": "x", "modelVersions": [{"id": 7}]}"#).civitai?.versionID == 7)
        #expect(read(#"{"id": "", "name": "x", "modelVersions": []}"#).civitai == nil)
    }

    // MARK: - Lora-Manager

    @Test func aLoraManagersFileIsRead() {
        let sidecar = read(
            #"""
            {"file_name": "a", "model_name": "A", "file_path": "/x/a.safetensors", "size": 306847504, "autov3": null,
             "sha256": "\#(sha256)", "base_model": "Illustrious", "preview_url": "", "notes": "mine",
             "usage_tips": "{\"strength\":0.8}", "modelDescription": "about", "tags": ["x"], "from_civitai": true,
             "civitai": {"id": 2, "modelId": 1, "name": "v1", "trainedWords": ["w"], "model": {"name": "A!", "type": "DoRA"},
                         "creator": {"username": "who"}, "files": [{"hashes": {"SHA256": "\#(sha256)"}}]}}
            """#, .loraManager)
        #expect(sidecar.user?.notes == "mine" && sidecar.user?.preferredWeight == 0.8)
        #expect(sidecar.user?.description == nil)
        let part = sidecar.civitai
        #expect(part?.modelID == 1 && part?.versionID == 2 && part?.modelName == "A!" && part?.type == .lora)
        #expect(part?.baseModel == "Illustrious" && part?.trainedWords == ["w"] && part?.creator == "who")
        #expect(part?.description == "about")
        #expect(part?.files.count == 1 && part?.files.first?.size == 306_847_504)
    }

    @Test func withoutAnIdOnlyWordsAndKnownNamesAreBelieved() {
        func manager(_ fields: String) -> SidecarCivitaiPart? {
            read(
                #"{"file_name": "a", "model_name": "a", "file_path": "/a", "sha256": "\#(sha256)", "preview_url": "", "#
                    + fields + "}", .loraManager
            ).civitai
        }
        #expect(manager(#""base_model": "Unknown", "civitai": {}"#) == nil)
        #expect(manager(#""base_model": "Whatever", "civitai": null"#) == nil)
        #expect(manager(#""base_model": "Pony", "civitai": {}"#)?.baseModel == "Pony")
        let words = manager(#""base_model": "Unknown", "civitai": {"trainedWords": ["w"], "model": {"name": "a"}}"#)
        #expect(words?.trainedWords == ["w"] && words?.modelName == nil && words?.pageURL == nil)
        #expect(manager(#""civitai": {}, "trainedWords": ["t"], "sub_type": "dora""#)?.type == .lora)
    }

    // MARK: - StabilityMatrix

    @Test func aStabilityMatrixFileIsRead() {
        func matrix(_ source: String) -> SidecarCivitaiPart? {
            read(
                #"""
                {"ModelId": 11821, "ModelName": "VSK", "ModelDescription": "about", "Nsfw": false, "ModelType": "LORA",
                 "VersionId": 127062, "VersionName": "v2.0", "AuthorUsername": "who", "BaseModel": "SD 1.5",
                 "Hashes": {"SHA256": "\#(sha256)", "BLAKE3": "\#(String(repeating: "9", count: 64))"},
                 "TrainedWords": ["a", "b"], "Source": \#(source)}
                """#, .stabilityMatrix
            ).civitai
        }
        for source in ["0", "null", "\"Civitai\""] {
            let part = matrix(source)
            #expect(part?.modelID == 11821 && part?.versionID == 127062 && part?.modelName == "VSK")
            #expect(part?.type == .lora && part?.baseModel == "SD 1.5" && part?.trainedWords == ["a", "b"])
            #expect(part?.creator == "who" && part?.description == "about" && part?.files.count == 1)
        }
        let archive = matrix("2")
        #expect(archive?.modelID == nil && archive?.modelName == nil && archive?.trainedWords == ["a", "b"])
    }

    @Test(
        arguments: [
            ("Checkpoint", ModelType.checkpoint), ("LORA", .lora), ("LoCon", .lora), ("DoRA", .lora),
            ("TextualInversion", .embedding), ("Hypernetwork", .hypernetwork), ("Controlnet", .controlnet),
            ("Upscaler", .upscaler), ("MotionModule", .motionModule), ("VAE", .vae), ("Detection", .detection),
            ("AestheticGradient", .other), ("Poses", .other), ("Wildcards", .other), ("Workflows", .other),
            ("Other", .other),
            ("Something New", .other), ("", nil), ("Unknown", nil),
        ] as [(String, ModelType?)])
    func typesAreMapped(word: String, type: ModelType?) {
        #expect(ModelType(civitaiWord: word) == type)
    }
}
