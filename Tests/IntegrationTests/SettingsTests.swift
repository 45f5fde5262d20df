import IndexAPI
import LinuxSystem
import TestSupport
import Testing

/// Where settings come from, and which win.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SettingsTests {
    @Test func environmentWinsOverTheFileAndFlagsOverBoth() async throws {
        try await withPlace { place in
            let (fromEnvironment, fromFlag) = (
                place.directory.appending("environment"), place.directory.appending("flag")
            )
            let environment = ["CONFIG_DATA_PATH": fromEnvironment.description]
            let plain = try await runDaemon(place, ["--once"])
            #expect(plain.status == 0)
            #expect(exists(place.database))
            #expect(!exists(fromEnvironment))
            #expect(try await runDaemon(place, ["--once"], environment: environment).status == 0)
            #expect(exists(fromEnvironment.appending("models.db")))
            #expect(!exists(fromFlag))
            let arguments = ["--once", "--data-dir", fromFlag.description]
            #expect(try await runDaemon(place, arguments, environment: environment).status == 0)
            #expect(exists(fromFlag.appending("models.db")))
        }
    }

    @Test func rootsOfFileEnvironmentAndFlagsAddUp() async throws {
        try await withPlace { place in
            var paths: [String] = []
            for name in ["models", "environment", "flag", "typed", "with:colon"] {
                let directory = place.directory.appending(name)
                try makeDirectory(directory)
                try writeFile(directory.appending("a.ckpt"), name)
                paths.append(directory.description)
            }
            let arguments = ["--root", paths[2], "--root", paths[3] + ":lora", "--root", paths[4]]
            let launch = RunningDaemon.Launch(arguments: arguments, environment: ["MODEL_PATH": paths[1]])
            try await withDaemon(place, launch) { daemon in
                try await daemon.sync()
                let roots = try await daemon.answer(RootsAnswer.self, "roots").roots
                #expect(roots.map(\.path) == paths)
                #expect(roots.map(\.type) == [nil, nil, nil, "lora", nil])
                #expect(try await daemon.files().count == 5)
                let file = try await daemon.file(FilePath(paths[3]).appending("a.ckpt"))
                #expect(file.type == "lora")
                #expect(file.typeSource == "root")
            }
        }
    }

    @Test func configurationFileIsNamedByFlagElseEnvironmentElseHome() async throws {
        try await withPlace { place in
            func write(_ name: String) throws -> FilePath {
                let path = place.directory.appending(name)
                try writeFile(path, "roots: []\ndata_dir: \"\(path)-data\"\n")
                return path
            }
            func wasUsed(_ path: FilePath) -> Bool { exists(FilePath("\(path)-data/models.db")) }
            let (flag, environment) = (try write("flag.yaml"), try write("environment.yaml"))
            let kikod = try Programs.path("kikod")
            let variables = ["KIKOD_CONFIG": environment.description]
            let arguments = ["--once", "--config", flag.description].map { Array($0.utf8) }
            #expect(try await run(kikod, arguments, in: place.directory, environment: variables).status == 0)
            #expect(wasUsed(flag))
            #expect(!wasUsed(environment))
            #expect(try await run(kikod, [arguments[0]], in: place.directory, environment: variables).status == 0)
            #expect(wasUsed(environment))
            let missing = ["KIKOD_CONFIG": place.directory.appending("missing").description]
            #expect(try await run(kikod, [arguments[0]], in: place.directory, environment: missing).status == 78)
        }
    }

    @Test func dataDirectoryAndSocketFollowTheServiceManagersDirectories() async throws {
        try await withPlace { place in
            try writeFile(place.configuration, "roots: [\(place.models)]\n")
            let (state, runtime) = (place.directory.appending("state"), place.directory.appending("run"))
            let environment = ["STATE_DIRECTORY": state.description, "RUNTIME_DIRECTORY": runtime.description]
            try await withDaemon(place, .init(environment: environment)) { daemon in
                let socket = runtime.appending("kikod.sock").description
                let result = try await run(
                    Programs.path("kikod-ctl"), ["--socket", socket, "status"].map { Array($0.utf8) },
                    in: place.directory)
                #expect(result.status == 0)
                #expect(exists(state.appending("models.db")))
            }
        }
    }

    @Test func directoryOfComfyUIGivesItsFoldersAsRoots() async throws {
        try await withPlace { place in
            let comfyUI = place.directory.appending("ComfyUI")
            let shared = place.directory.appending("shared models")
            for name in ["checkpoints", "loras", "unet", "strange", "configs"] {
                try makeDirectory(comfyUI.appending("models/" + name))
            }
            for name in ["vae", "loras", "nodes"] { try makeDirectory(shared.appending(name)) }
            try writeFile(
                comfyUI.appending("extra_model_paths.yaml"),
                """
                a111:
                  base_path: ../shared models
                  is_default: true
                  vae: vae
                  loras: |
                    loras
                    more_loras
                  custom_nodes: nodes

                """)
            try writeFile(comfyUI.appending("models/loras/a.ckpt"), "a")
            try place.configure(roots: [], "comfyui: [\"\(comfyUI)\"]")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                let roots = try await daemon.answer(RootsAnswer.self, "roots").roots
                let found = Dictionary(uniqueKeysWithValues: roots.map { ($0.path, $0.type ?? "none") })
                let models = comfyUI.description + "/models/"
                #expect(
                    found == [
                        models + "checkpoints": "checkpoint", models + "loras": "lora",
                        models + "unet": "diffusion_model",
                        models + "strange": "none", "\(shared)/vae": "vae", "\(shared)/loras": "lora",
                        "\(shared)/more_loras": "lora",
                    ])
                #expect(roots.filter { $0.state == "offline" }.map(\.path) == ["\(shared)/more_loras"])
                #expect(try await daemon.files().map(\.type) == ["lora"])
            }
        }
    }

    private func exists(_ path: FilePath) -> Bool { (try? FileStatus.of(path)) != nil }
}
