/// A file that is being hashed: what has been read of it, and how far it is.
struct HashingLane {
    let file: any FileToHash
    let reader: ReaderThread
    private(set) var outcome: Result<Digests, any Error>?
    /// True when the reader has told the end of the file, and so makes no call for it any more.
    private(set) var isReaderFree = false
    private var digester: FileDigester?
    private var block: ReaderThread.Block?
    /// Bytes of the block that are done.
    private var position = 0

    init(_ file: any FileToHash, _ reader: ReaderThread) {
        self.file = file
        self.reader = reader
    }

    /// True when there is something to do.
    var isReady: Bool { block != nil || outcome != nil || file.control.isCancelled || reader.hasDelivery }

    /// Bytes that have been read and not yet hashed.
    var remaining: Int { outcome == nil ? (block?.count ?? 0) - position : 0 }

    /// Takes what the reader has, up to the next block.
    mutating func fetch() {
        do {
            try file.control.check()
            while outcome == nil, block == nil, let delivery = reader.take() {
                switch delivery {
                case .plan(let plan): digester = try FileDigester(plan: plan)
                case .block(let read):
                    block = read
                    position = 0
                case .end(let result):
                    isReaderFree = true
                    try result.get()
                    guard let digester else { throw HashingError.cancelled }
                    outcome = .success(try digester.finish())
                }
            }
        } catch {
            outcome = .failure(error)
        }
    }

    /// Hashes so many of the remaining bytes.
    mutating func hash(count: Int) {
        guard let digester, let bytes = unsafe bytes(count) else { return }
        do {
            try unsafe digester.update(bytes)
            advance(by: count)
        } catch {
            outcome = .failure(error)
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
            lanes[first].outcome = .failure(error)
            lanes[second].outcome = .failure(error)
        }
    }

    private func bytes(_ count: Int) -> UnsafeRawBufferPointer? {
        guard let block else { return nil }
        return unsafe UnsafeRawBufferPointer(rebasing: block.buffer.bytes[position..<(position + count)])
    }

    private mutating func advance(by count: Int) {
        file.control.advance(by: count)
        position += count
        guard let block, position == block.count else { return }
        reader.recycle(block)
        self.block = nil
        position = 0
    }
}
