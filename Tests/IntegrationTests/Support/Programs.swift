import Glibc
import LinuxSystem
import TestSupport

/// Something that a test needs and did not get; with what the programs said.
struct IntegrationFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The built programs, which lie beside the tests.
enum Programs {
    static func path(_ name: String) throws -> FilePath {
        for directory in candidates {
            let path = directory.appending(name)
            if (try? FileStatus.of(path).kind) == .regular { return path }
        }
        throw IntegrationFailure("\(name) is in none of \(candidates)")
    }

    /// The directory of the running test program, and those of its arguments, one of which names the test bundle.
    private static var candidates: [FilePath] {
        let named = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }.map { FilePath($0) }
        var directories = named.map { $0.absolute(from: currentDirectory).parent }
        if let own = realPath(of: FilePath("/proc/self/exe")) { directories.append(own.parent) }
        return directories
    }

    /// The directory that holds Package.swift.
    static var packageDirectory: FilePath? {
        var directory = FilePath(#filePath).parent
        while directory != .root {
            if (try? FileStatus.of(directory.appending("Package.swift")).kind) == .regular { return directory }
            directory = directory.parent
        }
        return nil
    }

    private static var currentDirectory: FilePath { realPath(of: FilePath(".")) ?? .root }

    private static func realPath(of path: FilePath) -> FilePath? {
        guard let descriptor = try? FileDescriptor.open(path, pathOnlyFlag) else { return nil }
        return LinuxSystem.realPath(ofDescriptor: descriptor.number)
    }

    /// The environment of every program: nothing of the caller's but what tools that watch the tests need.
    static func environment(home: FilePath, _ more: [String: String]) -> [String] {
        var environment = ["HOME": home.description, "PATH": "/usr/bin:/bin", "TZ": "UTC"]
        for name in ["LLVM_PROFILE_FILE", "TSAN_OPTIONS", "ASAN_OPTIONS", "LD_LIBRARY_PATH"] {
            if let value = unsafe getenv(name) { unsafe environment[name] = String(cString: value) }
        }
        return environment.merging(more) { _, new in new }.map { "\($0)=\($1)" }
    }
}

/// What came of a program that ran to its end.
struct ProgramResult: Sendable {
    let outcome: ExitOutcome
    let output: [UInt8]
    let errors: String

    /// The exit status; -1 for a program that a signal ended.
    var status: Int32 { if case .exited(let status) = outcome { status } else { -1 } }
    var text: String { String(decoding: output, as: UTF8.self) }
}

/// The time after which a program that has to end is taken to hang, in milliseconds.
let hangMilliseconds = 30_000

/// Runs a program to its end; one that does not end is killed and is an error.
func run(
    _ program: FilePath, _ arguments: [[UInt8]], in directory: FilePath, environment: [String: String] = [:],
    closedOutput: Bool = false
) async throws -> ProgramResult {
    try await withTemporaryDirectory { place in
        let output = place.appending("stdout")
        let errors = place.appending("stderr")
        let launch = ChildProcess.Launch(
            program: program, arguments: arguments,
            environment: Programs.environment(home: directory.appending("home"), environment),
            workingDirectory: directory, output: closedOutput ? .closedPipe : .file(output), errors: errors)
        let ended = try await onOwnThread("run-program") { () -> ExitOutcome? in
            let process = try ChildProcess(launch)
            defer { process.destroy() }
            return process.wait(until: .now.advanced(milliseconds: hangMilliseconds))
        }
        let said = String(decoding: try readFile(errors, limit: 1 << 26), as: UTF8.self)
        guard let ended else {
            throw IntegrationFailure("\(program) \(arguments.map(escapedText)) did not end; it said:\n\(said)")
        }
        let printed = closedOutput ? [] : try readFile(output, limit: 1 << 26)
        return ProgramResult(outcome: ended, output: printed, errors: said)
    }
}
