/// Writes JSON.
package enum JSONText {
    private static let digits = Array("0123456789abcdef".utf8)

    /// A string with its quotes.
    package static func string(_ text: String) -> String {
        var result: [UInt8] = []
        append(text.utf8, to: &result)
        return String(decoding: result, as: UTF8.self)
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
