internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl lookup`.
enum LookupCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "lookup", summary: "finds the files that have a hash",
        discussion: [
            "Each hash is tried as every type that its length allows: SHA256, AutoV1, AutoV2, AutoV3, CRC32, BLAKE3, "
                + "or the beginning of a SHA256. The exit code is 1 when one of them was not found."
        ],
        examples: [.init("kikod-ctl lookup 3A4B5C6D7E", "Where is the file with this AutoV2?")],
        operands: [
            OperandSpecification(
                ValueSpecification("HASH"), .oneOrMore, help: "8 to 64 hexadecimal digits in either case")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let hashes = arguments.operands
        let command = "kikod-ctl lookup"
        if let bad = hashes.first(where: { !APIParameter.isHash($0) }) {
            throw UsageError("'\(displayed(bad))': 8 to 64 hexadecimal digits are expected.", command: command)
        }
        guard hashes.count <= LookupRequest.maximum else {
            throw UsageError("At most \(LookupRequest.maximum) hashes can be looked up at once.", command: command)
        }
        let answer = try run.client.lookup(hashes)
        let results = answer.value.results
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            var table = TextTable([
                .init(title: "HASH", isFlexible: true), .init(title: "AS"), .init(title: "TYPE"),
                .init(title: "STATE", tint: Tint.ofState),
                .init(title: "PATH", isFlexible: true),
            ])
            for result in results {
                for file in result.files {
                    table.add([
                        result.hash, result.matched.joined(separator: ","), file.type ?? "-", file.state, file.path,
                    ])
                }
            }
            if !table.isEmpty { run.print(table) }
        }
        let missed = results.filter(\.files.isEmpty)
        for result in missed { run.note("\(displayed(result.hash)): no file has it.") }
        return missed.isEmpty ? .done : .nothing
    }
}
