@testable import ModelFormats

/// Writes zip archives, correct ones and others.
struct ZipWriter {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        /// What is claimed.
        var size: UInt64?
        var compressedSize: UInt64?
        var offset: UInt64?
        var flags: UInt16 = 0
        var nameInHeader: String?
    }

    var entries: [Entry] = []
    var isZip64 = false
    /// What the end record claims, when it is not the truth.
    var claimedCount: UInt64?
    var claimedSize: UInt64?
    var claimedOffset: UInt64?
    var comment: [UInt8] = []

    mutating func add(_ name: String, _ data: [UInt8], deflated: Bool = false) {
        let packed = deflated ? Self.storedBlock(data) : data
        entries.append(Entry(name: name, data: packed, method: deflated ? 8 : 0, size: UInt64(data.count)))
    }

    /// The deflated form of bytes that are not compressed (RFC 1951, section 3.2.4).
    static func storedBlock(_ data: [UInt8]) -> [UInt8] {
        let count = UInt16(data.count)
        return [1, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)] + data
    }

    /// Deflated zeros: a first one, and then 258 of them by 13 bits each (section 3.2.6).
    static func bomb(repetitions: Int) -> [UInt8] {
        var bits: [UInt8] = [1, 1, 0]
        bits += [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<repetitions { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].enumerated().reduce(0) { $0 | $1.element << UInt8($1.offset) }
        }
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt64(file.count)
            let size = entry.size ?? UInt64(entry.data.count)
            let compressedSize = entry.compressedSize ?? UInt64(entry.data.count)
            let name = Array((entry.nameInHeader ?? entry.name).utf8)
            file +=
                [0x50, 0x4B, 3, 4] + number(20, 2) + number(UInt64(entry.flags), 2) + number(UInt64(entry.method), 2)
            file += number(0, 8) + number(0, 8) + number(UInt64(name.count), 2) + number(0, 2) + name + entry.data

            let isWide = isZip64 || max(size, compressedSize, entry.offset ?? 0) > 0xFFFF_FFFF
            let wide = isWide ? number(1, 2) + number(24, 2) + number(size, 8) + number(compressedSize, 8) : []
            let extra = wide + (isWide ? number(entry.offset ?? offset, 8) : [])
            let centralName = Array(entry.name.utf8)
            directory += [0x50, 0x4B, 1, 2] + number(20, 2) + number(20, 2) + number(UInt64(entry.flags), 2)
            directory += number(UInt64(entry.method), 2) + number(0, 8)
            directory += number(isWide ? .max : compressedSize, 4) + number(isWide ? .max : size, 4)
            directory += number(UInt64(centralName.count), 2) + number(UInt64(extra.count), 2) + number(0, 2)
            directory += number(0, 8) + number(isWide ? .max : entry.offset ?? offset, 4) + centralName + extra
        }
        let offset = UInt64(file.count)
        file += directory
        let count = claimedCount ?? UInt64(entries.count)
        let size = claimedSize ?? UInt64(directory.count)
        let start = claimedOffset ?? offset
        if isZip64 {
            let record = UInt64(file.count)
            file += [0x50, 0x4B, 6, 6] + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8)
            file += number(count, 8) + number(count, 8) + number(size, 8) + number(start, 8)
            file += [0x50, 0x4B, 6, 7] + number(0, 4) + number(record, 8) + number(1, 4)
        }
        file +=
            [0x50, 0x4B, 5, 6] + number(0, 4) + number(isZip64 ? .max : count, 2) + number(isZip64 ? .max : count, 2)
        file += number(isZip64 ? .max : size, 4) + number(isZip64 ? .max : start, 4)
        return file + number(UInt64(comment.count), 2) + comment
    }

    private func number(_ value: UInt64, _ count: Int) -> [UInt8] { Array(lengthBytes(value).prefix(count)) }
}

/// A file as `torch.save` writes it.
func archive(_ object: [UInt8], root: String = "archive", deflated: Bool = false) -> [UInt8] {
    var zip = ZipWriter()
    zip.add(root + "/data.pkl", object, deflated: deflated)
    zip.add(root + "/data/0", [0, 0, 0, 0])
    zip.add(root + "/version", Array("3\n".utf8))
    return zip.bytes
}

/// What an inspection finds in a file of these bytes.
struct Inspected {
    let header: ModelHeader
    var tensors: [Tensor] = []
    var readCount = 0
    var bytesRead = 0
    var largestRead = 0

    init(_ bytes: [UInt8], size: UInt64? = nil) throws {
        var tensors: [Tensor] = []
        var counts: [Int] = []
        header = try PyTorchInspection(
            fileSize: size ?? UInt64(bytes.count),
            read: { offset, count in
                counts.append(count)
                let start = Int(min(UInt64(bytes.count), offset))
                return Array(bytes[start..<min(bytes.count, start + count)])
            }, visit: { tensors.append($0) }
        ).header
        self.tensors = tensors
        readCount = counts.count
        bytesRead = counts.reduce(0, +)
        largestRead = counts.max() ?? 0
    }

    var names: [String] { tensors.map(\.name) }
    var imports: [String] { header.pickle?.imports ?? [] }
    var dangerous: [String] { header.pickle?.dangerous ?? [] }
    var problem: String { header.problem?.message ?? "" }
    var metadata: [String: String] { Dictionary(uniqueKeysWithValues: header.metadata) }
}
