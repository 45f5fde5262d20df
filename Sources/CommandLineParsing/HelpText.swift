/// The width that help is wrapped to, in columns: what every terminal has.
private let helpWidth = 80
/// Where the explanation of an option begins.
private let helpColumn = 26

extension CommandSpecification {
    /// What `--help` prints for the program, or for the subcommand with these names; nil when there is none.
    package func helpText(for subcommands: [String] = []) -> String? {
        var chain = [self]
        for name in subcommands {
            guard let next = chain[chain.count - 1].subcommands.first(where: { $0.name == name }) else { return nil }
            chain.append(next)
        }
        return CommandLineParsing.helpText(of: chain)
    }
}

/// The help of the last command of the chain; those before it add their options.
func helpText(of chain: [CommandSpecification]) -> String {
    guard let command = chain.last else { return "" }
    var text = "\(command.name) - \(command.summary)\n\nUsage: \(usageLine(of: chain))\n"
    for paragraph in command.discussion { text += "\n" + wrapped(paragraph, indent: 0) }
    text += section("Commands", command.shownCommands.map { ($0.name, $0.summary) })
    text += section("Arguments", command.operands.map { ($0.value.name, explanation($0.help, $0.value)) })
    text += section("Options", command.allOptions.map(row))
    let inherited = chain.dropLast().flatMap(\.options)
    text += section("Options of every command", inherited.map(row))
    if !command.examples.isEmpty {
        text += "\nExamples:\n"
        for example in command.examples {
            text += "  \(example.command)\n" + wrapped(example.explanation, indent: 6)
        }
    }
    return text
}

/// How the last command of the chain is called.
func usageLine(of chain: [CommandSpecification]) -> String {
    guard let command = chain.last else { return "" }
    var parts = chain.map(\.name) + ["[OPTION]..."]
    if !command.subcommands.isEmpty { parts += ["COMMAND", "..."] }
    parts += command.operands.map(\.synopsis)
    return parts.joined(separator: " ")
}

private func row(_ option: OptionSpecification) -> (String, String) {
    let repeatable = option.isRepeatable ? " (may be repeated)" : ""
    // Options without a short name line up with those that have one.
    let synopsis = option.short == nil ? "    " + option.synopsis : option.synopsis
    return (synopsis, explanation(option.help, option.value) + repeatable)
}

private func explanation(_ help: String, _ value: ValueSpecification?) -> String {
    guard let value, !value.words.isEmpty else { return help }
    return help + ": " + value.words.joined(separator: ", ")
}

private func section(_ title: String, _ rows: [(String, String)]) -> String {
    guard !rows.isEmpty else { return "" }
    var text = "\n\(title):\n"
    for (left, right) in rows {
        let lines = wrapped(right, indent: helpColumn)
        let label = "  " + left
        if label.count + 2 <= helpColumn {
            text += label + String(repeating: " ", count: helpColumn - label.count) + lines.dropFirst(helpColumn)
        } else {
            text += label + "\n" + lines
        }
    }
    return text
}

/// The text in lines of at most `helpWidth` columns, each indented and ended.
private func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > helpWidth {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
    }
    lines.append(line)
    return lines.map { margin + $0 + "\n" }.joined()
}
