/// A file whose beginning is an input, and that reports who reads it in a way that was not agreed on.
///
/// The last byte of an input tells the size of the file: that of the rest of the input, or that and a terabyte of zeros.
final class VirtualFile {
    private static let maximumChunk = 64 * 1024

    private let bytes: ArraySlice<UInt8>
    let size: UInt64
    /// How much may be read altogether.
    private let maximumRead: UInt64
    private var bytesRead: UInt64 = 0

    init(input: [UInt8], maximumRead: UInt64) {
        bytes = input.dropLast()
        size = UInt64(bytes.count) + (input.last == 1 ? 1 << 40 : 0)
        self.maximumRead = maximumRead
    }

    func read(_ offset: UInt64, _ count: Int) -> [UInt8] {
        require(count >= 0 && count <= Self.maximumChunk, "it asks for \(count) bytes")
        require(offset <= size && UInt64(count) <= size - offset, "it reads beyond the end")
        bytesRead += UInt64(count)
        require(bytesRead <= maximumRead, "it reads more than \(maximumRead) bytes")
        guard offset < UInt64(bytes.count) else { return [UInt8](repeating: 0, count: count) }
        let start = Int(offset)
        let piece = bytes[start..<min(bytes.count, start + count)]
        return piece + [UInt8](repeating: 0, count: count - piece.count)
    }
}
