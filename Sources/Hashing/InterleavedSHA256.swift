internal import CDigests

/// One incremental SHA-256 on the CPU's own instructions, of which two streams at a time are faster than one.
@safe final class InterleavedSHA256 {
    /// Whether this CPU has the instructions; without them nothing else here may be used.
    static let isAvailable = digests_has_sha256()

    private let stream = UnsafeMutablePointer<digests_sha256>.allocate(capacity: 1)

    init() { unsafe digests_sha256_begin(stream) }

    deinit { unsafe stream.deallocate() }

    @unsafe func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe digests_sha256_update(stream, bytes.baseAddress, bytes.count)
    }

    /// Feeds two different streams, whose bytes may overlap.
    @unsafe static func update(
        _ first: InterleavedSHA256, _ firstBytes: UnsafeRawBufferPointer,
        _ second: InterleavedSHA256, _ secondBytes: UnsafeRawBufferPointer
    ) {
        unsafe digests_sha256_update_two(
            first.stream, firstBytes.baseAddress, firstBytes.count,
            second.stream, secondBytes.baseAddress, secondBytes.count)
    }

    /// The 32 bytes of the digest.
    func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { buffer in
            unsafe digests_sha256_finish(stream, buffer.baseAddress)
        }
        return digest
    }
}
