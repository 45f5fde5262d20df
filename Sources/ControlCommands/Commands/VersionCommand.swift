internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl version`.
enum VersionCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "version", summary: "shows the versions of kikod-ctl and of the daemon",
        examples: [.init("kikod-ctl version", "Is the daemon as new as this program?")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let daemon: String
        do throws(APIClientError) {
            daemon = try run.client.status().value.version
        } catch {
            // Its own version it can tell without a daemon, too.
            if case .unreachable = error { try show(daemon: nil, run) }
            throw error
        }
        try show(daemon: daemon, run)
        return .done
    }

    private static func show(daemon: String?, _ run: CommandRun) throws {
        if run.wantsJSON {
            run.print(body: try WireJSON.encode(VersionAnswer(daemon: daemon)))
        } else {
            run.print("kikod-ctl \(kikodVersion)")
            if let daemon { run.print("kikod \(displayed(daemon))") }
        }
    }
}
