/// Numbers.
extension JSONTokenizer {
    /// Reads a value; nil when it is not a number made of digits alone, or beyond 64 bits.
    package mutating func unsignedInteger() throws -> UInt64? {
        guard let first = try peekToken(), Self.isDigit(first) else {
            try skipValue()
            return nil
        }
        var value: UInt64? = 0
        var digits = 0
        while let byte = try stream.peek(), Self.isDigit(byte) {
            if digits > 0, value == 0, first == UInt8(ascii: "0") { throw fault("a number with a leading zero") }
            value = value.flatMap { Self.appending(digit: byte, to: $0) }
            digits += 1
            stream.advance()
        }
        guard let byte = try stream.peek(), byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") else {
            return value
        }
        try skipFractionAndExponent()
        return nil
    }

    private static func appending(digit: UInt8, to value: UInt64) -> UInt64? {
        let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
        return tooLarge || overflow ? nil : sum
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Reads a number without its sign and forgets it.
    mutating func skipNumber() throws {
        guard let first = try stream.peek(), Self.isDigit(first) else { throw try unexpected() }
        stream.advance()
        if first == UInt8(ascii: "0") {
            if let byte = try stream.peek(), Self.isDigit(byte) { throw fault("a number with a leading zero") }
        } else {
            try skipDigits()
        }
        try skipFractionAndExponent()
    }

    private mutating func skipFractionAndExponent() throws {
        if try stream.peek() == UInt8(ascii: ".") {
            stream.advance()
            try skipDigits(atLeastOne: true)
        }
        if let byte = try stream.peek(), byte | 0x20 == UInt8(ascii: "e") {
            stream.advance()
            if let sign = try stream.peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { stream.advance() }
            try skipDigits(atLeastOne: true)
        }
    }

    private mutating func skipDigits(atLeastOne: Bool = false) throws {
        if atLeastOne {
            guard let byte = try stream.peek(), Self.isDigit(byte) else { throw try unexpected() }
        }
        while let byte = try stream.peek(), Self.isDigit(byte) { stream.advance() }
    }
}
