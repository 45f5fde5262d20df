internal import CDeflate

/// Reads what entries of a zip archive contain, in bounded memory.
struct ZipContents {
    /// The most bytes that a compressed entry may have before and after unpacking.
    static let maximumUnpackedSize: UInt64 = 16 << 20
    private static let headerSize = 30
    private static let largestRead = 1 << 20
    private static let headerSignature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    enum Contents {
        /// The bytes as they lie in the file.
        case range(Range<UInt64>)
        case unpacked([UInt8])
    }

    /// Why an entry cannot be read.
    struct Fault: Error {
        let message: String
    }

    let fileSize: UInt64
    /// The first disagreement between the archive's directory and an entry's own header.
    private(set) var problem: ModelFormatError?

    init(fileSize: UInt64) { self.fileSize = fileSize }

    /// Finds and unpacks the contents of an entry. Checksums and flags are not looked at: PyTorch does not either, so
    /// with wrong ones an entry is loaded all the same. Throws a `Fault`, and what `read` throws.
    ///
    /// - Parameter allowance: what may still be spent, from which unpacking is paid.
    mutating func contents(
        of entry: ZipEntry, allowance: inout PyTorchReader.Allowance, read: (UInt64, Int) throws -> [UInt8]
    ) throws -> Contents {
        let name = ModelFormatError.quoted(entry.name)
        let start = try dataOffset(of: entry, name, read)
        // Of stored entries PyTorch believes the size after unpacking, others the one before.
        let wanted = entry.method == ZipEntry.stored ? max(entry.compressedSize, entry.size) : entry.compressedSize
        guard wanted <= fileSize - start else { throw Fault(message: "\(name) leaves the file") }
        switch entry.method {
        case ZipEntry.stored: return .range(start..<start + wanted)
        case ZipEntry.deflated:
            guard entry.size <= Self.maximumUnpackedSize, wanted <= Self.maximumUnpackedSize,
                allowance.spend((entry.size + wanted) / 32)
            else {
                throw Fault(
                    message: "\(name) has \(entry.size) bytes when it is unpacked, which is too much")
            }
            return .unpacked(try unpack(entry, start, name, read))
        default: throw Fault(message: "\(name) is compressed in a way that PyTorch does not know (\(entry.method))")
        }
    }

    private mutating func dataOffset(
        of entry: ZipEntry, _ name: String, _ read: (UInt64, Int) throws -> [UInt8]
    ) throws -> UInt64 {
        guard entry.headerOffset < fileSize, fileSize - entry.headerOffset >= UInt64(Self.headerSize) else {
            throw Fault(message: "\(name) lies outside the file")
        }
        let available = fileSize - entry.headerOffset
        let count = Int(min(available, UInt64(Self.headerSize + entry.name.count)))
        let header = try read(entry.headerOffset, count)
        guard header.count == count, header.starts(with: Self.headerSignature) else {
            throw Fault(message: "\(name) has no header where it should lie")
        }
        let nameLength = UInt64(header[26]) | UInt64(header[27]) << 8
        let extraLength = UInt64(header[28]) | UInt64(header[29]) << 8
        let method = UInt16(header[8]) | UInt16(header[9]) << 8
        if problem == nil, header[Self.headerSize...] != entry.name[...] || method != entry.method {
            problem = .invalid("the zip archive is damaged: \(name) is described in two ways")
        }
        let skipped = UInt64(Self.headerSize) + nameLength + extraLength
        guard skipped <= available else { throw Fault(message: "\(name) leaves the file") }
        return entry.headerOffset + skipped
    }

    private func unpack(
        _ entry: ZipEntry, _ start: UInt64, _ name: String, _ read: (UInt64, Int) throws -> [UInt8]
    ) throws -> [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(Int(entry.compressedSize))
        while packed.count < Int(entry.compressedSize) {
            let wanted = min(Self.largestRead, Int(entry.compressedSize) - packed.count)
            let piece = try read(start + UInt64(packed.count), wanted)
            guard piece.count == wanted else {
                throw ModelFormatError(
                    .incomplete(promised: start + entry.compressedSize), "the file became shorter while it was read")
            }
            packed += piece
        }
        guard let unpacked = Self.inflate(packed, size: Int(entry.size)) else {
            throw Fault(message: "\(name) cannot be unpacked to \(entry.size) bytes")
        }
        return unpacked
    }

    /// Unpacks raw deflated bytes (RFC 1951) that must be exactly `size` long; nil when they are not.
    private static func inflate(_ packed: [UInt8], size: Int) -> [UInt8]? {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else { return nil }
        defer { unsafe libdeflate_free_decompressor(decompressor) }
        var isUnpacked = false
        let unpacked = unsafe [UInt8](unsafeUninitializedCapacity: max(size, 1)) { output, count in
            let result = unsafe packed.withUnsafeBytes { input in
                unsafe libdeflate_deflate_decompress(
                    decompressor, input.baseAddress, input.count, output.baseAddress, size, nil)
            }
            isUnpacked = result == LIBDEFLATE_SUCCESS
            count = isUnpacked ? size : 0
        }
        return isUnpacked ? unpacked : nil
    }
}
