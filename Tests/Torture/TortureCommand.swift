import CommandLineParsing
import Glibc
import LinuxSystem
import TestSupport

/// What was asked for on the command line.
struct TortureOptions {
    var seed: UInt64
    var operations: Int
    /// No operation begins after so many seconds; nil for as long as the operations take.
    var seconds: Int?
    var groups: Set<OperationGroup>
    var isVerbose: Bool
}

/// The command line, and the private mount namespace without which nothing is mounted.
enum TortureCommand {
    private static let namespaceMark = "KIKOD_TORTURE_NAMESPACE"

    private static let specification = CommandSpecification(
        name: "scripts/torture", summary: "Do random things to files and compare kikod's index with a plain walk",
        discussion: [
            "Runs kikod on directories of its own, does random things to the files in them, and after each pause"
                + " compares the index with what a plain walk and sha256sum(1) say. All is decided by the seed, so that"
                + " a failing run can be repeated.",
            "Mounts are made by root only, in a mount namespace of their own.",
        ],
        examples: [
            .init("scripts/torture --seconds 600", "try for ten minutes"),
            .init("scripts/torture --seed 7 --operations 123", "repeat what failed"),
        ],
        options: [
            OptionSpecification(
                "seed", value: .init("N", .integer(0...Int.max)), help: "Repeat the run with this seed"),
            OptionSpecification(
                "operations", value: .init("N", .integer(1...Int.max)), help: "End after so many operations [1000]"),
            OptionSpecification(
                "seconds", value: .init("S", .integer(1...Int.max)),
                help: "End after so many seconds; without --operations nothing else ends the run"),
            OptionSpecification(
                "without", value: .init("GROUP,...", .choices(OperationGroup.allCases.map(\.rawValue))),
                help: "Leave out groups of operations"),
            OptionSpecification("verbose", short: "v", help: "Show every operation"),
        ])

    /// Runs the program and returns its exit status: 0, 1 when index and files differ, 64 for a bad command line.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(UsageError) {
            switch try specification.parse(arguments) {
            case .help(let text), .version(let text):
                show(text)
                return 0
            case .run(let command): return run(command, arguments)
            }
        } catch {
            complain("\(error)")
            return 64
        }
    }

    private static func run(_ command: ParsedCommand, _ arguments: [String]) -> Int32 {
        let left = Set((command.value("without") ?? "").split(separator: ",").map(String.init))
        var groups = Set(OperationGroup.allCases.filter { !left.contains($0.rawValue) })
        if groups.contains(.mounts) {
            if geteuid() == 0, unsafe getenv(namespaceMark) == nil { enterNamespace(arguments) }
            if unsafe getenv(namespaceMark) == nil {
                show("mounts are left out: they need root and unshare(1)")
                groups.remove(.mounts)
            }
        }
        let seconds = command.integer("seconds")
        let options = TortureOptions(
            seed: command.integer("seed").map(UInt64.init) ?? UInt64.random(in: 0..<1_000_000),
            operations: command.integer("operations") ?? (seconds == nil ? 1000 : .max), seconds: seconds,
            groups: groups, isVerbose: command.flag("verbose"))
        return Torture.run(options)
    }

    /// Becomes the same program in a mount namespace of its own; returns only when that is impossible.
    private static func enterNamespace(_ arguments: [String]) {
        guard let own = ownProgram else { return }
        let words = ["unshare", "--mount", "--propagation", "private", own.description] + arguments
        unsafe setenv(namespaceMark, "1", 1)
        let pointers = unsafe words.map { unsafe strdup($0) } + [nil]
        unsafe execv("/usr/bin/unshare", pointers)
        unsafe pointers.forEach { unsafe free($0) }
        unsafe unsetenv(namespaceMark)
    }

    private static var ownProgram: FilePath? {
        guard let program = try? FileDescriptor.open(FilePath("/proc/self/exe"), pathOnlyFlag) else { return nil }
        return realPath(ofDescriptor: program.number)
    }
}

/// Prints a line.
func show(_ text: String) { write(text, to: 1) }

/// Prints a line on standard error.
func complain(_ text: String) { write(text, to: 2) }

private func write(_ text: String, to descriptor: Int32) {
    let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
        }
        guard count > 0 else { return }
        written += count
    }
}
