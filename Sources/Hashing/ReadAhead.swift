internal import LinuxSystem
internal import Synchronization

/// A thread that reads the next block of a file while the last one is being hashed.
///
/// It owns its descriptor and shares the ownership of the buffers, so the hashing thread may leave at any time, even
/// while a read hangs on a dead drive: what the read still needs lives until it returns.
final class ReadAhead: Sendable {
    /// A block that has been read.
    struct Block { let buffer: BlockBuffer, count: Int }

    private struct State {
        var free: [BlockBuffer]
        var filled: [Block] = []
        var abandoned = false
        /// Set when the reading thread will touch no buffer any more.
        var end: Result<Void, any Error>?
    }

    private let state: Mutex<State>
    /// That of the file's `HashingControl`.
    private let condition: Condition
    private let descriptor: FileDescriptor
    private let size: Int64

    private init(descriptor: consuming FileDescriptor, size: Int64, buffers: [BlockBuffer], condition: Condition) {
        self.descriptor = descriptor
        self.size = size
        self.condition = condition
        state = Mutex(State(free: buffers))
    }

    /// Starts reading; the thread has the scheduling and I/O class of the caller.
    static func start(
        _ descriptor: borrowing FileDescriptor, path: FilePath, reader: BlockReader, size: Int64,
        buffers: [BlockBuffer], condition: Condition
    ) throws(SystemError) -> ReadAhead {
        let own = try descriptor.duplicate(shown: path)
        let readAhead = ReadAhead(descriptor: own, size: size, buffers: buffers, condition: condition)
        _ = try SystemThread(name: "file-reader") { readAhead.run(reader) }
        return readAhead
    }

    /// The next block in order; nil after the last one. Throws what reading threw, or `cancelled`.
    func next(_ control: HashingControl) throws -> Block? {
        condition.wait { control.isCancelled || state.withLock { !$0.filled.isEmpty || $0.end != nil } }
        try control.check()
        return try state.withLock { state in
            if !state.filled.isEmpty { return state.filled.removeFirst() }
            try state.end?.get()
            return nil
        }
    }

    /// Gives a block back to be filled again.
    func recycle(_ block: Block) {
        state.withLock { $0.free.append(block.buffer) }
        condition.broadcast()
    }

    /// Tells the thread to stop after the read under way; true when it touches no buffer any more.
    func abandon() -> Bool {
        defer { condition.broadcast() }
        return state.withLock { state in
            state.abandoned = true
            return state.end != nil
        }
    }

    private func run(_ reader: BlockReader) {
        let end = Result { try readAll(reader) }
        state.withLock { $0.end = end }
        condition.broadcast()
    }

    private func readAll(_ initial: BlockReader) throws {
        var reader = initial
        var offset: Int64 = 0
        while offset < size {
            condition.wait { state.withLock { !$0.free.isEmpty || $0.abandoned } }
            let buffer = state.withLock { $0.abandoned ? nil : $0.free.popLast() }
            guard let buffer else { return }
            let wanted = unsafe Int(min(Int64(buffer.bytes.count), size - offset))
            let count = try unsafe reader.fill(
                UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<wanted]), from: descriptor, at: offset)
            guard count == wanted else { throw HashingError.changed(expectedSize: UInt64(size)) }
            offset += Int64(count)
            state.withLock { $0.filled.append(Block(buffer: buffer, count: count)) }
            condition.broadcast()
        }
        guard try reader.endsWhereExpected(descriptor) else {
            throw HashingError.changed(expectedSize: UInt64(size))
        }
    }
}
