internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A thread that reads files, one after the other, into blocks of memory that a hashing thread takes.
///
/// Every call that may hang with a dead drive is made here. The hashing thread never waits for one: it dismisses the
/// thread, which keeps what it still needs and ends by itself when the drive lets go of it.
///
/// Files of one block at most it hashes by itself: on a busy machine a thread of the idle class gets a few milliseconds a
/// second, and handing each small file to another one would take that long.
final class ReaderThread: Sendable {
    /// What the hashing thread gets of a large file, in this order.
    enum Delivery {
        case plan(DigestPlan)
        case block(Block)
        /// The file was read to its end and found unchanged, or not. Nothing follows.
        case end(Result<Void, any Error>)
        /// All of the small files have been told of. Nothing follows.
        case allTold
    }

    /// Bytes that were read.
    struct Block {
        let buffer: BlockBuffer
        let count: Int
    }

    private struct State {
        /// What the thread was given and has not told of; it is at the first one.
        var files: [any FileToHash] = []
        var hasOrders = false
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
    private let ended: @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    private let wanted = Condition()
    private let state = Mutex(State())

    /// Starts the thread, which has the scheduling and I/O class of the caller.
    ///
    /// - Parameter ended: takes the outcome of a small file.
    init(
        _ options: BlockReader.Options, governor: ReadingGovernor, hasher: Condition,
        ended: @escaping @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    ) throws(SystemError) {
        self.options = options
        self.governor = governor
        self.hasher = hasher
        self.ended = ended
        _ = try SystemThread(name: "file-reader") { [self] in
            while waitForOrders() { while let file = nextFile() { perform(file) } }
        }
    }

    // MARK: - The hashing thread's side

    /// Has one file read, or several small ones. Those before must have ended, with all of their blocks given back.
    func begin(_ files: [any FileToHash]) {
        state.withLock { state in
            state.files = files
            state.hasOrders = true
        }
        wanted.broadcast()
    }

    /// True when there is something to take, or when the file was cancelled that is being read.
    var needsAttention: Bool {
        state.withLock { !$0.deliveries.isEmpty || $0.files.first?.control.isCancelled == true }
    }

    /// True when the file was cancelled that is being read, so that the thread is worth no more waiting.
    var isCancelled: Bool { state.withLock { $0.files.first?.control.isCancelled == true } }

    /// What comes next; nil when it is not there yet.
    func take() -> Delivery? { state.withLock { $0.deliveries.isEmpty ? nil : $0.deliveries.removeFirst() } }

    /// Gives a block back to be filled again.
    func recycle(_ block: Block) {
        state.withLock { $0.free.append(block.buffer) }
        wanted.broadcast()
    }

    /// Tells the thread to end, after the call that it hangs in.
    ///
    /// - Returns: the files that it has not told of and will not.
    @discardableResult
    func dismiss() -> [any FileToHash] {
        defer { wanted.broadcast() }
        return state.withLock { state in
            defer { state.files = [] }
            state.isDismissed = true
            return state.files
        }
    }

    // MARK: - The thread's own side

    /// False when there will be none.
    private func waitForOrders() -> Bool {
        wanted.wait { state.withLock { $0.hasOrders || $0.isDismissed } }
        return state.withLock { state in
            state.hasOrders = false
            return !state.isDismissed
        }
    }

    private func nextFile() -> (any FileToHash)? { state.withLock { $0.files.first } }

    private func perform(_ file: any FileToHash) {
        file.control.wakes(hasher)
        file.control.wakes(wanted)
        file.control.hasBegun = true
        if file.size <= options.blockSize {
            let result = Result { try hashWhole(file) }
            file.letGo()
            guard let isLast = forget(file) else { return }
            ended(file, result)
            if isLast { deliver(.allTold) }
        } else {
            let end = Result { try readBlocks(of: file) }
            file.letGo()
            guard forget(file) != nil else { return }
            deliver(.end(end))
        }
    }

    /// The file is told of; true if it was the last one, nil if somebody else has told of it meanwhile.
    private func forget(_ file: any FileToHash) -> Bool? {
        state.withLock { state in
            guard state.files.first === file else { return nil }
            state.files.removeFirst()
            return state.files.isEmpty
        }
    }

    private func deliver(_ delivery: Delivery) {
        state.withLock { $0.deliveries.append(delivery) }
        hasher.broadcast()
    }

    private func hashWhole(_ file: any FileToHash) throws -> Digests {
        try read(file) { plan, reader, descriptor in
            let digester = try FileDigester(plan: plan)
            let buffer = try freeBuffer(for: file)
            defer { state.withLock { $0.free.append(buffer) } }
            guard plan.size <= UInt64(options.blockSize) else { throw HashingError.changed(expectedSize: plan.size) }
            let wanted = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<Int(plan.size)])
            let count = try unsafe reader.fill(wanted, from: descriptor, at: 0)
            guard count == wanted.count else { throw HashingError.changed(expectedSize: plan.size) }
            try unsafe digester.update(UnsafeRawBufferPointer(wanted))
            file.control.advance(by: count)
            return try digester.finish()
        }
    }

    private func readBlocks(of file: any FileToHash) throws {
        try read(file) { plan, reader, descriptor in
            deliver(.plan(plan))
            var offset: Int64 = 0
            let size = Int64(clamping: plan.size)
            while offset < size {
                let buffer = try freeBuffer(for: file)
                let wanted = unsafe Int(min(Int64(buffer.bytes.count), size - offset))
                let count = try unsafe reader.fill(
                    UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<wanted]), from: descriptor, at: offset)
                guard count == wanted else { throw HashingError.changed(expectedSize: plan.size) }
                offset += Int64(count)
                deliver(.block(Block(buffer: buffer, count: count)))
            }
        }
    }

    /// What is the same for all files: the looks at it before its first and after its last byte.
    private func read<Outcome>(
        _ file: any FileToHash,
        _ body: (DigestPlan, inout BlockReader, borrowing FileDescriptor) throws -> Outcome
    ) throws -> Outcome {
        governor.enter(file.control)
        defer { governor.leave(file.control) }
        try governor.admit(0, file.control)
        let descriptor = try file.open()
        let plan = try file.plan(descriptor)
        guard let size = Int64(exactly: plan.size) else { throw HashingError.changed(expectedSize: plan.size) }
        var reader = BlockReader(descriptor, of: file, size: size, options: options, governor: governor)
        let outcome = try body(plan, &reader, descriptor)
        guard try reader.endsWhereExpected(descriptor) else { throw HashingError.changed(expectedSize: plan.size) }
        try file.check(descriptor)
        return outcome
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
