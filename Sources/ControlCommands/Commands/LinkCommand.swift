internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl link`.
enum LinkCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "link", summary: "asks CivitAI about a file at once, or says which version it is",
        discussion: [
            "Acts on the content, and so on all copies. An earlier --version and an unlink are forgotten, and CivitAI is "
                + "asked by the hash. With --version the content is linked to that version for ever, whatever CivitAI "
                + "says. The exit code is 1 when the file is linked to nothing.",
            "Without WHAT every file is asked about at once that is pending, not found or in error; the command does not "
                + "wait for the answers.",
        ],
        examples: [
            .init("kikod-ctl link loras/a.safetensors", "Is it on CivitAI by now?"),
            .init("kikod-ctl link a.safetensors --version 1050496", "It is that version, whatever its hash says"),
        ],
        options: [
            OptionSpecification(
                "version", value: ValueSpecification("ID", .integer(1...Int(Int32.max))),
                help: "CivitAI's number of the version, as in its page's modelVersionId")
        ],
        operands: [
            OperandSpecification(
                ValueSpecification("WHAT", .file), .optional,
                help: FileReference.help + "; everything that waits without it")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let command = "kikod-ctl link"
        let version = arguments.integer("version").map(Int64.init)
        guard let what = arguments.operands.first else {
            guard version == nil else { throw UsageError("--version needs a WHAT to link.", command: command) }
            let answer = try run.client.askAgain()
            if run.wantsJSON {
                run.print(body: answer.body)
            } else {
                run.print(sentence: "CivitAI is " + civitaiText(answer.value, now: run.now) + ".")
            }
            return .done
        }
        let file = try FileReference(what, context: run.context, command: command).identify(run)
        let answer = try run.client.link(file: file, version: version)
        let civitai = answer.value.civitai
        let isLinked = civitai.state == "found" || civitai.state == "pending"
        if run.wantsJSON {
            run.print(body: answer.body)
        } else if isLinked {
            run.print(sentence: linkText(answer.value))
        }
        guard !isLinked else { return .done }
        throw CommandFailure(message: displayed(linkText(answer.value)))
    }
}

/// What a file is linked to, in a line.
func linkText(_ file: FileObject) -> String {
    let civitai = file.civitai
    var text = "\(file.path): \(stateText(civitai))"
    if civitai.state == "found" {
        let names = [civitai.modelName, civitai.versionName].compactMap(\.self)
        if !names.isEmpty { text += ", " + names.joined(separator: ", ") }
        if let page = civitai.pageURL { text += ", " + page }
    }
    return text
}
