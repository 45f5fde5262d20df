/// Writes JSON (RFC 8259).
package enum JSONText {
    private static let digits = Array("0123456789abcdef".utf8)

    /// A string with its quotes.
    package static func string(_ text: String) -> String {
        var result: [UInt8] = []
        append(text.utf8, to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    /// A value without white space between its parts; what was read with `keepsNumbers` has its numbers as they were
    /// written.
    package static func text(of value: JSONValue) -> String {
        var result: [UInt8] = []
        append(value, to: &result)
        return String(decoding: result, as: UTF8.self)
    }

    /// The depth of a value that was read is bounded, so the recursion is.
    private static func append(_ value: JSONValue, to text: inout [UInt8]) {
        switch value {
        case .null: text += "null".utf8
        case .bool(let value): text += (value ? "true" : "false").utf8
        case .integer(let value): text += String(value).utf8
        case .decimal(let value): text += String(value).utf8
        case .number(let digits): text += digits.utf8
        case .string(let string): append(string.utf8, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                append(element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                append(member.name.utf8, to: &text)
                text.append(UInt8(ascii: ":"))
                append(member.value, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a string with its quotes (RFC 8259, section 7).
    package static func append(_ string: some Sequence<UInt8>, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text.append(UInt8(ascii: "\\"))
                text.append(byte)
            case 0..<0x20:
                text += "\\u00".utf8
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
