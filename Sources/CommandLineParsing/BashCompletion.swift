extension CommandSpecification {
    /// A bash script that completes this program's commands, options and values; it needs no other package.
    package func bashCompletion() -> String {
        let function = "_" + String(name.map { $0 == "-" ? "_" : $0 })
        let commands = flattened(path: name, inherited: [])
        return """
            # bash completion for \(name)
            \(function)() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
                local command=\(name) word skip= rest= options= words=
                # With "=" among the word breaks, "--option=value" arrives as three words.
                if [[ $current == "=" ]]; then
                    current=
                elif [[ $previous == "=" ]]; then
                    previous=${COMP_WORDS[COMP_CWORD-2]}
                fi
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    if [[ $word == "=" ]]; then skip=1; continue; fi
                    if [[ $skip ]]; then skip=; continue; fi
                    if [[ $word == "--" ]]; then rest=1; break; fi
                    case "$command $word" in
            \(commands.flatMap(\.transitions).joined(separator: "\n"))
                    esac
                done
                if [[ ! $rest ]]; then
                    case "$command $previous" in
            \(commands.flatMap(\.optionValues).joined(separator: "\n"))
                    esac
                fi
                case "$command" in
            \(commands.flatMap(\.words).joined(separator: "\n"))
                esac
                if [[ ! $rest && $current == -* ]]; then words=$options; fi
                case "$words" in
                    :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
                    :directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
                    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
                esac
            }
            complete -F \(function) \(name)

            """
    }

    private func flattened(path: String, inherited: [OptionSpecification]) -> [CompletionRules] {
        let options = self.options + inherited
        let own = CompletionRules(path: path, command: self, options: options + builtInOptions)
        return [own] + subcommands.flatMap { $0.flattened(path: path + " " + $0.name, inherited: options) }
    }
}

/// The cases of the script that one command adds.
private struct CompletionRules {
    let path: String
    let command: CommandSpecification
    let options: [OptionSpecification]

    /// Words before the cursor that lead to a subcommand, or that take the next word as their value.
    var transitions: [String] {
        let valued = options.filter { $0.value != nil }.flatMap(spellings).map { "\"\(path) \($0)\"" }
        let skips = valued.isEmpty ? [] : ["            \(valued.joined(separator: " | "))) skip=1 ;;"]
        return skips
            + command.subcommands.map { "            \"\(path) \($0.name)\") command=\"\(path) \($0.name)\" ;;" }
    }

    /// What completes the value of an option that stands before the cursor.
    var optionValues: [String] {
        options.compactMap { option in
            guard let value = option.value else { return nil }
            let patterns = spellings(option).map { "\"\(path) \($0)\"" }.joined(separator: " | ")
            return "            \(patterns)) command=:value words=\"\(offered(value))\" ;;"
        }
    }

    /// What completes a word that is no option's value.
    var words: [String] {
        let operand = command.operands.last.map { offered($0.value) } ?? ""
        let words = command.subcommands.isEmpty ? operand : command.subcommands.map(\.name).joined(separator: " ")
        let names = options.map { "--" + $0.name }.joined(separator: " ")
        return ["        \"\(path)\") words=\"\(words)\" options=\"\(names)\" ;;"]
    }

    private func spellings(_ option: OptionSpecification) -> [String] {
        ["--" + option.name] + (option.short.map { ["-\($0)"] } ?? [])
    }

    private func offered(_ value: ValueSpecification) -> String {
        switch value.kind {
        case .text, .integer: ""
        case .file: ":files"
        case .directory: ":directories"
        case .choice(let words), .choices(let words): words.joined(separator: " ")
        }
    }
}
