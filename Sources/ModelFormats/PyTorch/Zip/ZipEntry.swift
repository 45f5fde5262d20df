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

    /// The last part of its path, with lower-case letters: PyTorch's reader does not distinguish case.
    var fileName: [UInt8] {
        let start = name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return name[start...].map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    var folderDepth: Int { name.count { $0 == UInt8(ascii: "/") } }
}
