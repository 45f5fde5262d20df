import Glibc
import LinuxSystem
import TestSupport

/// The failure of a test that ran a program.
typealias IntegrationFailure = TestFailure

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
    closedOutput: Bool = false, milliseconds: Int = hangMilliseconds
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
            return process.wait(until: .now.advanced(milliseconds: milliseconds))
        }
        let said = String(decoding: try readFile(errors, limit: 1 << 26), as: UTF8.self)
        guard let ended else {
            throw IntegrationFailure("\(program) \(arguments.map(escapedText)) did not end; it said:\n\(said)")
        }
        let printed = closedOutput ? [] : try readFile(output, limit: 1 << 26)
        return ProgramResult(outcome: ended, output: printed, errors: said)
    }
}
