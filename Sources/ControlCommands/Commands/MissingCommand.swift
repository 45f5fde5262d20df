internal import APIClient
internal import CommandLineParsing

/// `kikod-ctl missing`.
enum MissingCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "missing", summary: "lists the files that are gone",
        discussion: ["The same as list --state missing. A file that comes back is known again without being read."],
        examples: [.init("kikod-ctl --json missing | jq -r '.files[].path'", "Their paths, for a script")])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        var filter = FileFilter()
        filter.state = "missing"
        if try ListCommand.list(filter, run) == 0, !run.wantsJSON { run.note("No file is missing.") }
        return .done
    }
}
