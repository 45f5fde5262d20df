/// A large file that is being hashed, with what has been read of it; or small ones, which their reader hashes.
struct HashingLane {
    /// How it has come to an end.
    enum End {
        /// The outcome of a large file.
        case file(any FileToHash, Result<Digests, any Error>)
        /// The reader has told of every file.
        case allTold
        /// The file that is being read was cancelled.
        case givenUp
    }

    let reader: ReaderThread
    /// Called when the files have ended.
    let done: @Sendable () -> Void
    private let files: [any FileToHash]
    private(set) var end: End?
    /// True when the reader makes no call any more.
    private(set) var isReaderFree = false
    private var digester: FileDigester?
    private var block: ReaderThread.Block?
    /// Bytes of the block that are done.
    private var position = 0

    init(_ files: [any FileToHash], _ reader: ReaderThread, done: @escaping @Sendable () -> Void) {
        self.files = files
        self.done = done
        self.reader = reader
    }

    /// True when there is something to do.
    var isReady: Bool { block != nil || end != nil || reader.needsAttention }

    /// Bytes that have been read and not yet hashed.
    var remaining: Int { end == nil ? (block?.count ?? 0) - position : 0 }

    /// Takes what the reader has, up to the next block.
    mutating func fetch() {
        if reader.isCancelled {
            end = .givenUp
            return
        }
        while end == nil, block == nil, let delivery = reader.take() {
            switch delivery {
            case .plan(let plan): attempt { $0.digester = try FileDigester(plan: plan) }
            case .block(let read):
                block = read
                position = 0
            case .end(let result):
                isReaderFree = true
                attempt { lane in
                    try result.get()
                    guard let digester = lane.digester, let file = lane.files.first else {
                        throw HashingError.cancelled
                    }
                    lane.end = .file(file, .success(try digester.finish()))
                }
            case .allTold:
                isReaderFree = true
                end = .allTold
            }
        }
    }

    /// Does something for the large file; what it throws is the outcome.
    private mutating func attempt(_ body: (inout HashingLane) throws -> Void) {
        do {
            try body(&self)
        } catch {
            end = files.first.map { .file($0, .failure(error)) } ?? .givenUp
        }
    }

    /// Hashes so many of the remaining bytes.
    mutating func hash(count: Int) {
        guard let digester, let bytes = unsafe bytes(count) else { return }
        attempt { lane in
            try unsafe digester.update(bytes)
            lane.advance(by: count)
        }
    }

    /// Hashes so many of the remaining bytes of two files at once.
    static func hash(_ lanes: inout [HashingLane], _ first: Int, _ second: Int, count: Int) {
        guard let one = lanes[first].digester, let other = lanes[second].digester,
            let bytes = unsafe lanes[first].bytes(count), let others = unsafe lanes[second].bytes(count)
        else { return }
        do {
            try unsafe FileDigester.update(one, bytes, other, others)
            lanes[first].advance(by: count)
            lanes[second].advance(by: count)
        } catch {
            for index in [first, second] { lanes[index].attempt { _ in throw error } }
        }
    }

    private func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        guard let block else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: block.buffer.bytes[position..<(position + count)])
    }

    private mutating func advance(by count: Int) {
        files.first?.control.advance(by: count)
        position += count
        guard let block, position == block.count else { return }
        reader.recycle(block)
        self.block = nil
        position = 0
    }
}
