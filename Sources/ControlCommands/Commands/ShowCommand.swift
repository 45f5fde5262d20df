internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl show`.
enum ShowCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "show", summary: "shows all that is known of a file",
        examples: [
            .init("kikod-ctl show loras/a.safetensors", "By path"),
            .init("kikod-ctl show sha256:3a4b5c6d", "By the beginning of its SHA256"),
        ],
        operands: [OperandSpecification(ValueSpecification("WHAT", .file), help: FileReference.help)])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let what = arguments.operands.first ?? ""
        let reference = try FileReference(what, context: run.context, command: "kikod-ctl show")
        let answer = try reference.find(run)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            run.print(rows: FileDescription(answer.value, now: run.now).rows)
        }
        return .done
    }
}
