extension CommandSpecification {
    /// A zsh script that completes this program's commands, options and values: a file of zsh's function path, or to be
    /// evaluated after compinit.
    package func zshCompletion() -> String {
        let function = completionFunction
        let functions = completionLevels().map { $0.zshFunction(function) }
        return """
            #compdef \(name)
            # zsh completion for \(name)
            \(functions.joined(separator: "\n"))
            # What the program itself offers. A tab ends a word, and what it means follows.
            \(function)__program() {
                local -a offered
                local line
                for line in ${(f)"$(${typed[1]/#\\~\\//$HOME/} $@ -- ${typed[1,-2]} 2>/dev/null)"}; do
                    offered+=("${${line%%$'\\t'*}//:/\\\\:}${${(M)line%$'\\t'*}/$'\\t'/:}")
                done
                _describe -t values value offered
            }
            if [[ $funcstack[1] == \(function) ]]; then
                \(function) "$@"
            else
                compdef \(function) \(name)
            fi

            """
    }
}

/// What one command adds to the script.
extension CompletionLevel {
    /// The function that completes what follows the command.
    fileprivate func zshFunction(_ function: String) -> String {
        let isProgram = !path.contains(" ")
        var lines = ["\(zshName(path, function))() {"]
        if isProgram { lines.append("    local -a typed=(\"${words[@]:0:$CURRENT}\")") }
        var specifications = options.map { zshOption($0, function) }
        if command.subcommands.isEmpty {
            let count = command.operands.count
            for (index, operand) in command.operands.enumerated() {
                let isLast = index == count - 1
                let repeats = isLast && (operand.count == .oneOrMore || operand.count == .anyNumber)
                let start = repeats ? "*:" : operand.count == .optional ? "::" : ":"
                specifications.append(
                    zshQuoted(start + zshMessage(operand.value.name) + ":" + action(operand.value, function)))
            }
            lines.append("    _arguments -s -S \\")
            lines.append(specifications.map { "        " + $0 }.joined(separator: " \\\n"))
        } else {
            specifications += ["':command:->command'", "'*::argument:->argument'"]
            lines += ["    local curcontext=$curcontext state", "    local -a line", "    typeset -A opt_args"]
            lines.append("    _arguments -C -s -S \\")
            lines.append(specifications.map { "        " + $0 }.joined(separator: " \\\n"))
            lines += ["    case $state in", "        command)", "            local -a commands=("]
            lines += command.shownCommands.map {
                "                " + zshQuoted($0.name.replacing(":", with: "\\:") + ":" + $0.summary)
            }
            lines += ["            )", "            _describe -t commands command commands ;;"]
            lines += ["        argument)", "            case $line[1] in"]
            lines += command.shownCommands.map {
                "                \($0.name)) \(zshName(path + " " + $0.name, function)) ;;"
            }
            lines += ["            esac ;;", "    esac"]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private func zshName(_ path: String, _ function: String) -> String {
        let below = path.split(separator: " ").dropFirst().map { String($0.map { $0 == "-" ? "_" : $0 }) }
        return ([function] + below).joined(separator: "__")
    }

    private func zshOption(_ option: OptionSpecification, _ function: String) -> String {
        let help = option.help.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]")
        var end = "[\(help)]"
        if let value = option.value { end += ":" + zshMessage(value.name) + ":" + action(value, function) }
        let long = "--" + option.name + (option.value == nil ? "" : "=")
        let several = option.isRepeatable ? "*" : ""
        guard let short = option.short else { return zshQuoted(several + long + end) }
        let letter = "-\(short)" + (option.value == nil ? "" : "+")
        let excluded = option.isRepeatable ? "" : zshQuoted("(-\(short) --\(option.name))")
        return "\(several.isEmpty ? "" : "'*'")\(excluded){\(letter),\(long)}\(zshQuoted(end))"
    }

    private func zshMessage(_ text: String) -> String { text.replacing(":", with: "\\:") }

    private func action(_ value: ValueSpecification, _ function: String) -> String {
        // After a blank nothing is added to the function's own arguments.
        if let arguments = value.offered { return " \(function)__program \(arguments.joined(separator: " "))" }
        return switch value.kind {
        case .text, .integer, .number: " "
        case .file: "_files"
        case .directory: "_files -/"
        case .choice(let words): "(\(words.joined(separator: " ")))"
        case .choices(let words): "_sequence compadd - \(words.joined(separator: " "))"
        }
    }
}

private func zshQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
