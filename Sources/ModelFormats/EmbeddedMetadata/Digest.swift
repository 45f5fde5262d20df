/// Hexadecimal digests as other programs write them down.
enum Digest {
    /// SHA-256 of nothing: what some programs write for a file that they could not read. All its shortened forms are
    /// known by how it begins.
    private static let ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let blake3OfNothing = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"

    /// A full SHA-256 or BLAKE3 in lower case; nil for anything else, and for the digest of nothing.
    static func sha256(_ text: String) -> String? { hexadecimal(text, lengths: [64]) }

    /// A digest of one of some lengths in lower case, without the `0x` that ModelSpec puts before it; nil for anything
    /// else, for zeros alone and for the digest of nothing.
    static func hexadecimal(_ text: String, lengths: Set<Int>) -> String? {
        guard text.utf8.count <= 80 else { return nil }
        var digits = text.trimmed.lowercased()
        if digits.hasPrefix("0x") { digits.removeFirst(2) }
        guard lengths.contains(digits.utf8.count), digits.utf8.allSatisfy(isHexadecimal),
            !digits.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }), !ofNothing.hasPrefix(digits),
            !blake3OfNothing.hasPrefix(digits)
        else { return nil }
        return digits
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
