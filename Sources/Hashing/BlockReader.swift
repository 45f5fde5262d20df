internal import Glibc
internal import LinuxSystem

/// Reads one file block by block and leaves the page cache as it found it.
///
/// With RWF_DONTCACHE the kernel sees to that. Without, blocks of which nothing was cached before the first read are
/// dropped again, and those of which anything was cached stay: another program may be about to load the model.
struct BlockReader {
    private let path: FilePath
    private let size: Int64
    private let blockSize: Int
    private var uncached: Bool
    /// Per block whether to leave it in the page cache; nil: all of them.
    private var keptBlocks: [Bool]?
    private let beforeRead: (@Sendable (_ offset: Int64) -> Void)?

    init(
        _ descriptor: borrowing FileDescriptor, path: FilePath, size: Int64, blockSize: Int, uncached: Bool,
        beforeRead: (@Sendable (Int64) -> Void)?
    ) {
        self.path = path
        self.size = size
        self.blockSize = blockSize
        self.uncached = uncached
        self.beforeRead = beforeRead
        if !uncached { keptBlocks = descriptor.cachedBlocks(blockSize: blockSize, size: size) }
    }

    /// Fills `buffer` with the bytes at `offset`, a multiple of the block size; fewer only at the end of the file.
    mutating func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from descriptor: borrowing FileDescriptor, at offset: Int64
    ) throws(SystemError) -> Int {
        beforeRead?(offset)
        var filled = 0
        while filled < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let got = try unsafe read(into: rest, from: descriptor, at: offset + Int64(filled))
            if got == 0 { break }
            filled += got
        }
        if let keptBlocks, let block = Int(exactly: offset / Int64(blockSize)),
            keptBlocks.indices.contains(block), !keptBlocks[block]
        {
            descriptor.dropFromPageCache(offset: offset, count: filled)
        }
        return filled
    }

    /// True when there is no byte at `size`.
    mutating func endsWhereExpected(_ descriptor: borrowing FileDescriptor) throws(SystemError) -> Bool {
        beforeRead?(size)
        var byte: UInt8 = 0
        // typed throws do not cross withUnsafeMutableBytes, so the outcome is a value.
        let outcome: Result<Int, SystemError> = unsafe withUnsafeMutableBytes(of: &byte) { buffer in
            do throws(SystemError) {
                return .success(try unsafe descriptor.read(into: buffer, at: size, uncached: false, shown: path))
            } catch { return .failure(error) }
        }
        return try outcome.get() == 0
    }

    /// Probes RWF_DONTCACHE with the first read of each file: file systems differ, and kernel 6.15 had it switched off.
    private mutating func read(
        into buffer: UnsafeMutableRawBufferPointer, from descriptor: borrowing FileDescriptor, at offset: Int64
    ) throws(SystemError) -> Int {
        if uncached {
            do throws(SystemError) {
                return try unsafe descriptor.read(into: buffer, at: offset, uncached: true, shown: path)
            } catch {
                guard [EOPNOTSUPP, EINVAL, ENOSYS].contains(error.errno.rawValue) else { throw error }
                uncached = false
                keptBlocks = descriptor.cachedBlocks(blockSize: blockSize, size: size)
            }
        }
        return try unsafe descriptor.read(into: buffer, at: offset, uncached: false, shown: path)
    }
}
