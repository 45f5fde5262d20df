/// The formats of model files.
package enum ModelFileFormat: String, Hashable, Sendable, CaseIterable {
    case safetensors
    case gguf
    /// A PyTorch file of version 1.6 or later: a zip archive.
    case pytorch
    /// A PyTorch file of an earlier version: pickles one after the other.
    case pickle

    private static let endings: [([UInt8], ModelFileFormat)] = [
        (Array(".safetensors".utf8), .safetensors), (Array(".sft".utf8), .safetensors), (Array(".gguf".utf8), .gguf),
        (Array(".ckpt".utf8), .pytorch), (Array(".pt".utf8), .pytorch), (Array(".pt2".utf8), .pytorch),
        (Array(".pth".utf8), .pytorch), (Array(".bin".utf8), .pytorch),
    ]

    /// The format that a file's name promises; nil for names that are not those of model files.
    ///
    /// `pytorch` stands for `pickle` too until the content is seen.
    package init?(name: [UInt8]) {
        for (ending, format) in Self.endings where Self.ends(name, with: ending) {
            self = format
            return
        }
        return nil
    }

    /// Whether a file with this name is a model file; the case of letters does not matter.
    package static func isModelFile(name: [UInt8]) -> Bool {
        ModelFileFormat(name: name) != nil
    }

    /// The format when the first bytes of the content are known too. Names such as `.bin` stand for several.
    ///
    /// - Parameter firstBytes: 16 of them, or fewer where the file has no more.
    package func refined(firstBytes: [UInt8]) -> ModelFileFormat {
        switch self {
        case .safetensors, .gguf: self
        case .pytorch, .pickle:
            if firstBytes.starts(with: FirstBytes.zip) {
                .pytorch
            } else if firstBytes.starts(with: FirstBytes.gguf) {
                .gguf
            } else {
                FirstBytes.beginLikeSafetensors(firstBytes) ? .safetensors : .pickle
            }
        }
    }

    /// Whether it consists of pickles.
    var isPickled: Bool {
        switch self {
        case .safetensors, .gguf: false
        case .pytorch, .pickle: true
        }
    }

    /// Compares in place, from the last byte on: it is asked for every name that a walk meets.
    private static func ends(_ name: [UInt8], with ending: [UInt8]) -> Bool {
        guard name.count >= ending.count else { return false }
        let start = name.count - ending.count
        return ending.indices.reversed().allSatisfy { lowercased(name[start + $0]) == ending[$0] }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
