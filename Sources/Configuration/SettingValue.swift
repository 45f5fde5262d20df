internal import YAML

/// Why a value is not what its key takes; the words follow "KEY: ".
struct ValueProblem: Error, Equatable {
    let message: String

    init(expected: String, found node: YAMLNode) {
        message = "expected \(expected), found \(SettingValue.shown(node))"
    }

    init(_ message: String) { self.message = message }
}

/// Readers from a YAML node to a value; each throws what is wrong with it.
enum SettingValue {
    typealias Reader<Value> = (YAMLNode) throws(ValueProblem) -> Value

    /// What stands there, in the words of a message.
    static func shown(_ node: YAMLNode) -> String {
        if node.isNull { return "nothing" }
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "keys and values"
        case .scalar(let scalar): return quoted(scalar.text)
        }
    }

    /// A person's text between quotes, on one line and of bounded length.
    static func quoted(_ text: String) -> String { "“\(singleLine(text))”" }

    /// A person's text on one line and of bounded length, so that a message stays one.
    static func singleLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars.prefix(100) {
            line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return text.unicodeScalars.count > 100 ? line + "…" : line
    }

    static func text(_ expected: String) -> Reader<String> {
        { node throws(ValueProblem) in
            guard let scalar = node.scalar, !node.isNull, !scalar.text.isEmpty else {
                throw ValueProblem(expected: expected, found: node)
            }
            return scalar.text
        }
    }

    /// `true` and `false`, and YAML 1.1's yes, no, on, off.
    static func boolean(_ node: YAMLNode) throws(ValueProblem) -> Bool {
        guard let scalar = node.scalar, !scalar.isQuoted else {
            throw ValueProblem(expected: "true or false", found: node)
        }
        switch scalar.text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw ValueProblem(expected: "true or false", found: node)
        }
    }

    static func word<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type) -> Reader<Word> {
        { node throws(ValueProblem) in
            let words = Word.allCases.map(\.rawValue)
            guard let text = node.scalar?.text, let word = Word(rawValue: text) else {
                let near = node.scalar.flatMap { nearestWord(to: $0.text, among: words) }
                let hint = near.map { "; did you mean \($0)?" } ?? ""
                throw ValueProblem(
                    ValueProblem(expected: "one of \(words.joined(separator: ", "))", found: node).message + hint)
            }
            return word
        }
    }

    static func integer(in range: ClosedRange<Int>) -> Reader<Int> {
        { node throws(ValueProblem) in
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            guard let scalar = node.scalar, !scalar.isQuoted, let number = Int(scalar.text), range.contains(number)
            else { throw ValueProblem(expected: expected, found: node) }
            return number
        }
    }

    static func number(in range: ClosedRange<Double>) -> Reader<Double> {
        { node throws(ValueProblem) in
            let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
            // Double(_:) also reads hexadecimal, "inf" and "nan"; none is meant here.
            guard let scalar = node.scalar, !scalar.isQuoted,
                scalar.text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
                let number = Double(scalar.text), range.contains(number)
            else { throw ValueProblem(expected: expected, found: node) }
            return number
        }
    }

    /// What `reader` reads, or nil for null.
    static func optional<Value>(_ reader: @escaping Reader<Value>) -> Reader<Value?> {
        { node throws(ValueProblem) in node.isNull ? nil : try reader(node) }
    }

    /// What `reader` reads, for a place that is nil until something was read.
    static func required<Value>(_ reader: @escaping Reader<Value>) -> Reader<Value?> {
        { node throws(ValueProblem) in try reader(node) }
    }
}
