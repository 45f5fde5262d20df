extension CommandSpecification {
    /// The program's manual page in mdoc(7).
    ///
    /// `section` is its chapter, `date` the day of the release as `2025-01-31`, `release` the name and version below,
    /// `seeAlso` names other pages.
    package func manualPage(
        section: Int, date: String, release: String, seeAlso: [(name: String, section: Int)] = []
    ) -> String {
        var lines = [
            ".Dd \(documentDate(date))", ".Dt \(argument(name.uppercased())) \(section)", ".Os \(argument(release))",
            ".Sh NAME", ".Nm \(argument(name))", ".Nd \(line(summary))", ".Sh SYNOPSIS", ".Nm",
            ".Op Ar option ...",
        ]
        lines += subcommands.isEmpty ? operands.map(synopsis) : [".Ar command", ".Op Ar argument ..."]
        lines.append(".Sh DESCRIPTION")
        lines += paragraphs(discussion.isEmpty ? [summary + "."] : discussion)
        lines += optionList(allOptions, operands)
        if !subcommands.isEmpty { lines.append(".Sh COMMANDS") }
        for command in shownCommands { lines += command.manualSection }
        let examples = self.examples + shownCommands.flatMap(\.examples)
        if !examples.isEmpty { lines.append(".Sh EXAMPLES") }
        for example in examples { lines += text(example.explanation + ":") + [".Dl \(line(example.command))", ".Pp"] }
        if lines.last == ".Pp" { lines.removeLast() }
        if !seeAlso.isEmpty { lines.append(".Sh SEE ALSO") }
        for (index, page) in seeAlso.enumerated() {
            lines.append(".Xr \(page.name) \(page.section)" + (index < seeAlso.count - 1 ? " ," : ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A subcommand's part of its program's page.
    private var manualSection: [String] {
        let usage = [name] + (options.isEmpty ? [] : ["[OPTION]..."]) + operands.map(\.synopsis)
        let described = [summary.prefix(1).uppercased() + summary.dropFirst() + "."] + discussion
        // A bracket or a point at its end would be taken for the end of a sentence.
        return [".Ss \(line(usage.joined(separator: " ")))\\&"] + paragraphs(described) + optionList(options, operands)
    }
}

private func synopsis(_ operand: OperandSpecification) -> String {
    switch operand.count {
    case .one: ".Ar \(argument(operand.value.name))"
    case .optional: ".Op Ar \(argument(operand.value.name))"
    case .oneOrMore: ".Ar \(argument(operand.value.name)) ..."
    case .anyNumber: ".Op Ar \(argument(operand.value.name)) ..."
    }
}

private func paragraphs(_ texts: [String]) -> [String] { Array(texts.map(text).joined(separator: [".Pp"])) }

private func optionList(_ options: [OptionSpecification], _ operands: [OperandSpecification]) -> [String] {
    guard !options.isEmpty || !operands.isEmpty else { return [] }
    var lines = [".Bl -tag -width Ds"]
    for operand in operands {
        lines += [".It Ar \(argument(operand.value.name))"] + text(explained(operand.help, operand.value))
    }
    for option in options {
        let value = option.value.map { " Ar \(argument($0.name))" } ?? ""
        let short = option.short.map { "Fl \($0) , " } ?? ""
        let repeated = option.isRepeatable ? " May be repeated." : ""
        lines += [".It \(short)Fl Fl \(argument(option.name))\(value)"]
        lines += text(explained(option.help, option.value) + repeated)
    }
    return lines + [".El"]
}

private func explained(_ help: String, _ value: ValueSpecification?) -> String {
    guard let value, !value.words.isEmpty else { return help + "." }
    return help + ": " + value.words.joined(separator: ", ") + "."
}

// MARK: - Escapes of roff(7)

/// The longest line of text, as mdoc(7) wants it.
private let lineLength = 80

/// Lines of text, each sentence on new ones: no backslash is an escape, no control character begins a line.
private func text(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ").map({ escaped(String($0)) }) {
        if !line.isEmpty, line.hasSuffix(".") || line.count + 1 + word.count > lineLength {
            lines.append(line)
            line = ""
        }
        let start = word.hasPrefix(".") || word.hasPrefix("'") ? "\\&" : ""
        line += line.isEmpty ? start + word : " " + word
    }
    return lines + [line]
}

/// A date as mdoc(7) has it: `January 31, 2025`; what is no date as it is.
private func documentDate(_ date: String) -> String {
    let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    let parts = date.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return date }
    return "\(months[parts[1] - 1]) \(parts[2]), \(parts[0])"
}

/// Text behind a macro, whose words that are names of macros or punctuation stay words.
private func line(_ text: String) -> String {
    text.split(separator: " ").map { argument(String($0)) }.joined(separator: " ")
}

/// One word behind a macro.
private func argument(_ word: String) -> String {
    let escaped = escaped(word).replacing("\"", with: "\\(dq")
    let isPunctuation = escaped.count == 1 && ".,:;()[]?!|".contains(escaped)
    // A word of two or three letters with a capital first could be a macro.
    let isMacro = (2...3).contains(escaped.count) && escaped.first?.isUppercase == true
    return isPunctuation || isMacro ? "\\&" + escaped : escaped
}

private func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
}
