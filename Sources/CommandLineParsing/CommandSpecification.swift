/// What a program or a subcommand takes from its command line: the one description behind parsing, help, completion
/// and the manual page.
package struct CommandSpecification: Sendable {
    /// The word that is typed.
    package let name: String
    /// A phrase without a full stop that fits on one line.
    package let summary: String
    /// Paragraphs for `--help` and the manual page.
    package let discussion: [String]
    /// Shown at the end of the help.
    package let examples: [Example]
    /// Options of this command; those of a program are taken before and after the name of a subcommand.
    package let options: [OptionSpecification]
    /// What the command takes besides options, in its order; only the last may be optional or repeated.
    package let operands: [OperandSpecification]
    /// The commands below this one; one of them must then be named.
    package let subcommands: [CommandSpecification]
    /// Answers `--version`; nil where the option does not exist.
    package let version: String?
    /// True for a command that only programs call: no help, completion or manual page tells of it.
    package let isHidden: Bool

    package init(
        name: String, summary: String, discussion: [String] = [], examples: [Example] = [],
        options: [OptionSpecification] = [], operands: [OperandSpecification] = [],
        subcommands: [CommandSpecification] = [], version: String? = nil, isHidden: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.options = options
        self.operands = operands
        self.subcommands = subcommands
        self.version = version
        self.isHidden = isHidden
    }

    /// A command line and what it does.
    package struct Example: Sendable {
        /// The line as it is typed.
        package let command: String
        /// A phrase without a full stop.
        package let explanation: String

        package init(_ command: String, _ explanation: String) {
            self.command = command
            self.explanation = explanation
        }
    }

    /// The options that every command has without naming them.
    var builtInOptions: [OptionSpecification] {
        let help = OptionSpecification("help", short: "h", help: "Show this help and exit")
        return version == nil ? [help] : [OptionSpecification("version", help: "Show the version and exit"), help]
    }

    /// The commands below that people are told of.
    var shownCommands: [CommandSpecification] { subcommands.filter { !$0.isHidden } }

    /// The command's own options and the built-in ones.
    var allOptions: [OptionSpecification] { options + builtInOptions }
}
