/// The first bytes of what should be a SQLite database (https://www.sqlite.org/fileformat2.html, section 1.3).
struct DatabaseHead {
    private static let length = 100
    private static let magic = Array("SQLite format 3\0".utf8)

    private var bytes: [UInt8] = []

    /// Takes the next piece of the file.
    mutating func take(_ piece: [UInt8]) {
        guard bytes.count < Self.length else { return }
        bytes += piece.prefix(Self.length - bytes.count)
    }

    /// Why a file of this size that begins so is no complete database; nil when it is one.
    func problem(size: Int64) -> String? {
        guard bytes.count == Self.length, bytes.starts(with: Self.magic) else {
            return "What the daemon sent is no SQLite database."
        }
        let pages = Int64(number(at: 28, size: 4))
        // 1 stands for 65536, which two bytes cannot hold.
        let pageSize = Int64(number(at: 16, size: 2) == 1 ? 65_536 : number(at: 16, size: 2))
        // The count of pages is right only if the version that it belongs to is the file's.
        guard number(at: 24, size: 4) == number(at: 92, size: 4), pages > 0, pages * pageSize != size else {
            return nil
        }
        return "The backup ended after \(size) of \(pages * pageSize) bytes."
    }

    /// A big-endian number.
    private func number(at offset: Int, size: Int) -> UInt32 {
        bytes[offset..<(offset + size)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
