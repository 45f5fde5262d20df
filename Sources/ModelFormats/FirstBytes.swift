/// What the beginning of a file gives away.
enum FirstBytes {
    static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    static let gguf = Array("GGUF".utf8)

    /// True when a header's length and the beginning of its JSON stand there.
    static func beginLikeSafetensors(_ bytes: [UInt8]) -> Bool {
        // A header has less than 2^32 bytes.
        bytes.count > 9 && bytes[4..<8].allSatisfy { $0 == 0 } && bytes[8] == UInt8(ascii: "{")
            && (bytes[9] == UInt8(ascii: "\"") || bytes[9] == UInt8(ascii: "}"))
    }

    /// Things that are found under the names of safetensors files, and how people call them.
    private static let impostors: [([UInt8], String)] = [
        (zip, "a zip archive, as PyTorch writes them"),
        (gguf, "a GGUF file"),
        (Array("version https://git-lfs".utf8), "a Git LFS pointer in place of the file itself"),
        (Array("<!".utf8), "a web page"),
        (Array("<h".utf8), "a web page"),
        (Array("{\"".utf8), "JSON text"),
    ]

    /// How people call a file that begins like this, when it cannot be a safetensors file.
    static func impostor(_ bytes: [UInt8]) -> String? {
        impostors.first { bytes.starts(with: $0.0) }?.1
    }
}
