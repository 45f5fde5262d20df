internal import JSON

/// The text of a file that some program or person wrote, as UTF-8 without a byte order mark.
enum SidecarText {
    /// Takes the mark off UTF-8, and turns UTF-16 with a mark into UTF-8: both come from Windows, where an editor or
    /// PowerShell saved the file. Anything else stays as it is.
    static func utf8(of bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) { return fromUTF16(bytes, low: 0, high: 1) }
        if bytes.starts(with: [0xFE, 0xFF]) { return fromUTF16(bytes, low: 1, high: 0) }
        return bytes
    }

    private static func fromUTF16(_ bytes: [UInt8], low: Int, high: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2 * 3)
        var index = 2
        while index + 1 < bytes.count {
            var unit = UInt32(bytes[index + low]) | UInt32(bytes[index + high]) << 8
            index += 2
            if 0xD800...0xDBFF ~= unit, index + 1 < bytes.count {
                let second = UInt32(bytes[index + low]) | UInt32(bytes[index + high]) << 8
                if 0xDC00...0xDFFF ~= second {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
                    index += 2
                }
            }
            // Half a character becomes U+FFFD.
            text.append(UnicodeScalar(unit) ?? "\u{FFFD}")
        }
        return text
    }
}
