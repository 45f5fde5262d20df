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
