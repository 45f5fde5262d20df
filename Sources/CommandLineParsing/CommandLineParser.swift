extension CommandSpecification {
    /// Reads a command line without the program's name.
    ///
    /// Options and operands may be mixed; what follows `--` is operands. `--help` and `--version` win over whatever
    /// comes after them.
    package func parse(_ arguments: [String]) throws(UsageError) -> ParseOutcome {
        var parser = CommandLineParser(program: self)
        return try parser.parse(arguments)
    }
}

/// The state of one pass over the arguments.
private struct CommandLineParser {
    /// The program and the subcommands named so far.
    private var chain: [CommandSpecification]
    private var options: [String: [String]] = [:]
    private var operands: [String] = []

    init(program: CommandSpecification) { chain = [program] }

    private var command: CommandSpecification { chain[chain.count - 1] }

    /// The error with this message, which ends without a full stop or with a question.
    private func failure(_ message: String) -> UsageError {
        let sentence = message.hasSuffix("?") ? message : message + "."
        return UsageError(sentence, command: chain.map(\.name).joined(separator: " "))
    }

    mutating func parse(_ arguments: [String]) throws(UsageError) -> ParseOutcome {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                for operand in rest { try take(operand: operand) }
                break
            } else if argument.hasPrefix("--") {
                if let outcome = try take(long: argument.dropFirst(2), &rest) { return outcome }
            } else if argument.hasPrefix("-"), argument != "-" {
                if let outcome = try take(short: argument.dropFirst(), &rest) { return outcome }
            } else {
                try take(operand: argument)
            }
        }
        try checkEnd()
        return .run(
            ParsedCommand(subcommands: chain.dropFirst().map(\.name), options: options, operands: operands))
    }

    // MARK: - Options

    private mutating func take(
        long text: Substring, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> ParseOutcome? {
        let name = String(text.prefix { $0 != "=" })
        guard let option = find({ $0.name == name }) else {
            let known = chain.flatMap(\.allOptions).map { "--" + $0.name }
            throw failure("Unknown option '--\(name)'" + suggestion(for: "--" + name, among: known))
        }
        let attached = name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil
        return try take(option, shown: "--" + name, attached: attached, &rest)
    }

    private mutating func take(
        short text: Substring, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> ParseOutcome? {
        var letters = text
        while let letter = letters.popFirst() {
            guard let option = find({ $0.short == letter }) else { throw failure("Unknown option '-\(letter)'") }
            // Letters after an option that takes a value are that value.
            let attached = option.value == nil || letters.isEmpty ? nil : String(letters)
            if let outcome = try take(option, shown: "-\(letter)", attached: attached, &rest) { return outcome }
            if option.value != nil { break }
        }
        return nil
    }

    private mutating func take(
        _ option: OptionSpecification, shown: String, attached: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> ParseOutcome? {
        guard let value = option.value else {
            guard attached == nil else { throw failure("Option '\(shown)' takes no value") }
            if option.name == "help" { return .help(helpText(of: chain)) }
            if option.name == "version", let version = chain[0].version { return .version(version) }
            options[option.name] = [""]
            return nil
        }
        guard let text = attached ?? rest.popFirst() else {
            throw failure("Option '\(shown)' needs a value: \(shown) \(value.name)")
        }
        if let problem = value.problem(with: text) { throw failure("Option '\(shown)': \(problem)") }
        guard option.isRepeatable || options[option.name] == nil else {
            throw failure("Option '\(shown)' is given twice")
        }
        options[option.name, default: []].append(text)
        return nil
    }

    private func find(_ matches: (OptionSpecification) -> Bool) -> OptionSpecification? {
        for level in chain.reversed() {
            if let option = level.allOptions.first(where: matches) { return option }
        }
        return nil
    }

    // MARK: - Operands

    private mutating func take(operand: String) throws(UsageError) {
        guard command.subcommands.isEmpty else {
            guard let subcommand = command.subcommands.first(where: { $0.name == operand }) else {
                let known = suggestion(for: operand, among: command.shownCommands.map(\.name))
                throw failure("Unknown command '\(operand)'" + known)
            }
            chain.append(subcommand)
            return
        }
        let specification: OperandSpecification
        if operands.count < command.operands.count {
            specification = command.operands[operands.count]
        } else if let last = command.operands.last, last.count == .oneOrMore || last.count == .anyNumber {
            specification = last
        } else {
            throw failure("Unexpected argument '\(operand)'")
        }
        if let problem = specification.value.problem(with: operand) {
            throw failure("\(specification.value.name): \(problem)")
        }
        operands.append(operand)
    }

    private func checkEnd() throws(UsageError) {
        guard command.subcommands.isEmpty else { throw failure("A command is missing") }
        guard operands.count < command.operands.count else { return }
        let missing = command.operands[operands.count]
        if missing.count == .one || missing.count == .oneOrMore { throw failure("\(missing.value.name) is missing") }
    }
}
