/// One tensor as the header of a file describes it, whatever the format.
package struct Tensor: Hashable, Sendable {
    package let name: String
    /// In safetensors' spelling (`F16`, `BF16`, `F8_E4M3`), for GGUF's own types in ggml's, upper case (`Q4_K`).
    package let dataType: String
    /// Outermost dimension first, as PyTorch shows it; empty for a single number.
    package let shape: [UInt64]

    package init(name: String, dataType: String, shape: [UInt64]) {
        self.name = name
        self.dataType = dataType
        self.shape = shape
    }
}
