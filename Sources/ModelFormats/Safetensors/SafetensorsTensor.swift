/// One tensor of a safetensors file.
package struct SafetensorsTensor: Hashable, Sendable {
    package let name: String
    /// Such as `F16`; names that are not known yet are possible.
    package let dataType: String
    /// Outermost dimension first; empty for a single number.
    package let shape: [UInt64]
    /// Bytes of its data, counted from the end of the header.
    package let dataOffsets: Range<UInt64>
}
