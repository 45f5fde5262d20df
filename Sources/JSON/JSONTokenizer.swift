/// Reads one JSON text (RFC 8259) out of a stream.
///
/// It knows where it stands and how deep; what the text means is its caller's business. Everything it finds wrong is
/// a `JSONError` with the position in the file.
package struct JSONTokenizer {
    /// The limit of the format's reference implementation.
    package static let maximumDepth = 128
    /// Members and elements altogether. A header has some ten for each tensor, and no model more than 100,000 of those.
    package static let maximumCount = 2_000_000

    var stream: TextStream
    /// Where the next byte stands.
    package var offset: UInt64 { stream.offset }

    private var depth = 0
    private var count = 0
    private let maximumCount: Int

    /// Reads the text of a stream; `maximumCount` is how many members and elements it may have.
    package init(_ stream: TextStream, maximumCount: Int = Self.maximumCount) {
        self.stream = stream
        self.maximumCount = maximumCount
    }

    /// The next byte after white space, which stays the next; nil at the end of the text.
    package mutating func peekToken() throws -> UInt8? {
        while let byte = try stream.peek() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            stream.advance()
        }
        return nil
    }

    // MARK: - Errors

    /// What to throw when the next byte is none that may stand there.
    mutating func unexpected() throws -> JSONError {
        guard let byte = try stream.peek() else { return .invalid("\(stream.subject) is not JSON: it ends too early") }
        return .invalid("\(stream.subject) is not JSON: \(Self.shown(byte)) is not expected at byte \(stream.offset)")
    }

    /// What to throw for a fault that the last byte completed.
    func fault(_ what: String) -> JSONError {
        .invalid("\(stream.subject) is not JSON: \(what) before byte \(stream.offset)")
    }

    private static func shown(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? "“\(Character(UnicodeScalar(byte)))”" : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    // MARK: - Structure

    /// Steps over a byte of punctuation.
    package mutating func take(_ byte: UInt8) throws {
        guard try peekToken() == byte else { throw try unexpected() }
        stream.advance()
    }

    /// Steps into an object or array with `{` or `[`.
    package mutating func open(_ bracket: UInt8) throws {
        try take(bracket)
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw JSONError.invalid("\(stream.subject) nests deeper than \(Self.maximumDepth) levels")
        }
    }

    /// Steps to the next member or element; false after the last one, when `bracket` has been stepped over.
    package mutating func hasNext(before bracket: UInt8, isFirst: inout Bool) throws -> Bool {
        let token = try peekToken()
        if token == bracket {
            stream.advance()
            depth -= 1
            return false
        }
        if isFirst {
            isFirst = false
        } else {
            try take(UInt8(ascii: ","))
        }
        count += 1
        guard count <= maximumCount else {
            throw JSONError.invalid("\(stream.subject) holds more than \(maximumCount) values")
        }
        return true
    }

    /// Makes sure that nothing but white space follows.
    package mutating func finish() throws {
        guard try peekToken() == nil else { throw try unexpected() }
    }

    // MARK: - Values

    /// Reads a value and returns its text as it is written; nil when it has more than `limit` bytes.
    package mutating func verbatimValue(limit: Int) throws -> [UInt8]? {
        _ = try peekToken()
        stream.startRecording(limit: limit)
        try skipValue()
        return stream.finishRecording()
    }

    /// Reads a value of whatever kind. Its depth is bounded, so the recursion is.
    package mutating func skipValue() throws {
        switch try peekToken() {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"):
            try open(UInt8(ascii: "{"))
            var isFirst = true
            while try hasNext(before: UInt8(ascii: "}"), isFirst: &isFirst) {
                try skipString()
                try take(UInt8(ascii: ":"))
                try skipValue()
            }
        case UInt8(ascii: "["):
            try open(UInt8(ascii: "["))
            var isFirst = true
            while try hasNext(before: UInt8(ascii: "]"), isFirst: &isFirst) { try skipValue() }
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        case UInt8(ascii: "-"):
            stream.advance()
            try skipNumber()
        default: try skipNumber()
        }
    }

    private mutating func skip(_ word: StaticString) throws {
        for byte in word.description.utf8 {
            guard try stream.peek() == byte else { throw try unexpected() }
            stream.advance()
        }
    }
}
