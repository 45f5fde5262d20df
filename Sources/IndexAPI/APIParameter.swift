/// A query parameter or a key of a request's body: its name, what it accepts, what it means.
package struct APIParameter: Sendable, Equatable {
    /// What a parameter accepts.
    package enum Kind: Sendable, Equatable {
        case text
        /// An absolute path.
        case path
        /// Base64 of RFC 4648 section 4.
        case base64
        case boolean
        case integer(ClosedRange<Int64>)
        case number(ClosedRange<Double>)
        case choice([String])
        /// Words separated by commas, or one word that stands for several of them.
        case choices([String], or: String)
        /// Hexadecimal digits, at least eight and at most 64.
        case hash
        /// A list of hashes, in a body.
        case hashes(maximum: Int)
        /// A list of texts, in a body.
        case texts(maximum: Int)
    }

    package let name: String
    package let kind: Kind
    package let isRequired: Bool
    /// A sentence without a full stop.
    package let help: String

    package init(_ name: String, _ kind: Kind, required: Bool = false, _ help: String) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.help = help
    }

    /// Why the parameter does not accept this text; nil when it does.
    package func problem(with value: String) -> String? {
        switch kind {
        case .text, .texts: nil
        case .path: value.hasPrefix("/") ? nil : "\(name): an absolute path is expected."
        case .base64: Self.isBase64(value) ? nil : "\(name): not base64."
        case .boolean: value == "true" || value == "false" ? nil : "\(name): true or false is expected."
        case .integer(let range):
            Int64(value).map(range.contains) == true
                ? nil : "\(name): a whole number from \(range.lowerBound) to \(range.upperBound) is expected."
        case .number(let range):
            Double(value).map(range.contains) == true
                ? nil : "\(name): a number from \(range.lowerBound) to \(range.upperBound) is expected."
        case .choice(let words):
            words.contains(value) ? nil : "\(name): one of \(words.joined(separator: ", ")) is expected."
        case .choices(let words, let whole):
            value == whole
                || value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({ word in
                    words.contains { $0 == word }
                })
                ? nil : "\(name): \(whole), or a comma list of \(words.joined(separator: ", ")) is expected."
        case .hash, .hashes:
            Self.isHash(value) ? nil : "\(name): 8 to 64 hexadecimal digits are expected."
        }
    }

    /// True for 8 to 64 hexadecimal digits, in either case.
    package static func isHash(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { digit in
                switch digit {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }

    private static func isBase64(_ text: String) -> Bool {
        let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        return text.utf8.count % 4 == 0 && text.utf8.count - digits.count <= 2
            && digits.allSatisfy { digit in
                switch digit {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
