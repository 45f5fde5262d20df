internal import CommandLineParsing

/// A subcommand of kikod-ctl.
protocol ControlCommand: SendableMetatype {
    static var specification: CommandSpecification { get }

    /// Throws `UsageError`, `APIClientError`, `CommandFailure` or `AmbiguousReference`.
    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode
}
