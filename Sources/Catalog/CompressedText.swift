internal import CDeflate

/// A text as the catalogue keeps long ones: in zlib's format (RFC 1950).
package struct CompressedText: Sendable, Hashable {
    /// The text is as dear as its place on the disk, and written once a day at most.
    private static let level: Int32 = 6

    package let bytes: [UInt8]

    /// Compresses a text; nil where memory is short.
    package init?(_ text: [UInt8]) {
        guard let compressor = unsafe libdeflate_alloc_compressor(Self.level) else { return nil }
        defer { unsafe libdeflate_free_compressor(compressor) }
        let bound = unsafe libdeflate_zlib_compress_bound(compressor, text.count)
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = unsafe text.withUnsafeBytes {
                unsafe libdeflate_zlib_compress(compressor, $0.baseAddress, $0.count, buffer.baseAddress, bound)
            }
        }
        if bytes.isEmpty { return nil }
    }

    /// Takes over what the catalogue holds.
    package init(stored bytes: [UInt8]) { self.bytes = bytes }

    /// The text; nil where it is damaged, or longer than `limit` bytes.
    package func text(limit: Int = 64 << 20) -> [UInt8]? {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return nil }
        defer { unsafe libdeflate_free_decompressor(decompressor) }
        var capacity = min(limit, max(4096, bytes.count * 4))
        while true {
            var result = LIBDEFLATE_BAD_DATA
            let text = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                var length = 0
                result = unsafe bytes.withUnsafeBytes {
                    unsafe libdeflate_zlib_decompress(
                        decompressor, $0.baseAddress, $0.count, buffer.baseAddress, capacity, &length)
                }
                count = result == LIBDEFLATE_SUCCESS ? length : 0
            }
            if result == LIBDEFLATE_SUCCESS { return text }
            guard result == LIBDEFLATE_INSUFFICIENT_SPACE, capacity < limit else { return nil }
            capacity = min(limit, capacity * 4)
        }
    }
}
