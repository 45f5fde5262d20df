package import LinuxSystem
internal import YAML

/// What the command line says about settings; nil and empty where it says nothing. Paths as they were written, bytes that are not UTF-8 escaped.
package struct CommandLineOverrides: Sendable, Equatable {
    /// `--config`.
    package var configurationFile: String?
    /// Every `--root`, `DIR` or `DIR:TYPE`.
    package var roots: [String] = []
    /// `--data-dir`.
    package var dataDirectory: String?
    /// `--socket`.
    package var socket: String?
    /// `--no-civitai`.
    package var withoutCivitAI = false
    /// `--log-level`.
    package var logLevel: LogLevelSetting?

    /// No override at all.
    package init() {}
}

/// A configuration without faults.
package struct LoadedSettings: Sendable, Equatable {
    /// The settings in force.
    package var settings: Settings
    /// The file that was read, nil when there was none.
    package var file: FilePath?
    /// Whether anything said which roots there are; true for an explicit `roots: []`.
    package var rootsAreNamed: Bool
    /// Remarks for the log.
    package var notes: [ConfigurationNote]
}

/// Brings together defaults, the file, the environment and the flags; the last wins.
///
/// A value over what it is given: same surroundings, same files, same answer. Reads files, so it may block.
package struct SettingsLoader: Sendable {
    /// The largest configuration file, in bytes.
    package static let fileLimit = YAMLDocument.sizeLimit
    /// The file for the whole machine.
    package static let systemFile = FilePath("/etc/kikod/kikod.yaml")

    private let surroundings: Surroundings
    private let files: any ConfigurationFiles

    /// A loader for these surroundings.
    package init(surroundings: Surroundings, files: any ConfigurationFiles = SystemConfigurationFiles()) {
        self.surroundings = surroundings
        self.files = files
    }

    /// The settings in force, or every fault that was found.
    package func load(_ overrides: CommandLineOverrides) throws(ConfigurationFaults) -> LoadedSettings {
        let findings = Findings()
        let expansion = PathExpansion(surroundings: surroundings, files: files)
        let (file, said) = readFile(overrides, expansion, findings)
        var settings = said.settings

        var roots = RootCollector()
        for root in said.roots { roots.add(root, findings) }
        let comfyUI = ComfyUIRoots(files: files, expansion: expansion, findings: findings)
        for entry in said.comfyUI {
            for root in comfyUI.requests(entry.path, origin: entry.origin) { roots.add(root, findings) }
        }
        let environmentRoot = surroundings.variable("MODEL_PATH")
        if let path = environmentRoot {
            roots.add(RootRequest(path: absolute(path), origin: SettingOrigin(source: "MODEL_PATH")), findings)
        }
        for text in overrides.roots {
            let origin = SettingOrigin(source: "--root")
            guard let root = RootArgument(text) else {
                findings.fault(origin, "expected DIR or DIR:TYPE, found \(SettingValue.quoted(text))")
                continue
            }
            let path = root.directory.absolute(from: surroundings.workingDirectory)
            roots.add(RootRequest(path: path, type: root.type, origin: origin), findings)
        }
        settings.roots = roots.settings

        settings.dataDirectory = dataDirectory(overrides, said, findings)
        settings.socket = socket(overrides, said, settings.dataDirectory, findings)
        settings.cacheDirectory = cacheDirectory(settings.dataDirectory)
        settings.civitai.credentials = surroundings.absolutePath("CREDENTIALS_DIRECTORY")
        settings.civitai.environmentKey = environmentKey(findings)
        if overrides.withoutCivitAI { settings.civitai.enabled = false }
        if let level = overrides.logLevel { settings.logLevel = level }

        guard findings.faults.isEmpty else { throw ConfigurationFaults(faults: findings.sortedFaults) }
        return LoadedSettings(
            settings: settings, file: file,
            rootsAreNamed: said.namesRoots || environmentRoot != nil || !overrides.roots.isEmpty,
            notes: findings.notes)
    }

    // MARK: - The file

    private func readFile(
        _ overrides: CommandLineOverrides, _ expansion: PathExpansion, _ findings: Findings
    ) -> (FilePath?, FileSettings) {
        guard let (path, bytes) = chooseFile(overrides, findings) else { return (nil, FileSettings()) }
        do throws(YAMLError) {
            guard let node = try YAMLDocument.parse(bytes) else { return (path, FileSettings()) }
            return (path, SettingsDecoder(file: path, expansion: expansion, findings: findings).decode(node))
        } catch {
            findings.fault(SettingOrigin(source: path.description, line: error.line), error.message)
            return (path, FileSettings())
        }
    }

    /// The file to read; one that somebody named must be there, those in the usual places may be absent.
    private func chooseFile(_ overrides: CommandLineOverrides, _ findings: Findings) -> (FilePath, [UInt8])? {
        let named = [
            ("--config", overrides.configurationFile), ("KIKOD_CONFIG", surroundings.variable("KIKOD_CONFIG")),
        ]
        for case (let source, let text?) in named {
            guard !text.isEmpty else {
                findings.fault(SettingOrigin(source: source), "expected a file, found nothing")
                return nil
            }
            let path = absolute(text)
            do throws(SystemError) { return (path, try files.read(path, limit: Self.fileLimit)) } catch {
                let reason = "cannot be read: \(describe(error)) (named by \(source))"
                findings.fault(SettingOrigin(source: path.description), reason)
                return nil
            }
        }
        var places = [Self.systemFile]
        if surroundings.userID != 0, let home = surroundings.home {
            places.insert(home.appending(".config/kikod/kikod.yaml").normalized, at: 0)
        }
        for path in places {
            do throws(SystemError) { return (path, try files.read(path, limit: Self.fileLimit)) } catch {
                if error.errno == .noEntry || error.errno == .notDirectory { continue }
                findings.fault(SettingOrigin(source: path.description), "cannot be read: \(describe(error))")
                return nil
            }
        }
        return nil
    }

    private func describe(_ error: SystemError) -> String {
        error.errno == .invalidArgument ? error.call : error.errno.description
    }

    // MARK: - Paths

    private func dataDirectory(
        _ overrides: CommandLineOverrides, _ said: FileSettings, _ findings: Findings
    ) -> FilePath {
        if let path = argument("--data-dir", overrides.dataDirectory, findings) { return path }
        if let path = surroundings.variable("CONFIG_DATA_PATH") { return absolute(path) }
        if let path = said.dataDirectory ?? surroundings.firstDirectory("STATE_DIRECTORY") { return path }
        if let path = surroundings.absolutePath("XDG_DATA_HOME") { return path.appending("kikod") }
        if let home = surroundings.home { return home.appending(".local/share/kikod").normalized }
        findings.fault(SettingOrigin(source: "data_dir"), "no home directory is known, so it must be set")
        return .root
    }

    private func socket(
        _ overrides: CommandLineOverrides, _ said: FileSettings, _ dataDirectory: FilePath, _ findings: Findings
    ) -> FilePath {
        if let path = argument("--socket", overrides.socket, findings) ?? said.socket { return path }
        if let path = surroundings.firstDirectory("RUNTIME_DIRECTORY") { return path.appending("kikod.sock") }
        if let path = surroundings.absolutePath("XDG_RUNTIME_DIR") { return path.appending("kikod/kikod.sock") }
        return dataDirectory.appending("kikod.sock")
    }

    private func cacheDirectory(_ dataDirectory: FilePath) -> FilePath {
        if let path = surroundings.firstDirectory("CACHE_DIRECTORY") { return path }
        if let path = surroundings.absolutePath("XDG_CACHE_HOME") { return path.appending("kikod") }
        if let home = surroundings.home { return home.appending(".cache/kikod").normalized }
        return dataDirectory.appending("cache")
    }

    private func environmentKey(_ findings: Findings) -> Secret? {
        guard let text = surroundings.variable("CIVITAI_API_KEY") else { return nil }
        let word = SecretFile.word(in: Array(text.utf8))
        if word == nil {
            findings.fault(SettingOrigin(source: "CIVITAI_API_KEY"), "must hold one word of printable characters")
        }
        return word.map { Secret($0) }
    }

    private func argument(_ flag: String, _ text: String?, _ findings: Findings) -> FilePath? {
        guard let text else { return nil }
        if text.isEmpty { findings.fault(SettingOrigin(source: flag), "expected a path, found nothing") }
        return absolute(text)
    }

    private func absolute(_ text: String) -> FilePath {
        FilePath(escaped: text).absolute(from: surroundings.workingDirectory)
    }
}
