internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl resume`.
enum ResumeCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "resume", summary: "ends a pause of the hashing",
        examples: [.init("kikod-ctl resume", "Read again, although the hour is not over")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.resume()
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            run.print("Hashing goes on.")
        }
        return .done
    }
}
