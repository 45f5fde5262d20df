import LinuxSystem
import TestSupport

/// SHA-256 as sha256sum(1) computes it, in one run for many files.
struct Checksums {
    let workingDirectory: FilePath

    /// The digests of files, in lower-case hexadecimal digits.
    func digests(of paths: [FilePath]) throws -> [FilePath: String] {
        guard !paths.isEmpty else { return [:] }
        let output = workingDirectory.appending("sha256sum.out")
        let errors = workingDirectory.appending("sha256sum.err")
        // --zero: without it, unusual names are escaped.
        let process = try ChildProcess(
            ChildProcess.Launch(
                program: FilePath("/usr/bin/sha256sum"), arguments: [Array("--zero".utf8)] + paths.map(\.bytes),
                environment: Programs.environment(home: workingDirectory, [:]), workingDirectory: workingDirectory,
                output: .file(output), errors: errors))
        guard process.wait(until: .distantFuture) == .exited(0) else {
            throw TestFailure(String(decoding: try readFile(errors, limit: 1 << 20), as: UTF8.self))
        }
        var digests: [FilePath: String] = [:]
        for line in try readFile(output, limit: 1 << 26).split(separator: 0) {
            guard let path = FilePath(bytes: line.dropFirst(66)) else { continue }
            digests[path] = String(decoding: line.prefix(64), as: UTF8.self)
        }
        return digests
    }
}
