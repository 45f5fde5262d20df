/// What the beginning of a file gives away.
enum FirstBytes {
    static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// Things that are found under the names of safetensors files, and how people call them.
    private static let impostors: [([UInt8], String)] = [
        (zip, "a zip archive, as PyTorch writes them"),
        (Array("GGUF".utf8), "a GGUF file"),
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
