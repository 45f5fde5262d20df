internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl unlink`.
enum UnlinkCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "unlink", summary: "says that a file is not what CivitAI takes it for",
        discussion: [
            "Acts on the content, and so on all copies: nothing of CivitAI's is told of it, nor of a sidecar of CivitAI's, "
                + "and CivitAI is not asked "
                + "about it, until kikod-ctl link does so."
        ],
        examples: [.init("kikod-ctl unlink loras/a.safetensors", "CivitAI has it under a wrong name")],
        operands: [OperandSpecification(ValueSpecification("WHAT", .file), help: FileReference.help)])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let what = arguments.operands.first ?? ""
        let file = try FileReference(what, context: run.context, command: "kikod-ctl unlink").identify(run)
        let answer = try run.client.unlink(file: file)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            run.print(sentence: linkText(answer.value))
        }
        return .done
    }
}
