/// Numbers and runs of bytes from the beginning of a file, read in order and in chunks of bounded size.
///
/// What is skipped is not read where it lies outside of the chunk at hand.
struct BinaryStream {
    /// Returns `count` bytes at `offset` of the file; fewer only at its end.
    typealias Fetch = (_ offset: UInt64, _ count: Int) throws -> [UInt8]

    private let fetch: Fetch
    private let chunkSize: Int
    private let fileSize: UInt64
    /// How far reading may go.
    private let limit: UInt64
    /// The chunk at hand, where it begins in the file, and how far it has been read.
    private var buffer: [UInt8] = []
    private var bufferOffset: UInt64 = 0
    private var position = 0

    /// True when numbers have their most significant byte first.
    var isBigEndian = false

    /// A file of `fileSize` bytes, of which no more than the first `limit` are looked at, `chunkSize` at a time.
    init(fileSize: UInt64, limit: UInt64, chunkSize: Int = 64 * 1024, fetch: @escaping Fetch) {
        self.fetch = fetch
        self.chunkSize = chunkSize
        self.fileSize = fileSize
        self.limit = limit
    }

    /// Where the next byte stands in the file.
    var offset: UInt64 { bufferOffset + UInt64(position) }

    /// Reads a number in the byte order of the file.
    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws -> Number {
        let size = MemoryLayout<Number>.size
        if buffer.count - position < size { try refill(needed: size) }
        let raw = unsafe buffer.withUnsafeBytes { bytes in
            // The bytes are there: `refill` has seen to it, or has thrown.
            unsafe bytes.loadUnaligned(fromByteOffset: position, as: Number.self)
        }
        position += size
        return isBigEndian ? Number(bigEndian: raw) : Number(littleEndian: raw)
    }

    /// Appends the next `count` bytes to `bytes`.
    mutating func take(_ count: Int, into bytes: inout [UInt8]) throws {
        guard count > 0 else { return }
        try check(UInt64(count))
        var missing = count
        while missing > 0 {
            if position == buffer.count { try refill(needed: 1) }
            let piece = min(missing, buffer.count - position)
            bytes.append(contentsOf: buffer[position..<position + piece])
            position += piece
            missing -= piece
        }
    }

    /// Steps over bytes.
    mutating func skip(_ count: UInt64) throws {
        if count <= UInt64(buffer.count - position) {
            position += Int(count)
            return
        }
        try check(count)
        bufferOffset = offset + count
        buffer = []
        position = 0
    }

    /// Throws when so many more bytes are more than the file has or than may be looked at.
    func check(_ count: UInt64) throws(ModelFormatError) {
        let (end, overflow) = offset.addingReportingOverflow(count)
        if overflow || end > limit {
            throw .invalid("the header claims to go on beyond byte \(limit), and no model's does")
        }
        if end > fileSize {
            throw ModelFormatError(
                .incomplete(promised: end), "the header goes on, but the whole file has only \(fileSize) bytes")
        }
    }

    /// Makes sure that `needed` bytes, a few only, stand in the chunk at hand.
    private mutating func refill(needed: Int) throws {
        try check(UInt64(needed))
        let rest = buffer[position...]
        let start = offset + UInt64(rest.count)
        let wanted = Int(min(UInt64(chunkSize - rest.count), min(fileSize, limit) - start))
        let chunk = try fetch(start, wanted)
        guard chunk.count == wanted else {
            throw ModelFormatError(
                .incomplete(promised: start + UInt64(wanted)), "the file became shorter while it was read")
        }
        bufferOffset = offset
        position = 0
        buffer = rest.isEmpty ? chunk : rest + chunk
    }
}
