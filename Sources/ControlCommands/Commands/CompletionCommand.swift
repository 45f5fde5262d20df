internal import CommandLineParsing

/// `kikod-ctl completion`.
enum CompletionCommand: ControlCommand {
    static let specification = CommandSpecification(
        name: "completion", summary: "prints the script by which a shell completes command lines",
        discussion: [
            "bash: put  eval \"$(kikod-ctl completion bash)\"  into ~/.bashrc.",
            "zsh: put  eval \"$(kikod-ctl completion zsh)\"  into ~/.zshrc, below the line with compinit.",
            "fish: put  kikod-ctl completion fish | source  into ~/.config/fish/config.fish.",
            "Commands, options, paths, types and states are in the script; base models, folders and numbers of models it "
                + "asks the daemon for, when there is one. Packages install the scripts by themselves.",
        ],
        examples: [
            .init("eval \"$(kikod-ctl completion bash)\"", "In this shell, at once"),
            .init(
                "kikod-ctl completion fish > ~/.config/fish/completions/kikod-ctl.fish",
                "For every fish from now on, until the next release"),
        ],
        operands: [
            OperandSpecification(
                ValueSpecification("SHELL", .choice(Shell.allCases.map(\.rawValue))), help: "The shell")
        ])

    static func run(_ arguments: ParsedCommand, _ run: CommandRun) throws -> ExitCode {
        guard let shell = arguments.operands.first.flatMap(Shell.init(rawValue:)) else { return .usage }
        _ = run.context.output.write(Array(ControlProgram.specification.completion(for: shell).utf8))
        return .done
    }
}
