internal import APIClient
internal import CommandLineParsing
internal import IndexAPI
internal import LinuxSystem

/// `kikod-ctl pause`.
enum PauseCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "pause", summary: "holds all hashing, for some time or until resume",
        discussion: ["Changes are noticed and answered all the same. A pause lasts over restarts of the daemon."],
        examples: [.init("kikod-ctl pause 1h30m", "No reading for the next hour and a half")],
        operands: [
            OperandSpecification(
                ValueSpecification("DURATION"), .optional,
                help: "Such as 30s, 10m, 2h, 1d or 1h30m; until resume without it")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let answer = try run.client.pause(seconds: try arguments.operands.first.map(seconds))
        if run.wantsJSON {
            run.print(body: answer.body)
        } else {
            run.print("Hashing is " + displayed(holdUpText(answer.value, now: run.now) ?? answer.value.state) + ".")
        }
        return .done
    }

    private static func seconds(_ text: String) throws -> Int64 {
        let command = "kikod-ctl pause"
        guard let duration = Duration(text: text) else {
            let isNumber = !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) }
            throw UsageError(
                isNumber
                    ? "'\(text)' has no unit: \(text)s, \(text)m, \(text)h or \(text)d is expected."
                    : "'\(displayed(text))' is not a duration such as 30s, 10m, 2h, 1d or 1h30m.", command: command)
        }
        let (whole, fraction) = duration.components
        let seconds = whole + (fraction > 0 ? 1 : 0)
        guard PauseRequest.seconds.contains(seconds) else {
            throw UsageError("'\(text)': a pause lasts from 1s to 3650d.", command: command)
        }
        return seconds
    }
}
