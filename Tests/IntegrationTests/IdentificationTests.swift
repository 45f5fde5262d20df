import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// What kikod says of models, as people and programs ask for it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct IdentificationTests {
    private static let notes = #"""
        {"description":"What it does","notes":"line one\nline two \u001b[31m","activation text":"magic, word",
         "negative text":"ugly","preferred weight":0.75,"sd version":"SDXL"}
        """#
    private static let version = #"""
        {"id":22,"modelId":11,"name":"v2","baseModel":"Pony","trainedWords":["w one","w, two"],"nsfwLevel":4,
         "creator":{"username":"somebody"},"model":{"name":"A model","type":"LORA"}}
        """#

    private func table(_ daemon: RunningDaemon, _ arguments: String...) async throws -> String {
        let result = try await daemon.control(arguments.map { Array($0.utf8) })
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result.text.replacing(/[ ]{2,}/, with: "  ")
    }

    @Test func aLoRAIsToldWithEverythingThatIsKnownOfIt() async throws {
        try await withPlace { place in
            let lora = try place.addFile(
                "any/a.safetensors", ModelBytes.sdxlLoRA(metadata: ["modelspec.trigger_phrase": "own word"]))
            try place.addFile("any/b.safetensors", ModelBytes.sdxlLoRA(fill: 1))
            let checkpoint = try place.addFile("any/c.safetensors", ModelBytes.sdxlCheckpoint())
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                var file = try await daemon.file(lora)
                #expect(file.trainedWords == ["own word"] && file.trainedWordsSource == "embedded")
                #expect(file.civitai.state == "off" && file.civitai.source == nil)
                try writeFile(lora.parent.appending("a.civitai.info"), Self.version)
                try await daemon.sync()
                file = try await daemon.file(lora)
                #expect(file.trainedWords == ["w one", "w, two"] && file.trainedWordsSource == "sidecar")
                try writeFile(lora.parent.appending("a.json"), Self.notes)
                try await daemon.sync()

                file = try await daemon.file(lora)
                #expect((file.type, file.typeSource) == ("lora", "content"))
                #expect((file.baseModel, file.baseModelSource) == ("Pony", "sidecar"))
                #expect(file.trainedWords == ["magic, word"] && file.trainedWordsSource == "user")
                #expect(file.user.description == "What it does" && file.user.negativeText == "ugly")
                #expect(file.user.activationText == "magic, word" && file.user.preferredWeight == 0.75)
                let civitai = file.civitai
                #expect((civitai.state, civitai.source) == ("off", "sidecar"))
                #expect((civitai.modelID, civitai.versionID, civitai.nsfwLevel) == (11, 22, 4))
                #expect((civitai.modelName, civitai.versionName) == ("A model", "v2"))
                #expect((civitai.modelType, civitai.baseModel) == ("LORA", "Pony"))
                #expect(civitai.trainedWords == ["w one", "w, two"] && civitai.creator == "somebody")
                #expect(civitai.pageURL == "https://civitai.com/models/11?modelVersionId=22")

                let shown = try await table(daemon, "show", lora.description)
                for line in [
                    "Type  lora (by content)", "Base model  Pony (by sidecar)", "Trained words  magic, word (by user)",
                    "Description  What it does", "Negative  ugly", "Weight  0.75", "Model  A model (11)",
                    "Version  v2 (22)",
                    "Creator  somebody",
                ] {
                    #expect(shown.contains(line + "\n"), "\(line)\n\(shown)")
                }
                // A note may hold anything, and a terminal must not do what it says.
                #expect(!shown.contains("\u{1B}"))
                #expect(shown.contains("line one"))
                for label in ["Path", "Id", "Root", "State", "Notes", "CivitAI"] {
                    #expect(
                        shown.split(separator: "\n").count { $0.hasPrefix(label + "  ") } == 1, "\(label)\n\(shown)")
                }

                func names(_ arguments: String...) async throws -> [String] {
                    let words = (["list"] + arguments).map { Array($0.utf8) }
                    return try await daemon.answer(FilesAnswer.self, words).files.map(\.name)
                }
                #expect(try await names("--base", "SDXL 1.0", "--type", "lora") == ["b.safetensors"])
                #expect(try await names("--base", "sdxl 1.0") == ["b.safetensors", "c.safetensors"])
                #expect(try await names("--base", "Pony") == ["a.safetensors"])
                #expect(try await table(daemon, "list", "--base", "Pony").contains("lora  Pony  "))
                #expect(try await daemon.file(checkpoint).header?.components == ["unet", "vae"])
                #expect(try await daemon.file(checkpoint).header?.prediction == "epsilon")
            }
        }
    }

    @Test func quantisationAndPartsAreTold() async throws {
        try await withPlace { place in
            let quantised = try place.addFile("flux.gguf", Self.gguf)
            let half = try place.addFile("m-00001-of-00002.safetensors", ModelBytes.firstHalf())
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let header = try #require(try await daemon.file(quantised).header)
                #expect((header.architecture, header.quantization) == ("flux", "F16"))
                #expect(try await table(daemon, "show", half.description).contains("Part  1 of 2, not all are there\n"))
                try place.addFile("m-00002-of-00002.safetensors", ModelBytes.secondHalf())
                try await daemon.sync()
                let file = try await daemon.file(half)
                #expect(file.part == FilePart(index: 1, count: 2, complete: true))
                #expect((file.type, file.baseModel) == ("diffusion_model", "SDXL 1.0"))
                #expect(try await table(daemon, "show", half.description).contains("Part  1 of 2\n"))
            }
        }
    }

    @Test func dangerousPicklesAreShownWhereverOneLooks() async throws {
        try await withPlace { place in
            let evil = try place.addFile("evil.pt", ModelBytes.dangerousPyTorch())
            let broken = try place.addFile("broken.ckpt", ModelBytes.brokenDangerousPickle)
            try place.addFile("good.pt", pyTorchFile("good"))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let errors = try await daemon.answer(FilesAnswer.self, "errors")
                #expect(errors.files.map(\.path) == [broken, evil].map(\.description))
                let file = try await daemon.file(evil)
                #expect(file.state == "indexed" && file.error == nil)
                #expect(file.pickle?.dangerous.count == 1)
                let name = try #require(file.pickle?.dangerous.first)
                #expect(name.hasSuffix("system"))
                let sentence = "Dangerous to load: its pickle imports \(name)."
                let lines = try await table(daemon, "errors").split(separator: "\n").map(String.init)
                #expect(lines.count == 3 && lines.contains("\(evil): \(sentence)"))
                #expect(lines.contains("\(broken): \(sentence)"))
                let shown = try await table(daemon, "show", "evil.pt")
                #expect(shown.contains("Dangerous  \(name)\n"))
            }
            // A restart tells nobody anything new, and forgets nothing.
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.answer(FilesAnswer.self, "errors").total == 2)
                #expect(try await daemon.status().hashing.filesTotal == 0)
            }
        }
    }

    @Test func sidecarsThatChangeWhileKikodIsOffAreFoundWithoutHashing() async throws {
        try await withPlace { place in
            let model = try place.addFile("a.safetensors", ModelBytes.sdxlLoRA())
            let sidecar = place.models.appending("a.civitai.info")
            try writeFile(sidecar, Self.version)
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.file(model).baseModel == "Pony")
            }
            try writeFile(sidecar, Self.version.replacing("Pony", with: "Illustrious"))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                #expect(try await daemon.file(model).baseModel == "Illustrious")
                #expect(try await daemon.status().hashing.filesTotal == 0)
                // Only what the daemon is told by events from here on.
                removeFile(sidecar)
                try await daemon.sync()
                #expect(try await daemon.file(model).baseModel == "SDXL 1.0")
                #expect(try await daemon.status().hashing.filesTotal == 0)
            }
        }
    }

    @Test func aPreviewIsServedWithItsTag() async throws {
        try await withPlace { place in
            try place.configure("http: {listen: \"127.0.0.1:0\"}")
            let model = try place.addFile("a.safetensors", ModelBytes.sdxlLoRA())
            try writeFile(place.models.appending("a.preview.png"), pngFile("picture"))
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let file = try await daemon.file(model)
                let url = try #require(file.preview?.url)
                let port = try #require(try listeningPort(ofProcess: daemon.process.id))
                let got = try await request(port: port, "GET", url)
                #expect(got.status == 200 && got.text.contains("ETag: \"") && got.text.hasSuffix("picture"))
                #expect(got.text.contains("Content-Type: image/png"))
                let head = try await request(port: port, "HEAD", url)
                #expect(head.status == 200 && head.text.contains("ETag: \"") && !head.text.contains("picture"))
                #expect(head.text.contains("Content-Length: 15"))
                removeFile(place.models.appending("a.preview.png"))
                #expect(try await request(port: port, "HEAD", url).status == 404)
                try await daemon.sync()
                #expect(try await daemon.file(model).preview == nil)
            }
        }
    }

    /// A GGUF file with two key-values and one tensor of two numbers (ggml: docs/gguf.md).
    private static var gguf: [UInt8] {
        func number(_ value: UInt64, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        func text(_ text: String) -> [UInt8] { number(UInt64(text.utf8.count), 8) + Array(text.utf8) }
        var bytes = Array("GGUF".utf8) + number(3, 4) + number(1, 8) + number(2, 8)
        bytes += text("general.architecture") + number(8, 4) + text("flux")
        bytes += text("general.file_type") + number(4, 4) + number(1, 4)
        bytes += text("double_blocks.0.img_attn.qkv.weight") + number(1, 4) + number(2, 8) + number(1, 4) + number(0, 8)
        bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
        return bytes + [UInt8](repeating: 0, count: 4)
    }
}
