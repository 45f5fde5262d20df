import TestSupport

/// The names that files and directories get: few, so that they meet, and some that are awkward.
enum Names {
    private static let stems: [[UInt8]] =
        ["a", "b", "c", "d", "e", "Ünï", "new\nline", "it's \"quoted\"", "back\\slash \\x41", "-rf", "a.b"].map {
            Array($0.utf8)
        } + [[0x66, 0xE9, 0xFF], [UInt8](repeating: UInt8(ascii: "l"), count: 230)]

    private static let endings = [
        ".safetensors", ".safetensors", ".safetensors", ".sft", ".SafeTensors", ".ckpt", ".pt", ".pt2", ".pth", ".bin",
        ".gguf", ".GGUF",
    ]

    private static let otherEndings = [".txt", "", ".safetensors.tmp", ".ckpt.crdownload", ".download", ".bak"]

    private static let directories: [[UInt8]] =
        ["x", "y", "z", "loras", "Ordner mit Ü", "dir.safetensors", ".hidden", "cache.tmp"].map { Array($0.utf8) }
        + [[0xC3, 0x28]]

    /// A name for a model file.
    static func model(_ generator: inout SeededGenerator) -> [UInt8] {
        stem(&generator) + Array(element(endings, &generator).utf8)
    }

    /// A name for a file, mostly a model file.
    static func file(_ generator: inout SeededGenerator) -> [UInt8] {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: stem(&generator) + Array(element(otherEndings, &generator).utf8)
        case 1: [UInt8(ascii: ".")] + model(&generator)
        default: model(&generator)
        }
    }

    /// A name for a directory.
    static func directory(_ generator: inout SeededGenerator) -> [UInt8] { element(directories, &generator) }

    private static func stem(_ generator: inout SeededGenerator) -> [UInt8] { element(stems, &generator) }

    private static func element<Element>(_ array: [Element], _ generator: inout SeededGenerator) -> Element {
        array[Int.random(in: 0..<array.count, using: &generator)]
    }
}
