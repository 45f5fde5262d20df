/// Hands out the bytes of a part of a file one after the other, in bounded memory.
///
/// What is skipped is not read, so a stream may step over gigabytes.
struct ByteStream {
    enum Fault: Error {
        /// The bytes ended.
        case ended
        /// More had to be read than is allowed.
        case exhausted
    }

    /// Reading begins with little, since after a skip often little is wanted.
    private static let smallestChunk = 4096
    private static let largestChunk = 64 * 1024

    let end: UInt64
    /// Bytes that may still be read.
    private(set) var allowance: Int
    private let fetch: (UInt64, Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var bufferOffset: UInt64
    private var position = 0
    private var chunkSize = ByteStream.smallestChunk

    /// - Parameter fetch: returns so many bytes at an offset; is only asked for bytes of `range`, at most 64 KiB at once.
    init(range: Range<UInt64>, allowance: Int = .max, fetch: @escaping (UInt64, Int) throws -> [UInt8]) {
        end = range.upperBound
        bufferOffset = range.lowerBound
        self.allowance = allowance
        self.fetch = fetch
    }

    /// A stream of bytes that are in memory already.
    init(_ bytes: [UInt8]) {
        end = UInt64(bytes.count)
        bufferOffset = 0
        allowance = .max
        fetch = { _, _ in throw Fault.ended }
        buffer = bytes
    }

    /// Where the next byte lies.
    var offset: UInt64 { bufferOffset + UInt64(position) }

    var remaining: UInt64 { end - offset }

    mutating func next() throws -> UInt8 {
        if position == buffer.count { try refill() }
        let byte = buffer[position]
        position += 1
        return byte
    }

    /// Puts the next `count` bytes at the end of `bytes`.
    mutating func read(_ count: Int, into bytes: inout [UInt8]) throws {
        guard UInt64(count) <= remaining else { throw Fault.ended }
        var missing = count
        while missing > 0 {
            if position == buffer.count { try refill() }
            let piece = min(missing, buffer.count - position)
            bytes.append(contentsOf: buffer[position..<position + piece])
            position += piece
            missing -= piece
        }
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(count, into: &bytes)
        return bytes
    }

    /// Reads an unsigned number of at most eight bytes, least significant byte first.
    mutating func number(bytes count: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<UInt64(count) { value |= UInt64(try next()) << (8 * index) }
        return value
    }

    mutating func skip(_ count: UInt64) throws {
        guard count <= remaining else { throw Fault.ended }
        let buffered = UInt64(buffer.count - position)
        if count <= buffered {
            position += Int(count)
        } else {
            bufferOffset = offset + count
            buffer = []
            position = 0
            chunkSize = Self.smallestChunk
        }
    }

    private mutating func refill() throws {
        bufferOffset += UInt64(buffer.count)
        buffer = []
        position = 0
        let wanted = Int(min(UInt64(chunkSize), end - bufferOffset))
        guard wanted > 0 else { throw Fault.ended }
        guard wanted <= allowance else { throw Fault.exhausted }
        allowance -= wanted
        chunkSize = min(chunkSize * 2, Self.largestChunk)
        buffer = try fetch(bufferOffset, wanted)
        guard buffer.count == wanted else {
            buffer = []
            throw ModelFormatError(.incomplete(promised: end), "the file became shorter while it was read")
        }
    }
}
