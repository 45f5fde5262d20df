extension CommandSpecification {
    /// A fish script that completes this program's commands, options and values.
    package func fishCompletion() -> String {
        let function = "_" + completionFunction
        let levels = completionLevels()
        return """
            # fish completion for \(name)
            # The commands before the cursor.
            function \(function)_command
                set -l command '\(name)'
                set -l skip
                for word in (commandline -opc)[2..]
                    if test -n "$skip"
                        set skip
                        continue
                    end
                    if test "$word" = --
                        break
                    end
                    switch "$command $word"
            \(levels.flatMap(\.fishTransitions).joined(separator: "\n"))
                    end
                end
                echo $command
            end
            function \(function)_is
                test (\(function)_command) = "$argv"
            end
            # Words after a comma list that has begun.
            function \(function)_list
                set -l given (commandline -ct | string replace -r '^--[^=]*=' '' | string match -r '^.*,')
                set -q given[1]; or set given ''
                printf '%s\\n' $given$argv
            end
            # What the program itself offers.
            function \(function)_program
                set -l typed (commandline -opc)
                $typed[1] $argv -- $typed 2>/dev/null
            end
            complete -c \(name) -e
            complete -c \(name) -f
            \(levels.flatMap { $0.fishLines(name, function) }.joined(separator: "\n"))

            """
    }
}

/// What one command adds to the script.
extension CompletionLevel {
    fileprivate var fishTransitions: [String] {
        let skips =
            valuedOptions.isEmpty
            ? []
            : [
                "            case \(valuedOptions.map(fishQuoted).joined(separator: " "))",
                "                set skip 1",
            ]
        return skips
            + command.shownCommands.flatMap {
                [
                    "            case \(fishQuoted("\(path) \($0.name)"))",
                    "                set command \(fishQuoted("\(path) \($0.name)"))",
                ]
            }
    }

    fileprivate func fishLines(_ program: String, _ function: String) -> [String] {
        let start = "complete -c \(program) -n '\(function)_is \(path)'"
        let commands = command.shownCommands.map { "\(start) -a \($0.name) -d \(fishQuoted($0.summary))" }
        let operand = operands.last.flatMap { fishArguments($0, function) }.map { ["\(start) \($0)"] } ?? []
        let options = self.options.map { option in
            var line = start + (option.short.map { " -s \($0)" } ?? "") + " -l \(option.name)"
            if let value = option.value {
                // With an argument, and only files where those are meant.
                line += " -r " + (fishArguments(value, function) ?? "-f")
            }
            return line + " -d \(fishQuoted(option.help))"
        }
        return commands + operand + options
    }

    private func fishArguments(_ value: ValueSpecification, _ function: String) -> String? {
        if let arguments = value.offered {
            return "-f -a '(\(function)_program \(arguments.joined(separator: " ")))'"
        }
        return switch value.kind {
        case .text, .integer, .number: nil
        case .file: "-F"
        case .directory: "-f -a '(__fish_complete_directories)'"
        case .choice(let words): "-f -a '\(words.joined(separator: " "))'"
        case .choices(let words): "-f -a '(\(function)_list \(words.joined(separator: " ")))'"
        }
    }
}

private func fishQuoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
}
