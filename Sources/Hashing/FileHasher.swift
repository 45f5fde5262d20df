internal import Glibc
package import LinuxSystem

/// Computes the digests of open files, one at a time; each hashing thread has its own.
///
/// It holds two blocks of memory, whatever the size of the files. Files of more than one block are read by a second
/// thread, which inherits the caller's scheduling and I/O class.
package final class FileHasher {
    /// Work between two looks at the control: below 10 ms even without SHA instructions.
    private static let sliceSize = 1 << 20

    private let blockSize: Int
    private let uncached: Bool
    private let beforeRead: (@Sendable (_ offset: Int64) -> Void)?
    private var buffers: [BlockBuffer] = []

    package convenience init() { self.init(blockSize: 4 << 20) }

    /// For tests: smaller blocks, a kernel without RWF_DONTCACHE, and a look at the file before each read.
    init(blockSize: Int, uncached: Bool = true, beforeRead: (@Sendable (_ offset: Int64) -> Void)? = nil) {
        self.blockSize = blockSize
        self.uncached = uncached
        self.beforeRead = beforeRead
    }

    /// Reads the whole file once and returns its digests.
    ///
    /// Throws `HashingError`, of which `changed` also when the file does not end at the size of the plan, and
    /// `SystemError` with the offset when reading fails. Blocks; call it on a thread of its own.
    package func hash(
        _ descriptor: borrowing FileDescriptor, path: FilePath, plan: DigestPlan, control: HashingControl
    ) throws -> Digests {
        guard let size = Int64(exactly: plan.size) else { throw HashingError.changed(expectedSize: plan.size) }
        try control.check()
        let reader = BlockReader(
            descriptor, path: path, size: size, blockSize: blockSize, uncached: uncached, beforeRead: beforeRead)
        let digester = try FileDigester(plan: plan)
        if size <= blockSize {
            try hashOneBlock(descriptor, reader, plan, into: digester, control)
        } else {
            try hashBlocks(descriptor, path, reader, size, into: digester, control)
        }
        return try digester.finish()
    }

    private func hashOneBlock(
        _ descriptor: borrowing FileDescriptor, _ initial: BlockReader, _ plan: DigestPlan,
        into digester: FileDigester, _ control: HashingControl
    ) throws {
        var reader = initial
        let buffer = try makeBuffers(1)[0]
        let wanted = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<Int(plan.size)])
        let count = try unsafe reader.fill(wanted, from: descriptor, at: 0)
        guard count == wanted.count, try reader.endsWhereExpected(descriptor) else {
            throw HashingError.changed(expectedSize: plan.size)
        }
        try unsafe feed(UnsafeRawBufferPointer(wanted), into: digester, control)
    }

    private func hashBlocks(
        _ descriptor: borrowing FileDescriptor, _ path: FilePath, _ reader: BlockReader, _ size: Int64,
        into digester: FileDigester, _ control: HashingControl
    ) throws {
        let readAhead = try ReadAhead.start(
            descriptor, path: path, reader: reader, size: size, buffers: makeBuffers(2), condition: control.condition)
        // A read that is still under way keeps its buffers; the next file gets new ones.
        defer { if !readAhead.abandon() { buffers = [] } }
        while let block = try readAhead.next(control) {
            try unsafe feed(
                UnsafeRawBufferPointer(rebasing: block.buffer.bytes[..<block.count]), into: digester, control)
            readAhead.recycle(block)
        }
    }

    private func feed(
        _ block: UnsafeRawBufferPointer, into digester: FileDigester, _ control: HashingControl
    ) throws(HashingError) {
        var start = 0
        while start < block.count {
            try control.check()
            let end = min(block.count, start + Self.sliceSize)
            try unsafe digester.update(UnsafeRawBufferPointer(rebasing: block[start..<end]))
            control.advance(by: end - start)
            start = end
        }
    }

    private func makeBuffers(_ count: Int) throws(SystemError) -> [BlockBuffer] {
        while buffers.count < count {
            guard let buffer = BlockBuffer(count: blockSize) else {
                throw SystemError(Errno(rawValue: ENOMEM), call: "posix_memalign")
            }
            buffers.append(buffer)
        }
        return buffers
    }
}
