/// The target of a request line (RFC 9112, section 3.2), decoded.
package struct HTTPTarget: Hashable, Sendable {
    /// A target that means nothing, with a sentence for the client.
    package struct Fault: Error, Hashable, Sendable {
        package let reason: String

        static let nul = Fault(reason: "the request's target holds a NUL character")
    }

    /// The path's segments: none for `/`, and an empty last one after a slash at the end.
    package let path: [String]
    /// The query's parameters in their order, names and values decoded as forms are: `+` is a space.
    package let query: [HTTPField]

    private static let schemes = ["http://", "https://"]

    /// Reads `/path?query`, or the same behind `http://host`.
    package init(_ text: some Collection<UInt8>) throws(Fault) {
        var rest = Array(text)[...]
        if rest.first != UInt8(ascii: "/"), let scheme = Self.schemes.first(where: { rest.starts(with: $0.utf8) }) {
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            if rest.first != UInt8(ascii: "/") { rest = [UInt8(ascii: "/")] + rest }
        }
        guard rest.first == UInt8(ascii: "/") else { throw Fault(reason: "the request's target is not a path") }
        let question = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        let segments = rest[..<question].dropFirst()
        var path: [String] = []
        if !segments.isEmpty {
            for segment in segments.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                path.append(try Self.decoded(segment, plusIsSpace: false))
            }
        }
        var query: [HTTPField] = []
        for parameter in rest[question...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let equals = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.endIndex
            query.append(
                HTTPField(
                    try Self.decoded(parameter[..<equals], plusIsSpace: true),
                    try Self.decoded(parameter[equals...].dropFirst(), plusIsSpace: true)))
        }
        self.path = path
        self.query = query
    }

    private static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) throws(Fault) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = text.startIndex
        while position < text.endIndex {
            var byte = text[position]
            position += 1
            if byte == UInt8(ascii: "%") {
                guard text.endIndex - position >= 2, let high = hexadecimalValue(text[position]),
                    let low = hexadecimalValue(text[position + 1])
                else { throw Fault(reason: "a % in the request's target is not followed by two hexadecimal digits") }
                byte = high << 4 | low
                position += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            }
            guard byte != 0 else { throw .nul }
            bytes.append(byte)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw Fault(reason: "the request's target is not UTF-8")
        }
        return decoded
    }

    private static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
