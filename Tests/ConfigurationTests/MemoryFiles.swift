import LinuxSystem

@testable import Configuration

/// Files and directories of a test, in memory.
struct MemoryFiles: ConfigurationFiles {
    var contents: [String: [UInt8]] = [:]
    var directories: Set<String> = []
    var failures: [String: Errno] = [:]

    init(_ texts: [String: String] = [:], directories: Set<String> = []) {
        contents = texts.mapValues { Array($0.utf8) }
        self.directories = directories
    }

    func read(_ path: FilePath, limit: Int) throws(SystemError) -> [UInt8] {
        if let errno = failures[path.description] { throw SystemError(errno, call: "open", subject: path.description) }
        guard let bytes = contents[path.description] else {
            throw SystemError(.noEntry, call: "open", subject: path.description)
        }
        return bytes
    }

    func isDirectory(_ path: FilePath) -> Bool { directories.contains(path.description) }

    func names(in directory: FilePath) throws(SystemError) -> [[UInt8]] {
        if let errno = failures[directory.description] {
            throw SystemError(errno, call: "opendir", subject: directory.description)
        }
        guard isDirectory(directory) else {
            throw SystemError(.noEntry, call: "opendir", subject: directory.description)
        }
        let paths = directories.union(contents.keys).map { FilePath($0) }
        return paths.filter { $0.parent == directory }.map(\.name)
    }

    func homeDirectory(ofUser name: String) -> FilePath? { name == "ann" ? FilePath("/home/ann") : nil }
}

/// Surroundings of a user with the home `/home/me` in `/current`.
func surroundings(_ environment: [String: String] = [:], userID: UInt32 = 1000) -> Surroundings {
    Surroundings(
        environment: environment, userID: userID, home: FilePath("/home/me"), workingDirectory: FilePath("/current"))
}

/// What loading gives: the settings, or the faults as they are printed.
enum Outcome {
    case loaded(LoadedSettings)
    case faults([String])

    var loaded: LoadedSettings? { if case .loaded(let loaded) = self { loaded } else { nil } }
    var faults: [String] { if case .faults(let faults) = self { faults } else { [] } }
}

/// Loads with these files, variables and flags.
func load(
    _ files: MemoryFiles, _ environment: [String: String] = [:], userID: UInt32 = 1000,
    flags: (inout CommandLineOverrides) -> Void = { _ in }
) -> Outcome {
    var overrides = CommandLineOverrides()
    flags(&overrides)
    let loader = SettingsLoader(surroundings: surroundings(environment, userID: userID), files: files)
    do throws(ConfigurationFaults) { return .loaded(try loader.load(overrides)) } catch {
        return .faults(error.faults.map(\.description))
    }
}

/// Loads a text as `/c/kikod.yaml`.
func load(yaml: String, _ files: MemoryFiles = MemoryFiles()) -> Outcome {
    var files = files
    files.contents["/c/kikod.yaml"] = Array(yaml.utf8)
    return load(files) { $0.configurationFile = "/c/kikod.yaml" }
}
