internal import Glibc
internal import LinuxSystem

/// Reads one file block by block and leaves the page cache as it found it.
///
/// With RWF_DONTCACHE the kernel sees to that. Without, blocks of which nothing was cached before the first read are
/// dropped again, and those of which anything was cached stay: another program may be about to load the model.
struct BlockReader {
    /// How files are read.
    struct Options: Sendable {
        /// Bytes. Drives give their best from two mebibytes on, and more only takes memory; tests take less.
        var blockSize = 2 << 20
        /// Whether to try RWF_DONTCACHE.
        var uncached = true
        /// For tests: a look at the file before each read.
        var beforeRead: (@Sendable (_ offset: Int64) -> Void)?
    }

    private let path: FilePath
    private let size: Int64
    private let options: Options
    private var uncached: Bool
    /// Per block whether to leave it in the page cache; nil: all of them.
    private var keptBlocks: [Bool]?
    private let file: any FileToHash
    private let governor: ReadingGovernor

    init(
        _ descriptor: borrowing FileDescriptor, of file: any FileToHash, size: Int64, options: Options,
        governor: ReadingGovernor
    ) {
        self.file = file
        self.governor = governor
        path = file.path
        self.size = size
        self.options = options
        uncached = options.uncached
        if !uncached { keptBlocks = descriptor.cachedBlocks(blockSize: options.blockSize, size: size) }
    }

    /// Fills `buffer` with the bytes at `offset`, a multiple of the block size; fewer only at the end of the file.
    /// Throws `SystemError`, or `HashingError.cancelled` when the file is given up before a piece may be read.
    mutating func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from descriptor: borrowing FileDescriptor, at offset: Int64
    ) throws -> Int {
        options.beforeRead?(offset)
        var filled = 0
        while filled < buffer.count {
            let count = governor.piece(of: buffer.count - filled)
            try governor.admit(count, file.control)
            let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<(filled + count)])
            var got = 0
            file.meter.begin()
            defer { file.meter.end(bytes: got) }
            got = try unsafe read(into: piece, from: descriptor, at: offset + Int64(filled))
            if got == 0 { break }
            filled += got
        }
        if let keptBlocks, let block = Int(exactly: offset / Int64(options.blockSize)),
            keptBlocks.indices.contains(block), !keptBlocks[block]
        {
            descriptor.dropFromPageCache(offset: offset, count: filled)
        }
        return filled
    }

    /// True when there is no byte at `size`.
    mutating func endsWhereExpected(_ descriptor: borrowing FileDescriptor) throws(SystemError) -> Bool {
        options.beforeRead?(size)
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
                keptBlocks = descriptor.cachedBlocks(blockSize: options.blockSize, size: size)
            }
        }
        return try unsafe descriptor.read(into: buffer, at: offset, uncached: false, shown: path)
    }
}
