extension [UInt8] {
    /// Appends a character in UTF-8; `append(contentsOf: UTF8.encode(_))` takes five times as long, and a file may be
    /// made of escapes.
    package mutating func append(_ character: UnicodeScalar) {
        let value = character.value
        func rest(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
        switch value {
        case 0..<0x80: append(UInt8(truncatingIfNeeded: value))
        case 0x80..<0x800:
            append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
            append(rest(0))
        case 0x800..<0x10000:
            append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            append(rest(6))
            append(rest(0))
        default:
            append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
            append(rest(12))
            append(rest(6))
            append(rest(0))
        }
    }
}
