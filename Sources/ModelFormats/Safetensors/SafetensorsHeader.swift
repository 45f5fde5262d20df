/// What the header of a safetensors file says.
///
/// Rules: the format's description at github.com/huggingface/safetensors, and what its reference implementation refuses.
package struct SafetensorsHeader: Sendable {
    /// Bytes of JSON. The tensor data begin 8 bytes further on, after the length itself.
    package let headerSize: UInt64
    package let tensorCount: Int
    /// Elements of all tensors together; nil when they are more than 64 bits can count.
    package let parameterCount: UInt64?
    /// How many tensors have each data type, by the names in the header.
    package let dataTypes: [String: Int]
    /// `__metadata__` in the order of the header: strings verbatim, other values as their JSON text; of duplicate keys
    /// the last value.
    package let metadata: [(key: String, value: String)]
    /// Entries of `__metadata__` that are left out since all together are beyond what is kept (16 MiB).
    package let droppedMetadataCount: Int
    /// Bytes the file has when it is complete.
    package let promisedFileSize: UInt64
}
