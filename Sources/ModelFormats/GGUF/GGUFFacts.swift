internal import JSON

/// What a few well-known keys say.
struct GGUFFacts {
    private static let shapePrefix = Array("comfy.gguf.orig_shape.".utf8)

    private(set) var architecture: String?
    private(set) var fileType: UInt64?
    /// `general.alignment`; nil when the file does not tell.
    private(set) var alignment: UInt64?
    private var splitNumber: UInt64?
    private var splitCount: UInt64?
    private var splitTensors: UInt64?
    private var shapes: [ExactText: [UInt64]] = [:]
    /// Bytes that may still be kept of names and shapes.
    private var shapeBudget = 4 << 20

    /// nil for a model of one file, and where the numbers do not go together.
    ///
    /// Source: llama.cpp's tools/gguf-split, which counts from 0.
    var split: GGUFSplit? {
        guard let splitNumber, let splitCount, splitCount > 1, splitNumber < splitCount,
            let number = Int(exactly: splitNumber),
            let count = Int(exactly: splitCount)
        else { return nil }
        return GGUFSplit(number: number, count: count, tensors: splitTensors.flatMap(Int.init(exactly:)))
    }

    /// Takes a key-value that is a string.
    mutating func take(_ key: [UInt8], text: [UInt8]) {
        if key == Array("general.architecture".utf8), !text.isEmpty {
            architecture = String(decoding: text.prefix(256), as: UTF8.self)
        }
    }

    /// Takes a key-value that is an unsigned number.
    mutating func take(_ key: [UInt8], number: UInt64) {
        switch String(decoding: key, as: UTF8.self) {
        case "general.file_type": fileType = number
        case "general.alignment": alignment = number
        case "split.no": splitNumber = number
        case "split.count": splitCount = number
        case "split.tensors.count": splitTensors = number
        default: break
        }
    }

    /// Takes a key-value that is an array, as JSON text.
    ///
    /// ComfyUI-GGUF keeps there the shape that a tensor had before it was laid out for quantisation, outermost dimension
    /// first (its tools/convert.py and loader.py).
    mutating func take(_ key: [UInt8], array: [UInt8]) {
        guard key.starts(with: Self.shapePrefix), shapeBudget > 0 else { return }
        let numbers = array.dropFirst().dropLast().split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let shape = numbers.compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard shape.count == numbers.count else { return }
        shapeBudget -= key.count + 8 * shape.count + 128
        shapes[ExactText(text: String(repairing: Array(key.dropFirst(Self.shapePrefix.count))))] = shape
    }

    /// The shape that a tensor had, if it has as many elements.
    func originalShape(of name: String, elements: UInt64) -> [UInt64]? {
        guard !shapes.isEmpty, let shape = shapes[ExactText(text: name)], GGUFReader.product(shape) == elements else {
            return nil
        }
        return shape
    }
}
