/// Which bytes of a file go into which digest.
package struct DigestPlan: Hashable, Sendable {
    /// AutoV1 covers these bytes (A1111's `model_hash`) ...
    static let autoV1Range: Range<UInt64> = 0x10_0000..<0x11_0000
    /// ... of files of at least so many bytes (CivitAI's scanner).
    static let autoV1MinimumSize: UInt64 = 0x20_0000

    /// Bytes in the file.
    package let size: UInt64
    /// Where the bytes that AutoV3 covers begin; they go on to the end of the file. nil: no AutoV3.
    package let autoV3Start: UInt64?
    /// Whether BLAKE3 is wanted too.
    package let blake3: Bool

    /// A plan for a file of `size` bytes.
    ///
    /// - Parameters:
    ///   - safetensorsHeaderSize: the length of the JSON header of a *valid* safetensors file, nil for all others.
    ///   - autoV3MaximumSize: bigger files get no AutoV3, which is a second SHA-256 over nearly the whole file.
    ///   - blake3: whether BLAKE3 is wanted too.
    package init(
        size: UInt64, safetensorsHeaderSize: UInt64? = nil, autoV3MaximumSize: UInt64 = .max, blake3: Bool = false
    ) {
        self.size = size
        self.blake3 = blake3
        let start = safetensorsHeaderSize.map { $0.addingReportingOverflow(8) }
        if let start, !start.overflow, start.partialValue <= size, size <= autoV3MaximumSize {
            autoV3Start = start.partialValue
        } else {
            autoV3Start = nil
        }
    }

    var hasAutoV1: Bool { size >= Self.autoV1MinimumSize }
}
