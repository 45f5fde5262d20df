internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A thread that reads files, one after the other, into blocks of memory that a hashing thread takes.
///
/// Every call that may hang with a dead drive is made here. The hashing thread never waits for one: it dismisses the
/// thread, which keeps what it still needs and ends by itself when the drive lets go of it.
final class ReaderThread: Sendable {
    /// What the hashing thread gets of a file, in this order.
    enum Delivery {
        case plan(DigestPlan)
        case block(Block)
        /// Nothing follows; the file was read to its end and found unchanged, or not.
        case end(Result<Void, any Error>)
    }

    /// Bytes that were read.
    struct Block {
        let buffer: BlockBuffer
        let count: Int
    }

    private struct State {
        var file: (any FileToHash)?
        var deliveries: [Delivery] = []
        var free: [BlockBuffer] = []
        /// Buffers are made when they are needed first: a small file needs only one.
        var bufferCount = 0
        var isDismissed = false
    }

    /// One block is hashed while the other one is read.
    private static let buffersPerFile = 2

    private let options: BlockReader.Options
    private let governor: ReadingGovernor
    /// What the hashing thread waits on.
    private let hasher: Condition
    private let wanted = Condition()
    private let state = Mutex(State())

    /// Starts the thread, which has the scheduling and I/O class of the caller.
    init(_ options: BlockReader.Options, governor: ReadingGovernor, hasher: Condition) throws(SystemError) {
        self.options = options
        self.governor = governor
        self.hasher = hasher
        _ = try SystemThread(name: "file-reader") { [self] in
            while let file = nextFile() {
                let end = Result { try read(file) }
                file.letGo()
                deliver(.end(end))
            }
        }
    }

    // MARK: - The hashing thread's side

    /// Has a file read. The one before must have ended, with all of its blocks given back.
    func begin(_ file: any FileToHash) {
        file.control.wakes(hasher)
        file.control.wakes(wanted)
        state.withLock { $0.file = file }
        wanted.broadcast()
    }

    /// True when there is something to take.
    var hasDelivery: Bool { state.withLock { !$0.deliveries.isEmpty } }

    /// What comes next of the file; nil when it is not there yet.
    func take() -> Delivery? { state.withLock { $0.deliveries.isEmpty ? nil : $0.deliveries.removeFirst() } }

    /// Gives a block back to be filled again.
    func recycle(_ block: Block) {
        state.withLock { $0.free.append(block.buffer) }
        wanted.broadcast()
    }

    /// Tells the thread to end, after the call that it hangs in.
    func dismiss() {
        state.withLock { $0.isDismissed = true }
        wanted.broadcast()
    }

    // MARK: - The thread's own side

    private func nextFile() -> (any FileToHash)? {
        var file: (any FileToHash)?
        wanted.wait {
            state.withLock { state in
                file = state.isDismissed ? nil : state.file
                state.file = nil
                return file != nil || state.isDismissed
            }
        }
        return file
    }

    private func deliver(_ delivery: Delivery) {
        state.withLock { $0.deliveries.append(delivery) }
        hasher.broadcast()
    }

    private func read(_ file: any FileToHash) throws {
        governor.enter(file.control)
        defer { governor.leave(file.control) }
        try governor.admit(0, file.control)
        let descriptor = try file.open()
        let plan = try file.plan(descriptor)
        guard let size = Int64(exactly: plan.size) else { throw HashingError.changed(expectedSize: plan.size) }
        deliver(.plan(plan))
        var reader = BlockReader(
            descriptor, of: file, size: size, options: options, governor: governor)
        var offset: Int64 = 0
        while offset < size {
            let buffer = try freeBuffer(for: file)
            let wanted = unsafe Int(min(Int64(buffer.bytes.count), size - offset))
            let count = try unsafe reader.fill(
                UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<wanted]), from: descriptor, at: offset)
            guard count == wanted else { throw HashingError.changed(expectedSize: plan.size) }
            offset += Int64(count)
            deliver(.block(Block(buffer: buffer, count: count)))
        }
        guard try reader.endsWhereExpected(descriptor) else { throw HashingError.changed(expectedSize: plan.size) }
        try file.check(descriptor)
    }

    private func freeBuffer(for file: any FileToHash) throws -> BlockBuffer {
        let mayMakeOne = state.withLock { $0.free.isEmpty && $0.bufferCount < Self.buffersPerFile }
        if mayMakeOne {
            guard let buffer = BlockBuffer(count: options.blockSize) else {
                throw SystemError(Errno(rawValue: ENOMEM), call: "posix_memalign")
            }
            state.withLock { $0.bufferCount += 1 }
            return buffer
        }
        var buffer: BlockBuffer?
        wanted.wait {
            state.withLock { state in
                if state.isDismissed || file.control.isCancelled { return true }
                buffer = state.free.popLast()
                return buffer != nil
            }
        }
        guard let buffer else { throw HashingError.cancelled }
        return buffer
    }
}
