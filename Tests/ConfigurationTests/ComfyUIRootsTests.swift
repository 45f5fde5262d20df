import LinuxSystem
import Testing

@testable import Configuration

@Suite struct ComfyUIRootsTests {
    /// Loads `comfyui: [/c/e.yaml]` with this text as `/c/e.yaml`.
    private func load(extra: String, _ environment: [String: String] = [:]) -> Outcome {
        let files = MemoryFiles(["/c/kikod.yaml": "comfyui: [e.yaml]\n", "/c/e.yaml": extra])
        return ConfigurationTests.load(files, environment) { $0.configurationFile = "/c/kikod.yaml" }
    }

    private func shown(_ outcome: Outcome) -> [String] {
        outcome.faults + (outcome.loaded?.settings.roots ?? []).map { "\($0.path) \($0.type?.rawValue ?? "-")" }
    }

    @Test(
        arguments: [
            ("a:\n  base_path: /b\n  loras: l\n  vae: x/../v/\n", ["/b/l lora", "/b/v vae"]),
            ("a:\n  loras: l\n", ["/c/l lora"]),
            ("a:\n  base_path: ../b\n  loras: l\n", ["/b/l lora"]),
            ("a:\n  base_path: ~/ui\n  loras: l\n", ["/home/me/ui/l lora"]),
            ("a:\n  base_path: ~ann/ui/\n  loras: l\n", ["/home/ann/ui/l lora"]),
            ("a:\n  base_path: ~bob\n  loras: l\n", ["/c/~bob/l lora"]),
            ("a:\n  base_path: $B/${C}/$NONE/${NO}$\n  loras: l\n", ["/bb/cc/$NONE/${NO}$/l lora"]),
            ("a:\n  base_path: /b\n  loras: /abs\n", ["/abs lora"]),
            ("a:\n  base_path: /b\n  loras: ~/l\n", ["/b/~/l lora"]),
            ("a:\n  base_path: /b\n  is_default: true\n  loras: l\n", ["/b/l lora"]),
            ("a:\n  loras: |\n    one\n\n    two/\n    /three\n", ["/c/one lora", "/c/two lora", "/three lora"]),
            ("a:\n  unet: u\n  clip: c\n", ["/c/u diffusion_model", "/c/c text_encoder"]),
            (
                "a:\n  checkpoints: a\n  embeddings: b\n  upscale_models: c\n  hypernetworks: d\n  t2i_adapter: e\n",
                ["/c/a checkpoint", "/c/b embedding", "/c/c upscaler", "/c/d hypernetwork", "/c/e controlnet"]
            ),
            ("a:\n  custom_nodes: n\n  configs: c\n  whatever: w\n", ["/c/w -"]),
            ("a:\nb:\n  vae: v\nc:\n  base_path: /x\n  vae: v\n", ["/c/v vae", "/x/v vae"]),
            ("a: &a\n  vae: v\nb: *a\n", ["/c/v vae"]),
            ("", []), ("# nothing\n", []),
        ] as [(String, [String])])
    func entriesFollowComfyUIsRules(_ extra: String, _ roots: [String]) {
        #expect(shown(load(extra: extra, ["B": "/bb", "C": "cc"])) == roots)
    }

    @Test(
        arguments: [
            ("a: 1\n", "1: a: expected keys and values, found “1”"),
            ("- a\n", "1: the file: expected keys and values, found a list"),
            ("a:\n  loras:\n", "2: a.loras: expected one directory a line, found nothing"),
            ("a:\n  loras: [x]\n", "2: a.loras: expected one directory a line, found a list"),
            ("a:\n  base_path: {}\n", "2: a.base_path: expected a directory, found keys and values"),
            ("a:\n  vae: *x\n", "2: the alias *x has no finished anchor &x before it"),
        ])
    func faultsNameTheFileOfComfyUI(_ extra: String, _ fault: String) {
        #expect(load(extra: extra).faults == ["/c/e.yaml:" + fault])
    }

    @Test func linesOfABlockAreToldApart() {
        let origins = load(extra: "a:\n  loras: |\n    one\n\n    two\n").loaded?.settings.roots.map(\.origin.line)
        #expect(origins == [3, 5])
    }

    @Test func aKeyGivenTwiceCountsAsItsLastAndIsTold() throws {
        let outcome = load(extra: "a:\n  vae: one\n  vae: two\n")
        #expect(shown(outcome) == ["/c/two vae"])
        #expect(
            outcome.loaded?.notes.map(\.description)
                == ["/c/e.yaml:3: vae is given twice; as in ComfyUI this last one counts"])
    }

    @Test func insideOneComfyUITheFirstTypeWins() {
        let outcome = load(extra: "a:\n  other: m\n  clip: m\n  loras: m\n")
        #expect(shown(outcome) == ["/c/m text_encoder"])
        #expect(
            outcome.loaded?.notes.map(\.description)
                == ["/c/e.yaml:4: /c/m stands for lora here and for text_encoder at /c/e.yaml:3; the first counts"])
    }

    @Test func betweenComfyUIAndOthersDifferentTypesAreAFault() {
        let files = MemoryFiles(["/c/e.yaml": "a:\n  loras: m\n", "/c/f.yaml": "a:\n  vae: m\n"])
        #expect(
            ConfigurationTests.load(yaml: "comfyui: [e.yaml, f.yaml]\n", files).faults
                == ["/c/f.yaml:2: /c/m is named twice with different types: vae here, lora at /c/e.yaml:2"])
        #expect(
            ConfigurationTests.load(yaml: "comfyui: [e.yaml]\nroots: [{path: m, type: vae}]\n", files).faults
                == ["/c/e.yaml:2: /c/m is named twice with different types: lora here, vae at /c/kikod.yaml:2"])
        #expect(
            shown(ConfigurationTests.load(yaml: "comfyui: [e.yaml, e.yaml]\nroots: [m]\n", files)) == ["/c/m lora"])
    }

    private let installation = MemoryFiles(
        [
            "/o/ComfyUI/models/a.safetensors": "", "/o/ComfyUI/models/configs/v1.yaml": "",
            "/o/ComfyUI/extra_model_paths.yaml": "a:\n  base_path: /x\n  loras: |\n    l\n    m\n",
        ],
        directories: [
            "/o/ComfyUI", "/o/ComfyUI/models", "/o/ComfyUI/models/zoo", "/o/ComfyUI/models/art",
            "/o/ComfyUI/models/loras", "/o/ComfyUI/models/checkpoints", "/o/ComfyUI/models/configs",
            "/o/ComfyUI/models/.git", "/o/ComfyUI/models/vae_approx",
        ])

    @Test func aDirectoryGivesItsFoldersAndItsYAML() {
        let outcome = ConfigurationTests.load(yaml: "comfyui: [../o/ComfyUI/]\n", installation)
        let models = "/o/ComfyUI/models"
        #expect(
            shown(outcome) == [
                "\(models)/checkpoints checkpoint", "\(models)/loras lora", "\(models)/vae_approx vae",
                "\(models)/art -", "\(models)/zoo -", "/x/l lora", "/x/m lora",
            ])
        #expect(outcome.loaded?.settings.roots.first?.origin.description == "/c/kikod.yaml:1")
        #expect(outcome.loaded?.notes == [])
        #expect(outcome.loaded?.rootsAreNamed == true)
    }

    @Test func aDirectoryThatIsNotThereIsOneRootAndToldSo() {
        let outcome = ConfigurationTests.load(yaml: "\ncomfyui: [/o/gone]\n", installation)
        #expect(shown(outcome) == ["/o/gone/models -"])
        #expect(
            outcome.loaded?.notes.map(\.description) == [
                "/c/kikod.yaml:2: no ComfyUI models found at /o/gone (there is no such directory); /o/gone/models is "
                    + "taken as one root without a type until a reload finds its folders"
            ])
    }

    @Test func aDirectoryWithoutModelsKeepsItsYAML() {
        var files = installation
        files.directories = ["/o/ComfyUI"]
        let outcome = ConfigurationTests.load(yaml: "comfyui: [/o/ComfyUI]\n", files)
        #expect(shown(outcome) == ["/o/ComfyUI/models -", "/x/l lora", "/x/m lora"])
        #expect(outcome.loaded?.notes.count == 1)
    }

    @Test func aYAMLFileThatIsNotThereIsAFault() {
        #expect(
            ConfigurationTests.load(yaml: "comfyui: [/no/e.yml]\n").faults
                == ["/c/kikod.yaml:1: comfyui: /no/e.yml: No such file or directory (open)"])
    }

    @Test func aYAMLFileOfADirectoryThatCannotBeReadIsAFault() {
        var files = installation
        files.failures["/o/ComfyUI/extra_model_paths.yaml"] = .accessDenied
        #expect(
            ConfigurationTests.load(yaml: "comfyui: [/o/ComfyUI]\n", files).faults
                == ["/o/ComfyUI/extra_model_paths.yaml: cannot be read: Permission denied"])
    }
}
