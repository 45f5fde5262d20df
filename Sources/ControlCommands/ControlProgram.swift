internal import APIClient
package import CommandLineParsing
internal import IndexAPI

/// kikod-ctl without its process: what it takes, and what it does with it.
package enum ControlProgram {
    private static let commands: [any ControlCommand.Type] = [
        StatusCommand.self, ListCommand.self, ShowCommand.self, LookupCommand.self, SearchCommand.self,
        DuplicatesCommand.self,
        ModelCommand.self, TriggersCommand.self, PromptsCommand.self, UpdatesCommand.self, StatsCommand.self,
        MissingCommand.self,
        ErrorsCommand.self, RootsCommand.self, HistoryCommand.self, ScanCommand.self, SyncCommand.self,
        VerifyCommand.self, LinkCommand.self, UnlinkCommand.self, CacheCommand.self, SetCommand.self, PauseCommand.self,
        ResumeCommand.self, EventsCommand.self, ExportCommand.self, BackupCommand.self, CompletionCommand.self,
        CompletionWordsCommand.self, VersionCommand.self,
    ]

    /// The whole command line.
    package static let specification = CommandSpecification(
        name: "kikod-ctl", summary: "asks kikod about the AI image models of this machine",
        discussion: [
            "Tables fit the terminal; what is too long is cut in the middle. Colours are for terminals only, and not where "
                + "NO_COLOR is set. Programs take --json, whose answers are those of the API.",
            "Exit codes: 0 done, 1 nothing found or refused, 2 wrong usage, 3 the daemon cannot be reached.",
        ],
        examples: [
            .init("kikod-ctl status", "What the daemon knows and does"),
            .init("kikod-ctl --json list --type lora | jq -r '.files[].path'", "The paths of all LoRAs"),
        ],
        options: [
            OptionSpecification(
                "socket", value: ValueSpecification("PATH", .file),
                help: "The daemon's socket; without it $KIKOD_SOCKET and the usual places are tried"),
            OptionSpecification("json", help: "Print the answer of the API as it is"),
        ],
        subcommands: commands.map { $0.specification }, version: "kikod-ctl \(kikodVersion)")

    /// Runs a command line without the program's name; every message has been written when it returns.
    package static func run(_ arguments: [String], _ context: CommandContext) -> ExitCode {
        do throws(UsageError) {
            switch try specification.parse(arguments) {
            case .help(let text):
                _ = context.output.write(Array(text.utf8))
                return .done
            case .version(let text):
                _ = context.output.write(Array((text + "\n").utf8))
                return .done
            case .run(let parsed): return execute(parsed, context)
            }
        } catch {
            return fail(displayedLines(error.description), .usage, context)
        }
    }

    private static func execute(_ parsed: ParsedCommand, _ context: CommandContext) -> ExitCode {
        guard let command = commands.first(where: { $0.specification.name == parsed.subcommands.first }) else {
            return fail("kikod-ctl has no such command.", .usage, context)
        }
        let sockets = SocketSearch.candidates(given: parsed.value("socket"), environment: context.environment)
            .map(pathBytes)
        let makeClient = context.makeClient
        let run = CommandRun(
            context: context, client: makeClient(sockets), makeClient: { makeClient(sockets) },
            wantsJSON: parsed.flag("json"))
        do {
            return try command.run(parsed, run)
        } catch let error as UsageError {
            return fail(displayedLines(error.description), .usage, context)
        } catch let error as CommandFailure {
            return fail(error.message, error.code, context)
        } catch let error as AmbiguousReference {
            _ = fail("\(error.subject) stands for several contents:", .nothing, context)
            var table = filesTable()
            for file in error.files { table.add(row(file)) }
            table.write(TextTable.Style(width: context.progressWidth)) { run.note($0) }
            return .nothing
        } catch APIClientError.unreachable(let tried) {
            return fail(UnreachableMessage(tried).text, .unreachable, context)
        } catch APIClientError.refused(_, _, let message) {
            return fail(displayed(message), .nothing, context)
        } catch APIClientError.malformed(let message) {
            return fail("The daemon's answer was not understood. " + displayed(message), .nothing, context)
        } catch {
            return fail(displayed("\(error)"), .nothing, context)
        }
    }

    private static func fail(_ message: String, _ code: ExitCode, _ context: CommandContext) -> ExitCode {
        _ = context.errors.write(Array("kikod-ctl: \(message)\n".utf8))
        return code
    }

    private static func displayedLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { displayed(String($0)) }
            .joined(separator: "\n")
    }
}
