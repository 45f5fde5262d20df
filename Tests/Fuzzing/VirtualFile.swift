/// A file whose beginning is an input, and that reports who reads it in a way that was not agreed on.
///
/// The last byte of an input tells the size of the file: that of the rest of the input, or a mebibyte of zeros more.
final class VirtualFile {
    private let bytes: ArraySlice<UInt8>
    let size: UInt64
    /// How much may be read at once, and altogether.
    private let maximumChunk: Int
    private let maximumRead: UInt64
    private var bytesRead: UInt64 = 0

    init(input: [UInt8], maximumChunk: Int = 64 * 1024, maximumRead: UInt64) {
        bytes = input.dropLast()
        size = UInt64(bytes.count) + (input.last == 1 ? 1 << 20 : 0)
        self.maximumChunk = maximumChunk
        self.maximumRead = maximumRead
    }

    func read(_ offset: UInt64, _ count: Int) -> [UInt8] {
        require(count >= 0 && count <= maximumChunk, "it asks for \(count) bytes")
        require(offset <= size && UInt64(count) <= size - offset, "it reads beyond the end")
        bytesRead += UInt64(count)
        require(bytesRead <= maximumRead, "it reads more than \(maximumRead) bytes")
        guard offset < UInt64(bytes.count) else { return [UInt8](repeating: 0, count: count) }
        let start = Int(offset)
        let piece = bytes[start..<min(bytes.count, start + count)]
        return piece + [UInt8](repeating: 0, count: count - piece.count)
    }
}
