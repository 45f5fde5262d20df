internal import APIClient
internal import CommandLineParsing
internal import IndexAPI

/// `kikod-ctl version`.
enum VersionCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "version", summary: "shows the versions of kikod-ctl and of the daemon")

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        let daemon: String?
        do throws(APIClientError) {
            daemon = try run.client.status().value.version
        } catch {
            // Its own version is an answer without a daemon, too.
            guard case .unreachable = error else { throw error }
            daemon = nil
        }
        if run.wantsJSON {
            run.print(body: Array(try WireJSON.encode(VersionAnswer(daemon: daemon))))
        } else {
            run.print("kikod-ctl \(kikodVersion)")
            run.print(daemon.map { "kikod \(displayed($0))" } ?? "kikod is not reachable")
        }
        return .done
    }
}
