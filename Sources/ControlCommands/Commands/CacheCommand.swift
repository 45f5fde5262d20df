internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl cache`.
enum CacheCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "cache", summary: "fetches a model from CivitAI, so that it is known here, installed or not",
        examples: [.init("kikod-ctl cache 4384", "The model of https://civitai.com/models/4384")],
        operands: [
            OperandSpecification(
                ValueSpecification("MODEL_ID", .integer(1...Int(Int32.max))), help: "CivitAI's number of the model")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.cache(model: arguments.operands.first.flatMap { Int64($0) } ?? 0)
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            let versions = countText(answer.value.versions, "version", "versions")
            run.print("Model \(answer.value.modelID) is known, with \(versions).")
        }
        return .done
    }
}
