/// Base 64 (RFC 4648, section 4).
enum Base64 {
    /// The value of each character, 64 for white space, 255 for what may not stand there.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
        for space: UInt8 in [0x20, 0x09, 0x0A, 0x0D] { values[Int(space)] = 64 }
        return values
    }()

    /// Decodes a text, with or without the padding at its end and white space anywhere; nil for other characters.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 3)
        let values = values
        var pending: UInt32 = 0
        var count = 0
        var isPadded = false
        for character in text {
            if character == UInt8(ascii: "=") {
                isPadded = true
                continue
            }
            let value = values[Int(character)]
            if value == 64 { continue }
            guard value < 64, !isPadded else { return nil }
            pending = pending << 6 | UInt32(value)
            count += 1
            if count == 4 {
                bytes.append(UInt8(truncatingIfNeeded: pending >> 16))
                bytes.append(UInt8(truncatingIfNeeded: pending >> 8))
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending = 0
                count = 0
            }
        }
        switch count {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: pending >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: pending >> 10))
            bytes.append(UInt8(truncatingIfNeeded: pending >> 2))
        default: return nil
        }
        return bytes
    }
}
