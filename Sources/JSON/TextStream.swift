/// A text inside a file, read in chunks of bounded size and checked for UTF-8 on the way.
package struct TextStream {
    /// Returns `count` bytes at `offset` of the file; fewer only at its end.
    package typealias Fetch = (_ offset: UInt64, _ count: Int) throws -> [UInt8]

    /// What is being read, for messages.
    package let subject: String
    private let fetch: Fetch
    private let chunkSize: Int
    /// Where the text ends in the file.
    private let end: UInt64
    /// The part of the text at hand, where it begins in the file, and how far it has been read.
    private var buffer: [UInt8] = []
    private var bufferOffset: UInt64
    private var position = 0
    private var utf8 = UTF8Validator()
    private var recording: Recording?

    /// A copy of what is read, up to a limit.
    private struct Recording {
        var text: [UInt8] = []
        let limit: Int
        /// Where in the buffer the part begins that is not in `text` yet.
        var start: Int
        var fits = true

        mutating func append(_ bytes: ArraySlice<UInt8>) {
            fits = fits && text.count + bytes.count <= limit
            if fits { text.append(contentsOf: bytes) }
        }
    }

    /// The text at `range` of the file, of which `chunkSize` bytes at most are in memory.
    package init(
        range: Range<UInt64>, chunkSize: Int = 64 * 1024, subject: String = "the header", fetch: @escaping Fetch
    ) {
        self.subject = subject
        self.fetch = fetch
        self.chunkSize = chunkSize
        bufferOffset = range.lowerBound
        end = range.upperBound
    }

    /// Where the next byte stands in the file.
    var offset: UInt64 { bufferOffset + UInt64(position) }

    /// The next byte, which stays the next; nil at the end of the text.
    mutating func peek() throws -> UInt8? {
        if position == buffer.count {
            guard try refill() else { return nil }
        }
        return buffer[position]
    }

    /// Steps over the byte that `peek` has shown.
    mutating func advance() { position += 1 }

    /// Whether a byte in a JSON string is neither its end nor an escape nor wrong.
    static func standsForItself(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte >= 0x20
    }

    /// Steps over bytes of a JSON string that stand for themselves and over escapes of one letter, perhaps not all of
    /// them: those in the chunk at hand.
    ///
    /// Appends what they stand for, unless `text` would then have more than `limit` bytes: then the answer is false.
    mutating func takePlain(into text: inout [UInt8], limit: Int) -> Bool {
        var index = position
        let fits = Self.takePlain(of: buffer, from: &index, into: &text, limit: limit)
        position = index
        return fits
    }

    private static func takePlain(
        of buffer: [UInt8], from index: inout Int, into text: inout [UInt8], limit: Int
    ) -> Bool {
        let bytes = buffer.span
        var fits = true
        var start = index
        while index < bytes.count {
            if standsForItself(bytes[index]) {
                index += 1
                continue
            }
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
                let character = shortEscape(bytes[index + 1])
            else { break }
            fits = fits && text.count + (index - start) + 1 <= limit
            if fits {
                if start < index { text.append(contentsOf: buffer[start..<index]) }
                text.append(character)
            }
            index += 2
            start = index
        }
        fits = fits && text.count + (index - start) <= limit
        if fits, start < index { text.append(contentsOf: buffer[start..<index]) }
        return fits
    }

    /// What a letter behind a backslash stands for; nil for `u`, and for what may not stand there.
    static func shortEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Begins to keep what is read from the next byte on.
    mutating func startRecording(limit: Int) { recording = Recording(limit: limit, start: position) }

    /// What was read since `startRecording`; nil when it has more bytes than the limit.
    mutating func finishRecording() -> [UInt8]? {
        recordBuffer(upTo: position)
        defer { recording = nil }
        return recording?.fits == true ? recording?.text : nil
    }

    private mutating func recordBuffer(upTo end: Int) {
        guard let start = recording?.start else { return }
        recording?.append(buffer[start..<end])
        recording?.start = 0
    }

    private mutating func refill() throws -> Bool {
        recordBuffer(upTo: buffer.count)
        bufferOffset += UInt64(buffer.count)
        position = 0
        buffer = []
        guard bufferOffset < end else {
            guard utf8.isComplete else { throw notUTF8(at: end) }
            return false
        }
        let wanted = Int(min(UInt64(chunkSize), end - bufferOffset))
        buffer = try fetch(bufferOffset, wanted)
        guard buffer.count == wanted else {
            throw JSONError(.cutShort(end: end), "the file became shorter while it was read")
        }
        if let fault = utf8.firstFault(in: buffer) { throw notUTF8(at: bufferOffset + UInt64(fault)) }
        return true
    }

    private func notUTF8(at offset: UInt64) -> JSONError {
        .invalid("\(subject) is not UTF-8 at byte \(offset)")
    }
}
