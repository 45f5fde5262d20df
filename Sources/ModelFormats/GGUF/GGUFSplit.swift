/// Which part of a model a GGUF file is (`split.no`, `split.count` and `split.tensors.count`).
package struct GGUFSplit: Hashable, Sendable {
    /// The first part has 0.
    package let number: Int
    package let count: Int
    /// Tensors of all parts together; nil when the file does not tell.
    package let tensors: Int?
}
