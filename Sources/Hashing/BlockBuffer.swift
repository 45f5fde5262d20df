internal import Glibc

/// Page-aligned memory for one block of a file.
///
/// `@unchecked Sendable`: only the address is shared. `ReaderThread` hands each buffer back and forth under its lock, so
/// that at any time either the reading or the hashing thread touches the memory, never both.
@safe final class BlockBuffer: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    /// nil when there is no memory left.
    init?(count: Int) {
        var memory: UnsafeMutableRawPointer?
        guard unsafe posix_memalign(&memory, 4096, count) == 0 else { return nil }
        unsafe bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)
    }

    deinit { unsafe free(bytes.baseAddress) }
}
