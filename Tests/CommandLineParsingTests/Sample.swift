import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import CommandLineParsing

/// A program with one of everything.
let sample = CommandSpecification(
    name: "tool", summary: "does things",
    discussion: ["A paragraph that is long enough to be wrapped at the eightieth column, where every terminal ends."],
    examples: [.init("tool list --type lora", "Lists the LoRAs")],
    options: [
        OptionSpecification("socket", value: ValueSpecification("PATH", .file), help: "The socket of the daemon"),
        OptionSpecification("json", help: "Print JSON"),
    ],
    subcommands: [
        CommandSpecification(
            name: "list", summary: "lists files",
            options: [
                OptionSpecification(
                    "type", value: ValueSpecification("T", .choice(["lora", "checkpoint"])), help: "Only this type"),
                OptionSpecification(
                    "state", value: ValueSpecification("S", .choices(["error", "missing"])), help: "Only these states"),
                OptionSpecification(
                    "limit", short: "n", value: ValueSpecification("N", .integer(0...Int.max)), help: "At most so many"),
                OptionSpecification(
                    "root", value: ValueSpecification("DIR", .directory), repeatable: true, help: "Only this root"),
                OptionSpecification("all", short: "a", help: "Everything"),
            ]),
        CommandSpecification(
            name: "show", summary: "shows a file",
            operands: [OperandSpecification(ValueSpecification("WHAT"), help: "Path, id or hash")]),
        CommandSpecification(
            name: "scan", summary: "scans a directory",
            operands: [OperandSpecification(ValueSpecification("PATH", .directory), .optional, help: "The directory")]),
        CommandSpecification(
            name: "lookup", summary: "finds hashes",
            operands: [OperandSpecification(ValueSpecification("HASH"), .oneOrMore, help: "Hashes")]),
    ],
    version: "tool 1.0")

/// A program that tells by itself what its words are.
let offering = CommandSpecification(
    name: "offering", summary: "offers words",
    options: [
        OptionSpecification(
            "base", value: ValueSpecification("B", offered: ["words", "bases"]), help: "A [base]: it's one")
    ],
    operands: [
        OperandSpecification(ValueSpecification("WORD", offered: ["words", "bases"]), .anyNumber, help: "A word")
    ])

/// What a shell prints that is given a script as the file `script` in a directory, with files to complete, and with a
/// program `offering` in its PATH.
func output(of command: String, script: String, in directory: FilePath) throws -> [String] {
    try writeFile(directory.appending("script"), script)
    try makeDirectory(directory.appending("models"))
    // Answers only if it is asked as it expects, and knows what was typed.
    let program = """
        #!/bin/sh
        test "$1 $2 $3 $4" = "words bases -- offering" || exit 1
        printf 'SDXL 1.0\\tfive files\\nSD 1.5\\nPony\\to: ne\\n'
        echo "o'clock"
        """
    let path = directory.appending("offering")
    try writeFile(path, program)
    try #require(unsafe chmod(path.description, 0o755) == 0)
    let line = "cd '\(directory)'; PATH=.:$PATH; export PATH; \(command) 2>&1"
    guard let pipe = unsafe popen(line, "r") else { throw SystemError(.current, call: "popen") }
    defer { unsafe pclose(pipe) }
    var output: [UInt8] = []
    while case let byte = unsafe fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// True where a shell is installed.
func isInstalled(_ shell: Shell) -> Bool {
    ["/bin/", "/usr/bin/", "/usr/local/bin/"].contains { (try? FileStatus.of(FilePath($0 + shell.rawValue))) != nil }
}
