extension CommandSpecification {
    /// A bash script that completes this program's commands, options and values; it needs no other package.
    package func bashCompletion() -> String {
        let function = completionFunction
        let levels = completionLevels()
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
            \(levels.flatMap(\.bashTransitions).joined(separator: "\n"))
                    esac
                done
                if [[ ! $rest ]]; then
                    case "$command $previous" in
            \(levels.flatMap(\.bashOptionValues).joined(separator: "\n"))
                    esac
                fi
                case "$command" in
            \(levels.map(\.bashWords).joined(separator: "\n"))
                esac
                if [[ ! $rest && $current == -* && $command != :value ]]; then words=$options; fi
                COMPREPLY=()
                case "$words" in
                    :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
                    :directories) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
                    :list\\ *)
                        local given=
                        if [[ $current == *,* ]]; then given=${current%,*},; fi
                        mapfile -t COMPREPLY < <(compgen -P "$given" -W "${words#:list }" -- "${current##*,}") ;;
                    :program\\ *) \(function)_program "$current" ${words#:program } ;;
                    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
                esac
            }
            # What the program itself offers, quoted where bash needs it. A tab ends a word.
            \(function)_program() {
                local word plain=$1 quote=
                shift
                if [[ $plain == [\\"\\']* ]]; then quote=${plain:0:1} plain=${plain:1}; else plain=${plain//\\\\/}; fi
                while IFS=$'\\t' read -r word _; do
                    if [[ $word != "$plain"* ]]; then continue; fi
                    if [[ ! $quote ]]; then printf -v word %q "$word"; fi
                    COMPREPLY+=("$word")
                done < <("${COMP_WORDS[0]/#\\~\\//$HOME/}" "$@" -- "${COMP_WORDS[@]:0:COMP_CWORD}" 2>/dev/null)
            }
            complete -F \(function) \(name)

            """
    }
}

/// The cases of the script that one command adds.
extension CompletionLevel {
    /// Words before the cursor that lead to a subcommand, or that take the next word as their value.
    fileprivate var bashTransitions: [String] {
        let valued = valuedOptions.map { "\"\($0)\"" }
        let skips = valued.isEmpty ? [] : ["            \(valued.joined(separator: " | "))) skip=1 ;;"]
        return skips
            + command.shownCommands.map { "            \"\(path) \($0.name)\") command=\"\(path) \($0.name)\" ;;" }
    }

    /// What completes the value of an option that stands before the cursor.
    fileprivate var bashOptionValues: [String] {
        options.compactMap { option in
            guard let value = option.value else { return nil }
            let patterns = option.spellings.map { "\"\(path) \($0)\"" }.joined(separator: " | ")
            return "            \(patterns)) command=:value words=\"\(bashWords(value))\" ;;"
        }
    }

    /// What completes a word that is no option's value.
    fileprivate var bashWords: String {
        let operand = operands.last.map(bashWords) ?? ""
        let words = command.subcommands.isEmpty ? operand : command.shownCommands.map(\.name).joined(separator: " ")
        let names = options.map { "--" + $0.name }.joined(separator: " ")
        return "        \"\(path)\") words=\"\(words)\" options=\"\(names)\" ;;"
    }

    private func bashWords(_ value: ValueSpecification) -> String {
        if let arguments = value.offered { return ":program " + arguments.joined(separator: " ") }
        return switch value.kind {
        case .text, .integer, .number: ""
        case .file: ":files"
        case .directory: ":directories"
        case .choice(let words): words.joined(separator: " ")
        case .choices(let words): ":list " + words.joined(separator: " ")
        }
    }
}
