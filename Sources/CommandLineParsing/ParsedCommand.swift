/// A command line that was understood.
package struct ParsedCommand: Sendable, Equatable {
    /// The names of the subcommands below the program, outermost first.
    package let subcommands: [String]
    /// What was given for each option by its long name; an empty text for a switch.
    package let options: [String: [String]]
    /// What was given besides options, in its order.
    package let operands: [String]

    package init(subcommands: [String], options: [String: [String]], operands: [String]) {
        self.subcommands = subcommands
        self.options = options
        self.operands = operands
    }

    /// True when the switch was given.
    package func flag(_ name: String) -> Bool { options[name] != nil }

    /// The value of an option.
    package func value(_ name: String) -> String? { options[name]?.last }

    /// The values of a repeatable option in their order.
    package func values(_ name: String) -> [String] { options[name] ?? [] }

    /// The value of an option that takes a whole number.
    package func integer(_ name: String) -> Int? { value(name).flatMap { Int($0) } }

    /// The value of an option that takes a number.
    package func number(_ name: String) -> Double? { value(name).flatMap { Double($0) } }
}

/// What a command line asks for.
package enum ParseOutcome: Sendable, Equatable {
    case run(ParsedCommand)
    /// `--help`: the text to print.
    case help(String)
    /// `--version`: the text to print.
    case version(String)
}
