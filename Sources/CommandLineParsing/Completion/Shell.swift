/// A shell for which there are completion scripts.
package enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The name under which the shell finds the script of a program in its directory of scripts.
    package func fileName(for program: String) -> String {
        switch self {
        case .bash: program
        case .zsh: "_" + program
        case .fish: program + ".fish"
        }
    }
}

extension CommandSpecification {
    /// A script that completes this program's commands, options and values in a shell; it needs nothing else there.
    package func completion(for shell: Shell) -> String {
        switch shell {
        case .bash: bashCompletion()
        case .zsh: zshCompletion()
        case .fish: fishCompletion()
        }
    }

    /// The name of the script's function, which those of its helpers begin with.
    var completionFunction: String { "_" + String(name.map { $0 == "-" ? "_" : $0 }) }

    /// This command and those below it, each with all options that it takes.
    func completionLevels() -> [CompletionLevel] { levels(path: name, inherited: []) }

    private func levels(path: String, inherited: [OptionSpecification]) -> [CompletionLevel] {
        let options = self.options + inherited
        let own = CompletionLevel(path: path, command: self, options: options + builtInOptions)
        return [own] + shownCommands.flatMap { $0.levels(path: path + " " + $0.name, inherited: options) }
    }
}

/// A command, at the place in a command line where its subcommand or its operands are expected.
struct CompletionLevel {
    /// The names of the commands that lead there, with blanks between them.
    let path: String
    let command: CommandSpecification
    /// Its own, those of the commands above it, and the built-in ones.
    let options: [OptionSpecification]

    /// The values of its operands; the last one's stands for all that follow.
    var operands: [ValueSpecification] { command.subcommands.isEmpty ? command.operands.map(\.value) : [] }

    /// `command --option` for each spelling of the options that take the next word as their value.
    var valuedOptions: [String] {
        options.filter { $0.value != nil }.flatMap { option in option.spellings.map { path + " " + $0 } }
    }
}

extension OptionSpecification {
    /// The option with its dashes, long and short.
    var spellings: [String] { ["--" + name] + (short.map { ["-\($0)"] } ?? []) }
}
