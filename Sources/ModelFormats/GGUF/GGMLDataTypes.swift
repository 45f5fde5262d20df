/// The data types of tensors by their numbers.
///
/// Numbers, block sizes and names: ggml's `enum ggml_type` (include/ggml.h) and gguf-py/gguf/constants.py of llama.cpp.
enum GGMLDataTypes {
    struct Entry {
        let name: String
        /// Elements that are stored together, and the bytes that they take; nil where forks disagree or nobody knows.
        let block: (elements: UInt64, bytes: UInt64)?

        /// Whether elements are stored as they are, one by one.
        var isPlain: Bool { block.map { $0.elements == 1 } ?? false }
    }

    /// What is known of a number; one that is not known has a name all the same.
    static func entry(of number: UInt32) -> Entry {
        guard let known = table[number] else { return Entry(name: "TYPE_\(number)", block: nil) }
        return Entry(name: known.0, block: known.2 == 0 ? nil : (known.1, known.2))
    }

    private static let table: [UInt32: (String, UInt64, UInt64)] = [
        0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
        7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
        12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
        16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
        20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
        24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8),
        29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2),
        // Found in files of 2024 only; they differ from Q4_0 in the order of the bytes.
        31: ("Q4_0_4_4", 32, 18), 32: ("Q4_0_4_8", 32, 18), 33: ("Q4_0_8_8", 32, 18),
        34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36),
        41: ("Q1_0", 128, 18),
        // Blocks of 64 with ggml, of 128 with the fork that the files come from.
        42: ("Q2_0", 0, 0),
    ]
}
