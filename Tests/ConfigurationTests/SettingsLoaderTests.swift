import LinuxSystem
import TestSupport
import Testing

@testable import Configuration

@Suite struct SettingsLoaderTests {
    private let places = [
        "/a.yaml": "log_level: debug\n", "/b.yaml": "log_level: notice\n",
        "/home/me/.config/kikod/kikod.yaml": "log_level: warning\n", "/etc/kikod/kikod.yaml": "log_level: error\n",
    ]

    @Test func theFlagNamesTheFileBeforeTheVariable() {
        let outcome = load(MemoryFiles(places), ["KIKOD_CONFIG": "/b.yaml"]) { $0.configurationFile = "../a.yaml" }
        #expect(outcome.loaded?.settings.logLevel == .debug)
        #expect(outcome.loaded?.file == FilePath("/a.yaml"))
    }

    @Test func theVariableNamesTheFileBeforeTheUsualPlaces() {
        #expect(load(MemoryFiles(places), ["KIKOD_CONFIG": "/b.yaml"]).loaded?.settings.logLevel == .notice)
        #expect(load(MemoryFiles(places), ["KIKOD_CONFIG": ""]).loaded?.settings.logLevel == .warning)
    }

    @Test func theUsersFileGoesBeforeTheMachinesButNotForRoot() {
        #expect(load(MemoryFiles(places)).loaded?.settings.logLevel == .warning)
        #expect(load(MemoryFiles(places), userID: 0).loaded?.settings.logLevel == .error)
        var files = MemoryFiles(places)
        files.contents["/home/me/.config/kikod/kikod.yaml"] = nil
        #expect(load(files).loaded?.settings.logLevel == .error)
    }

    @Test func withoutAnyFileTheDefaultsHold() throws {
        let loaded = try #require(load(MemoryFiles()).loaded)
        #expect(loaded.file == nil)
        #expect(!loaded.rootsAreNamed)
        #expect(loaded.notes == [])
        var expected = Settings(
            dataDirectory: FilePath("/home/me/.local/share/kikod"),
            socket: FilePath("/home/me/.local/share/kikod/kikod.sock"))
        expected.cacheDirectory = FilePath("/home/me/.cache/kikod")
        #expect(loaded.settings == expected)
    }

    @Test func theCacheLiesWhereTheSurroundingsSay() {
        func cache(_ environment: [String: String]) -> String? {
            load(MemoryFiles(), environment).loaded?.settings.cacheDirectory.description
        }
        #expect(cache(["CACHE_DIRECTORY": "/var/cache/kikod", "XDG_CACHE_HOME": "/x"]) == "/var/cache/kikod")
        #expect(cache(["XDG_CACHE_HOME": "/x"]) == "/x/kikod")
    }

    @Test func theKeyComesFromTheFirstPlaceThatHasOne() throws {
        let files = MemoryFiles(
            ["/c.yaml": "roots: []\ncivitai: {api_key_file: /key}\n", "/key": "a\n", "/run/c/civitai-api-key": "b"],
            directories: ["/run/c", "/empty"])
        func key(_ environment: [String: String]) throws -> String? {
            let environment = environment.merging(["CIVITAI_API_KEY": "c"]) { $1 }
            return try load(files, environment).loaded?.settings.civitai.apiKey(files: files)?.value
        }
        #expect(try key(["KIKOD_CONFIG": "/c.yaml", "CREDENTIALS_DIRECTORY": "/run/c"]) == "a")
        #expect(try key(["CREDENTIALS_DIRECTORY": "/run/c"]) == "b")
        #expect(try key(["CREDENTIALS_DIRECTORY": "/empty"]) == "c")
        #expect(try key([:]) == "c")
        #expect(try load(MemoryFiles()).loaded?.settings.civitai.apiKey() == nil)
    }

    /// A key that is there and cannot be seen is told; a directory that is not there has none.
    ///
    /// Only when the key is wanted: `--check-config` in a reload may not see what the service sees.
    @Test func credentialsThatCannotBeSeenAreAFault() throws {
        var files = MemoryFiles(["/run/c/civitai-api-key": "b"], directories: ["/run/c"])
        func key(_ directory: String) throws -> String? {
            let loaded = try #require(load(files, ["CREDENTIALS_DIRECTORY": directory]).loaded)
            return try loaded.settings.civitai.apiKey(files: files)?.value
        }
        files.failures["/run/c"] = .accessDenied
        let fault = #expect(throws: ConfigurationFault.self) { try key("/run/c") }
        #expect(fault?.description.hasPrefix("CREDENTIALS_DIRECTORY: cannot be read: ") == true)
        files.failures["/run/c"] = .notDirectory
        #expect(try key("/run/c") == nil)
        #expect(try key("/nowhere") == nil)
    }

    /// The unit passes an empty line where the machine has no key.
    @Test(arguments: ["", "\n", " \t\n"]) func anEmptyCredentialIsNone(_ text: String) throws {
        let files = MemoryFiles(["/run/c/civitai-api-key": text], directories: ["/run/c"])
        func key(_ environment: [String: String]) throws -> String? {
            let environment = environment.merging(["CREDENTIALS_DIRECTORY": "/run/c"]) { $1 }
            return try load(files, environment).loaded?.settings.civitai.apiKey(files: files)?.value
        }
        #expect(try key([:]) == nil)
        #expect(try key(["CIVITAI_API_KEY": "c"]) == "c")
    }

    @Test func aCredentialThatHoldsNoKeyIsAFault() throws {
        let files = MemoryFiles(["/run/c/civitai-api-key": "two words"], directories: ["/run/c"])
        let civitai = try #require(load(files, ["CREDENTIALS_DIRECTORY": "/run/c"]).loaded).settings.civitai
        #expect(throws: ConfigurationFault.self) { try civitai.apiKey(files: files) }
    }

    @Test func aNamedFileThatIsMissingIsAFault() {
        #expect(
            load(MemoryFiles(places)) { $0.configurationFile = "no.yaml" }.faults
                == ["/current/no.yaml: cannot be read: No such file or directory (named by --config)"])
        #expect(
            load(MemoryFiles(places), ["KIKOD_CONFIG": "/no.yaml"]).faults
                == ["/no.yaml: cannot be read: No such file or directory (named by KIKOD_CONFIG)"])
        #expect(
            load(MemoryFiles(places)) { $0.configurationFile = "" }.faults == [
                "--config: expected a file, found nothing"
            ])
    }

    @Test func aFileThatIsThereButCannotBeReadIsAFault() {
        var files = MemoryFiles(places)
        files.failures["/home/me/.config/kikod/kikod.yaml"] = .accessDenied
        #expect(load(files).faults == ["/home/me/.config/kikod/kikod.yaml: cannot be read: Permission denied"])
    }

    @Test func laterSourcesWinForTheDataDirectory() {
        let files = MemoryFiles(["/c.yaml": "data_dir: /file\n"])
        var environment = ["KIKOD_CONFIG": "/c.yaml", "STATE_DIRECTORY": "/state:/other", "XDG_DATA_HOME": "/xdg"]
        func directory(_ flag: String? = nil) -> String? {
            load(files, environment) { $0.dataDirectory = flag }.loaded?.settings.dataDirectory.description
        }
        environment["CONFIG_DATA_PATH"] = "variable"
        #expect(directory("flag/x/..") == "/current/flag")
        #expect(directory() == "/current/variable")
        environment["CONFIG_DATA_PATH"] = ""
        #expect(directory() == "/file")
        environment["KIKOD_CONFIG"] = nil
        #expect(directory() == "/state")
        environment["STATE_DIRECTORY"] = nil
        #expect(directory() == "/xdg/kikod")
        environment["XDG_DATA_HOME"] = "relative"
        #expect(directory() == "/home/me/.local/share/kikod")
    }

    @Test func laterSourcesWinForTheSocket() {
        let files = MemoryFiles(["/c.yaml": "socket: /file.sock\n"])
        var environment = [
            "KIKOD_CONFIG": "/c.yaml", "RUNTIME_DIRECTORY": "/run/k:/x", "XDG_RUNTIME_DIR": "/run/user/1",
        ]
        func socket(_ flag: String? = nil) -> String? {
            load(files, environment) {
                $0.socket = flag
                $0.dataDirectory = "/data"
            }.loaded?.settings.socket.description
        }
        #expect(socket("s") == "/current/s")
        #expect(socket() == "/file.sock")
        environment["KIKOD_CONFIG"] = nil
        #expect(socket() == "/run/k/kikod.sock")
        environment["RUNTIME_DIRECTORY"] = nil
        #expect(socket() == "/run/user/1/kikod/kikod.sock")
        environment["XDG_RUNTIME_DIR"] = nil
        #expect(socket() == "/data/kikod.sock")
    }

    @Test func withoutAHomeTheDataDirectoryMustBeSet() {
        let nowhere = Surroundings(environment: [:], userID: 1, home: nil, workingDirectory: .root)
        let loader = SettingsLoader(surroundings: nowhere, files: MemoryFiles())
        #expect(throws: ConfigurationFaults.self) { try loader.load(CommandLineOverrides()) }
        var overrides = CommandLineOverrides()
        overrides.dataDirectory = "/d"
        #expect(throws: Never.self) { try loader.load(overrides) }
    }

    @Test func everySourceAddsItsRoots() throws {
        let files = MemoryFiles(["/c.yaml": "roots: [/file]\ncivitai: {enabled: true}\n"])
        let environment = ["KIKOD_CONFIG": "/c.yaml", "MODEL_PATH": "models", "CIVITAI_API_KEY": "k"]
        let loaded = try #require(
            load(files, environment) {
                $0.roots = ["x:lora", "/y", "/file/"]
                $0.withoutCivitAI = true
                $0.logLevel = .error
            }.loaded)
        #expect(loaded.settings.roots.map(\.path.description) == ["/file", "/current/models", "/current/x", "/y"])
        #expect(loaded.settings.roots.map(\.type) == [nil, nil, .lora, nil])
        #expect(loaded.settings.roots.map(\.origin.description) == ["/c.yaml:1", "MODEL_PATH", "--root", "--root"])
        #expect(loaded.settings.civitai.environmentKey == Secret("k"))
        #expect(!loaded.settings.civitai.enabled)
        #expect(loaded.settings.logLevel == .error)
    }

    @Test func flagsAndVariablesNameRoots() {
        #expect(load(MemoryFiles(), ["MODEL_PATH": "/m"]).loaded?.rootsAreNamed == true)
        #expect(load(MemoryFiles()) { $0.roots = ["/m"] }.loaded?.rootsAreNamed == true)
        #expect(load(MemoryFiles(), ["MODEL_PATH": ""]).loaded?.rootsAreNamed == false)
    }

    @Test func faultsOfFlagsNameTheFlag() {
        let files = MemoryFiles(["/etc/kikod/kikod.yaml": "roots:\n  - {path: /a, type: vae}\n"])
        let faults = load(files) {
            $0.roots = [":lora", "/a:lora"]
            $0.dataDirectory = ""
            $0.socket = ""
        }.faults
        #expect(
            faults == [
                "--root: expected DIR or DIR:TYPE, found “:lora”",
                "--root: /a is named twice with different types: lora here, vae at /etc/kikod/kikod.yaml:2",
                "--data-dir: expected a path, found nothing", "--socket: expected a path, found nothing",
            ])
    }

    @Test func theMachinesFilesAreReadWithinBounds() async throws {
        try await withTemporaryDirectory { directory in
            let files = SystemConfigurationFiles()
            let path = directory.appending("kikod.yaml")
            try writeFile(path, "roots: []\n")
            #expect(try files.read(path, limit: 10) == Array("roots: []\n".utf8))
            #expect(throws: SystemError.self) { try files.read(path, limit: 9) }
            #expect(throws: SystemError.self) { try files.read(directory, limit: 9) }
            #expect(files.isDirectory(directory))
            #expect(!files.isDirectory(path))
            #expect(try files.names(in: directory) == [Array("kikod.yaml".utf8)])
            #expect(throws: SystemError.self) { try files.names(in: path) }
            #expect(files.homeDirectory(ofUser: "root") != nil)
            #expect(files.homeDirectory(ofUser: "no such user") == nil)
            #expect(Surroundings.current().workingDirectory.isAbsolute)
        }
    }

    @Test func secretFilesHoldOneWord() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("token")
            let origin = SettingOrigin(source: "f", line: 3)
            try writeFile(path, "  word\n\n")
            #expect(try SecretFile.read(path, origin: origin) == Secret("word"))
            for text in ["", " \n", "two words", "é", "a\u{0}"] {
                try writeFile(path, text)
                #expect(throws: ConfigurationFault.self) { try SecretFile.read(path, origin: origin) }
            }
            let absent = directory.appending("none")
            #expect(throws: ConfigurationFault.self) { try SecretFile.read(absent, origin: origin) }
        }
    }
}
