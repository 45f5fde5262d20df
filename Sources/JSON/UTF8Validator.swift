/// Checks text for well-formed UTF-8 piece by piece (RFC 3629, section 4).
package struct UTF8Validator {
    /// Continuation bytes that the character under way still needs.
    private var missing = 0
    /// What the next continuation byte may be: narrower than usual after some first bytes.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    package init() {}

    /// False when a character has begun and not ended.
    package var isComplete: Bool { missing == 0 }

    /// The index of the first byte that cannot stand where it stands; nil when there is none.
    package mutating func firstFault(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            if missing == 0 { index = Self.endOfASCII(in: bytes, from: index) }
            guard index < bytes.count else { break }
            guard accept(bytes[index]) else { return index }
            index += 1
        }
        return nil
    }

    /// Takes the next byte; false when it cannot stand there.
    package mutating func accept(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { allowed = 0xA0...0xBF }
            if byte == 0xED { allowed = 0x80...0x9F }
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { allowed = 0x90...0xBF }
            if byte == 0xF4 { allowed = 0x80...0x8F }
        default: return false
        }
        return true
    }

    /// Headers are nearly all ASCII, so eight bytes are looked at in one step.
    private static func endOfASCII(in bytes: [UInt8], from start: Int) -> Int {
        unsafe bytes.withUnsafeBytes { raw in
            var index = start
            while index + 8 <= raw.count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                index += 8
            }
            while index < raw.count, unsafe raw[index] < 0x80 { index += 1 }
            return index
        }
    }
}
