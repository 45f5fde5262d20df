/// A file in a zip archive, as the archive's directory describes it.
struct ZipEntry {
    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8

    let name: [UInt8]
    let method: UInt16
    let compressedSize: UInt64
    let size: UInt64
    /// Where its own header lies, which repeats part of this.
    let headerOffset: UInt64
    /// Whether Python's `zipfile` may know it by another name: it cuts names at a zero byte, and takes those of the
    /// extra field 0x7075 for better ones.
    let hasOtherName: Bool

    /// The last part of its path, with lower-case letters: PyTorch's reader does not distinguish case.
    var fileName: [UInt8] { path.last.map { Array($0) } ?? [] }

    /// The parts of its path, with lower-case letters.
    var path: [ArraySlice<UInt8>] {
        name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    }

    var folderDepth: Int { name.count { $0 == UInt8(ascii: "/") } }
}
