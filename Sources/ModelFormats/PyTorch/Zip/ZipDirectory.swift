/// The directory of a zip archive, which lies at the archive's end (PKWARE's APPNOTE.TXT, sections 4.3 and 4.5.3).
///
/// Read as PyTorch's reader does (miniz): the last end record counts, and the 64-bit one where there is one.
struct ZipDirectory {
    private static let endSize = 22
    private static let locatorSize = 20
    private static let end64Size = 56
    private static let maximumComment = 0xFFFF
    /// Miniz looks for the end record in blocks of so many bytes, and so a little further back than it need.
    private static let searchBlock = 4096
    private static let endSignature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
    private static let locatorSignature: [UInt8] = [0x50, 0x4B, 0x06, 0x07]
    private static let end64Signature: [UInt8] = [0x50, 0x4B, 0x06, 0x06]
    private static let entrySignature: UInt64 = 0x0201_4B50
    private static let unicodeName: UInt64 = 0x7075

    let range: Range<UInt64>
    /// As the end record says.
    let entryCount: UInt64
    /// Whether it ends where the end record begins. Python's `zipfile` takes for granted that it does, so that it finds
    /// another directory when it does not.
    let isAdjacent: Bool

    /// Finds the directory. Throws a `ModelFormatError` when there is none, and what `read` throws.
    init(fileSize: UInt64, read: (UInt64, Int) throws -> [UInt8]) throws {
        let tailSize = Int(Self.tailSize(fileSize: fileSize))
        let tailOffset = fileSize - UInt64(tailSize)
        let tail = try Self.read(tailSize, at: tailOffset, read)
        guard let end = Self.lastEndRecord(in: tail) else {
            throw ModelFormatError(
                .incomplete(promised: fileSize.advanced(clampedBy: UInt64(Self.endSize))),
                "the zip archive has no directory: its end is missing")
        }
        var count = Self.number(tail, end + 10, 2)
        var size = Self.number(tail, end + 12, 4)
        var offset = Self.number(tail, end + 16, 4)
        var directoryEnd: UInt64? = tailOffset + UInt64(end)
        let locator = end - Self.locatorSize
        if locator >= 0, tail[locator...].starts(with: Self.locatorSignature) {
            let recordOffset = Self.number(tail, locator + 8, 8)
            guard recordOffset <= fileSize, fileSize - recordOffset >= UInt64(Self.end64Size) else {
                throw ModelFormatError.invalid("the zip archive is damaged: its 64-bit end record is missing")
            }
            let record = try Self.read(Self.end64Size, at: recordOffset, read)
            // Python looks for it here, whatever the locator says.
            let isBeforeLocator =
                recordOffset.advanced(clampedBy: UInt64(Self.end64Size)) == tailOffset + UInt64(locator)
            if !isBeforeLocator { directoryEnd = nil }
            if record.starts(with: Self.end64Signature) {
                count = Self.number(record, 32, 8)
                size = Self.number(record, 40, 8)
                offset = Self.number(record, 48, 8)
                if isBeforeLocator { directoryEnd = recordOffset }
            }
        }
        guard offset <= fileSize, size <= fileSize - offset else {
            throw ModelFormatError.invalid(
                "the zip archive is damaged: its directory (\(size) bytes from byte \(offset) on) leaves the file")
        }
        range = offset..<offset + size
        entryCount = count
        isAdjacent = range.upperBound == directoryEnd
    }

    /// Whether a file that does not begin like an archive ends like one: an end record with a directory where that, or
    /// Python's `zipfile`, looks for it.
    static func isPresent(fileSize: UInt64, read: (UInt64, Int) throws -> [UInt8]) throws -> Bool {
        let tailSize = Int(tailSize(fileSize: fileSize))
        let tailOffset = fileSize - UInt64(tailSize)
        let tail = try Self.read(tailSize, at: tailOffset, read)
        guard let end = lastEndRecord(in: tail) else { return false }
        let endOffset = tailOffset + UInt64(end)
        let size = number(tail, end + 12, 4)
        var places = [number(tail, end + 16, 4)]
        if size <= endOffset { places.append(endOffset - size) }
        let locator = end - locatorSize
        if locator >= 0, tail[locator...].starts(with: locatorSignature) {
            for place in [number(tail, locator + 8, 8), tailOffset + UInt64(max(0, locator - end64Size))] {
                guard place < fileSize, fileSize - place >= UInt64(end64Size) else { continue }
                let record = try Self.read(end64Size, at: place, read)
                guard record.starts(with: end64Signature) else { continue }
                let size = number(record, 40, 8)
                places.append(number(record, 48, 8))
                if size <= place { places.append(place - size) }
            }
        }
        return try places.contains { place in
            guard place < fileSize, fileSize - place >= 4 else { return false }
            return number(try Self.read(4, at: place, read), 0, 4) == entrySignature
        }
    }

    /// Bytes at the end of a file in which the end record is looked for.
    static func tailSize(fileSize: UInt64) -> UInt64 {
        min(fileSize, UInt64(maximumComment + searchBlock + endSize + locatorSize))
    }

    var size: UInt64 { range.upperBound - range.lowerBound }

    /// Shows every entry in its order; returns what is wrong. Throws a `ModelFormatError` when it cannot be read to its
    /// end, and what `read` and `visit` throw.
    func forEachEntry(
        read: (UInt64, Int) throws -> [UInt8], visit: (ZipEntry) throws -> Void
    ) throws -> ModelFormatError? {
        return try withoutActuallyEscaping(read) { read in
            var stream = ByteStream(range: range, fetch: read)
            var count: UInt64 = 0
            while stream.remaining > 0 {
                do {
                    guard let entry = try Self.entry(&stream) else {
                        throw ModelFormatError.invalid(
                            "the zip archive is damaged: its directory has no entry \(count + 1)")
                    }
                    count += 1
                    try visit(entry)
                } catch ByteStream.Fault.ended {
                    throw ModelFormatError.invalid("the zip archive is damaged: its directory ends within an entry")
                }
            }
            guard count == entryCount else {
                return .invalid("the zip archive is damaged: it has \(count) entries in place of \(entryCount)")
            }
            return nil
        }
    }

    /// Reads an entry; nil when none begins here.
    private static func entry(_ stream: inout ByteStream) throws -> ZipEntry? {
        guard try stream.number(bytes: 4) == entrySignature else { return nil }
        // Versions and flags; flags are believed as little as PyTorch believes them.
        try stream.skip(6)
        let method = UInt16(try stream.number(bytes: 2))
        // Time, date, checksum.
        try stream.skip(8)
        var compressedSize = try stream.number(bytes: 4)
        var size = try stream.number(bytes: 4)
        let nameLength = Int(try stream.number(bytes: 2))
        let extraLength = Int(try stream.number(bytes: 2))
        let commentLength = try stream.number(bytes: 2)
        try stream.skip(8)
        var offset = try stream.number(bytes: 4)
        let name = try stream.bytes(nameLength)
        let extra = try stream.bytes(extraLength)
        try stream.skip(commentLength)

        // The 64-bit field holds, in this order, those numbers that do not fit.
        var wide = wideNumbers(extra)[...]
        if size == 0xFFFF_FFFF, let number = wide.popFirst() { size = number }
        if compressedSize == 0xFFFF_FFFF, let number = wide.popFirst() { compressedSize = number }
        if offset == 0xFFFF_FFFF, let number = wide.popFirst() { offset = number }
        return ZipEntry(
            name: name, method: method, compressedSize: compressedSize, size: size, headerOffset: offset,
            hasOtherName: name.contains(0) || field(unicodeName, extra) != nil)
    }

    /// The numbers of the extra field 1.
    private static func wideNumbers(_ extra: [UInt8]) -> [UInt64] {
        guard let place = field(1, extra) else { return [] }
        return stride(from: place.lowerBound, through: place.upperBound - 8, by: 8).map { number(extra, $0, 8) }
    }

    /// Where the first extra field of a kind has its data.
    private static func field(_ kind: UInt64, _ extra: [UInt8]) -> Range<Int>? {
        var position = 0
        while position + 4 <= extra.count {
            let length = Int(number(extra, position + 2, 2))
            let end = min(position + 4 + length, extra.count)
            if number(extra, position, 2) == kind { return position + 4..<end }
            position = end
        }
        return nil
    }

    private static func lastEndRecord(in tail: [UInt8]) -> Int? {
        var position = tail.count - endSize
        while position >= 0 {
            if tail[position] == 0x50, tail[position...].starts(with: endSignature) { return position }
            position -= 1
        }
        return nil
    }

    private static func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> UInt64 {
        bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func read(_ count: Int, at offset: UInt64, _ read: (UInt64, Int) throws -> [UInt8]) throws -> [UInt8]
    {
        let bytes = try read(offset, count)
        guard bytes.count == count else {
            throw ModelFormatError(
                .incomplete(promised: offset + UInt64(count)), "the file became shorter while it was read")
        }
        return bytes
    }
}
