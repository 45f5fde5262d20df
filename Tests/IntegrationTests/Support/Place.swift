import LinuxSystem
import TestSupport

/// A directory of a test: a root, a configuration, a data directory.
struct Place: Sendable {
    let directory: FilePath

    /// The root of most tests.
    var models: FilePath { directory.appending("models") }
    var dataDirectory: FilePath { directory.appending("data") }
    var database: FilePath { dataDirectory.appending("models.db") }
    var socket: FilePath { dataDirectory.appending("kikod.sock") }
    var configuration: FilePath { directory.appending("kikod.yaml") }

    init(_ directory: FilePath) throws {
        self.directory = directory
        try makeDirectory(directory.appending("home"))
        try makeDirectory(models)
        try configure()
    }

    /// Writes the configuration: the roots, `models` unless others are named, and further lines.
    func configure(roots: [FilePath]? = nil, _ lines: String...) throws {
        let roots = (roots ?? [models]).map { "\n  - \"\($0)\"" }.joined()
        // A short settling time makes files that are being written wait for an event all the same.
        let usual = ["roots: \(roots.isEmpty ? "[]" : roots)", "data_dir: \"\(dataDirectory)\""]
        let defaults = ["watch: {settle: 100ms}", "civitai: {enabled: false}"].filter { line in
            let key = line.prefix { $0 != "{" }
            return !lines.contains { $0.hasPrefix(key.dropLast()) }
        }
        try writeFile(configuration, (usual + defaults + lines).joined(separator: "\n") + "\n")
    }

    /// A file below `models` that was written long ago.
    @discardableResult
    func addFile(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let path = models.appending(name)
        try makeDirectory(path.parent)
        try writeFile(path, bytes)
        try setAge(path, seconds: 3600)
        return path
    }

    @discardableResult
    func addFile(_ name: String, _ text: String) throws -> FilePath { try addFile(name, Array(text.utf8)) }
}

/// Runs `body` with a place of its own.
func withPlace<Result>(_ body: (Place) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { try await body(Place($0)) }
}
