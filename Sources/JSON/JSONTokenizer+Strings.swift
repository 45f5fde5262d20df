/// Strings.
extension JSONTokenizer {
    /// Reads a string into `text`, without quotes and escapes; false when it has more than `limit` bytes.
    package mutating func string(into text: inout [UInt8], limit: Int) throws -> Bool {
        text.removeAll(keepingCapacity: true)
        var fits = true
        try take(UInt8(ascii: "\""))
        while true {
            fits = stream.takePlain(into: &text, limit: fits ? limit : -1) && fits
            switch try stream.peek() {
            case UInt8(ascii: "\""):
                stream.advance()
                return fits
            case UInt8(ascii: "\\"):
                stream.advance()
                let character = try escape()
                fits = fits && text.count + 4 <= limit
                if fits { text.append(character) }
            case .some(let byte) where TextStream.standsForItself(byte): continue
            default: throw try unexpected()
            }
        }
    }

    /// Reads a string of any length and forgets it.
    mutating func skipString() throws {
        var nothing: [UInt8] = []
        _ = try string(into: &nothing, limit: -1)
    }

    private mutating func next() throws -> UInt8 {
        guard let byte = try stream.peek() else { throw try unexpected() }
        stream.advance()
        return byte
    }

    /// Reads what follows a backslash.
    private mutating func escape() throws -> UnicodeScalar {
        let byte = try next()
        if let character = TextStream.shortEscape(byte) { return UnicodeScalar(character) }
        guard byte == UInt8(ascii: "u") else { throw fault("an unknown escape") }
        return try unicodeEscape()
    }

    private mutating func unicodeEscape() throws -> UnicodeScalar {
        let first = try fourHexadecimalDigits()
        if let scalar = UnicodeScalar(first) { return scalar }
        // A surrogate: only the pair of a high and a low one is a character (RFC 8259, section 7).
        if first < 0xDC00, try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") {
            let second = try fourHexadecimalDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw fault("half a character (a lone surrogate)")
    }

    private mutating func fourHexadecimalDigits() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexadecimalValue(of: try next()) else {
                throw fault("an escape without four hexadecimal digits")
            }
            value = value << 4 | digit
        }
        return value
    }

    /// `Character.hexDigitValue` says the same, fifty times slower; a file may be made of escapes.
    private static func hexadecimalValue(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
