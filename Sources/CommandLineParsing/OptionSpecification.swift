/// One option of a command, as `--name`, `--name VALUE`, `--name=VALUE` or `-n VALUE`.
package struct OptionSpecification: Sendable {
    /// The name without its dashes; also the key in `ParsedCommand`.
    package let name: String
    /// One letter for use with a single dash.
    package let short: Character?
    /// What the option takes; nil for a switch.
    package let value: ValueSpecification?
    /// True when the option may be given more than once.
    package let isRepeatable: Bool
    /// A sentence without a full stop.
    package let help: String

    package init(
        _ name: String, short: Character? = nil, value: ValueSpecification? = nil, repeatable: Bool = false,
        help: String
    ) {
        self.name = name
        self.short = short
        self.value = value
        isRepeatable = repeatable
        self.help = help
    }

    /// The option as help shows it: `-n, --limit N`.
    var synopsis: String {
        let long = "--" + name + (value.map { " " + $0.name } ?? "")
        return short.map { "-\($0), \(long)" } ?? long
    }
}

/// What an option or an operand accepts.
package struct ValueSpecification: Sendable {
    /// Decides what is refused, and what completion offers.
    package enum Kind: Sendable {
        case text
        case file
        case directory
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
        /// Words separated by commas.
        case choices([String])
    }

    /// The word that stands for the value in help, in capitals.
    package let name: String
    /// What is accepted.
    package let kind: Kind
    /// The arguments with which the program itself tells what completion offers; nil where the kind tells it.
    ///
    /// `--` and the words that were typed so far follow them. The program prints a word a line; what follows a tab says
    /// what the word means.
    package let offered: [String]?

    package init(_ name: String, _ kind: Kind = .text, offered: [String]? = nil) {
        self.name = name
        self.kind = kind
        self.offered = offered
    }

    /// The words that are accepted; empty when any text is.
    var words: [String] {
        switch kind {
        case .choice(let words), .choices(let words): words
        default: []
        }
    }

    /// Why `text` is not accepted; nil when it is.
    func problem(with text: String) -> String? {
        switch kind {
        case .text, .file, .directory:
            return text.isEmpty && !isText ? "must not be empty" : nil
        case .integer(let range):
            if let number = Int(text), range.contains(number) { return nil }
            let limits = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
            return "'\(text)' is not a whole number, \(range.lowerBound) \(limits)"
        case .number(let range):
            if let number = Double(text), range.contains(number) { return nil }
            return "'\(text)' is not a number, \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words):
            return words.contains(text) ? nil : unknownWord(text, among: words)
        case .choices(let words):
            let given = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return given.first { !words.contains($0) }.map { unknownWord($0, among: words) }
        }
    }

    private var isText: Bool { if case .text = kind { true } else { false } }

    private func unknownWord(_ word: String, among words: [String]) -> String {
        "'\(word)' is not one of \(words.joined(separator: ", "))" + suggestion(for: word, among: words)
    }
}

/// What a command takes besides its options.
package struct OperandSpecification: Sendable {
    /// How often the operand is given.
    package enum Count: Sendable { case one, optional, oneOrMore, anyNumber }

    /// What one operand is.
    package let value: ValueSpecification
    /// How often it is given.
    package let count: Count
    /// A sentence without a full stop.
    package let help: String

    package init(_ value: ValueSpecification, _ count: Count = .one, help: String) {
        self.value = value
        self.count = count
        self.help = help
    }

    /// The operand as a usage line shows it.
    var synopsis: String {
        switch count {
        case .one: value.name
        case .optional: "[\(value.name)]"
        case .oneOrMore: value.name + "..."
        case .anyNumber: "[\(value.name)...]"
        }
    }
}
