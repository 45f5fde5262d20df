internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl triggers`.
enum TriggersCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "triggers", summary: "prints the trigger words of a file, one a line",
        discussion: [
            "Those of the first source that has any: the user's, CivitAI's, a sidecar's of CivitAI, the file's own. Words "
                + "are as CivitAI gives them; one may hold commas. The exit code is 1 when there are none."
        ],
        examples: [.init("kikod-ctl triggers a.safetensors | head -1", "The first one, for a script")],
        operands: [OperandSpecification(ValueSpecification("WHAT", .file), help: FileReference.help)])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let what = arguments.operands.first ?? ""
        let file = try FileReference(what, context: run.context, command: "kikod-ctl triggers").identify(run)
        let answer = try run.client.triggers(id: file)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            for word in answer.value.words { run.print(displayed(word)) }
        }
        guard answer.value.words.isEmpty else { return .done }
        throw CommandFailure(message: "\(displayed(answer.value.path)): no trigger words are known.")
    }
}
