internal import CDigests

/// One incremental BLAKE3, in constant memory.
@safe final class BLAKE3Stream {
    /// How many chunks this CPU compresses at once.
    static let availableLanes = digests_blake3_lanes()

    private let hasher = UnsafeMutablePointer<digests_blake3>.allocate(capacity: 1)

    /// Begins, with at most so many chunks at once.
    init(lanes: UInt32 = availableLanes) { unsafe digests_blake3_begin(hasher, lanes) }

    deinit { unsafe hasher.deallocate() }

    @unsafe func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe digests_blake3_update(hasher, bytes.baseAddress, bytes.count)
    }

    /// The digest of all bytes so far as 64 lower-case hexadecimal digits.
    func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { buffer in
            unsafe digests_blake3_finish(hasher, buffer.baseAddress)
        }
        return hexadecimal(digest)
    }
}
