internal import JSON

/// Reads a GGUF header from beginning to end.
///
/// What makes it impossible to go on is thrown. A tensor described wrongly does not: the first such fault is kept, and
/// what the rest of the header says is still counted.
struct GGUFReader {
    static let magic = Array("GGUF".utf8)
    /// As they stand in files, and spelled the other way round.
    static let earlierMagics = ["lmgg", "fmgg", "tjgg", "algg", "ggml", "ggmf", "ggjt", "ggla"].map { Array($0.utf8) }

    /// The longest header; those with the largest tokenizers have some ten megabytes.
    private static let maximumHeaderSize: UInt64 = 32 << 20
    /// Tensors, and key-values, of a file; real ones have a few thousand.
    private static let maximumCount: UInt64 = 1 << 16
    /// ggml allows 64 bytes; the names of image models' tensors are longer.
    private static let maximumNameLength: UInt64 = 256
    /// ggml has four; ComfyUI-GGUF's tools/fix_5d_tensors.py writes five.
    private static let maximumDimensions: UInt32 = 32
    private static let defaultAlignment: UInt64 = 32

    var stream: BinaryStream
    private let fileSize: UInt64
    private let visit: ((Tensor) throws -> Void)?
    private var hasShortLengths = false

    private(set) var header = ModelHeader(format: .gguf)
    var metadata = MetadataCollector()
    var facts = GGUFFacts()
    /// Bytes of keys and strings that may still be read; the rest is skipped, lest a file keep us busy with what is
    /// not kept in the end: the same key over and over.
    var textBudget = 20 << 20
    /// Bytes of JSON that may still be made of arrays.
    var arrayBudget = 1 << 20
    private(set) var dataTypes = GGUFDataTypeCounts()
    private var alignment = Self.defaultAlignment
    private var coverage = TensorCoverage()
    /// Where the data of the last tensor ends, without what fills up to the alignment.
    private var dataEnd: UInt64 = 0
    private var hasUnknownSizes = false

    /// The tensor at hand, its dimensions as they stand in the file: innermost first.
    private var name: [UInt8] = []
    private var dimensions: [UInt64] = []

    init(fileSize: UInt64, fetch: @escaping BinaryStream.Fetch, visit: ((Tensor) throws -> Void)?) {
        stream = BinaryStream(fileSize: fileSize, limit: Self.maximumHeaderSize, fetch: fetch)
        self.fileSize = fileSize
        self.visit = visit
    }

    /// Reads everything; throws what is wrong beyond repair, and what `fetch` and `visit` throw.
    mutating func read() throws {
        try stream.skip(UInt64(Self.magic.count))
        try readVersion()
        let tensorCount = try readCount(of: "tensors")
        let valueCount = try readCount(of: "key-values")
        for _ in 0..<valueCount { try readKeyValue() }
        takeAlignment()
        header.parameterCount = 0
        for _ in 0..<tensorCount { try readTensor() }
        finish(tensorCount: tensorCount)
    }

    // MARK: - Beginning

    private mutating func readVersion() throws {
        var version: UInt32 = try stream.number()
        // Only the other byte order makes so large a number of a version.
        if version != 0, version & 0xFFFF == 0 {
            stream.isBigEndian = true
            version = version.byteSwapped
        }
        guard (1...3).contains(version) else {
            throw ModelFormatError.invalid("its GGUF version is \(version), and only 1 to 3 are known")
        }
        hasShortLengths = version == 1
    }

    /// Reads a count or length, which version 1 stores in half the bytes.
    mutating func readLength() throws -> UInt64 {
        hasShortLengths ? UInt64(try stream.number(UInt32.self)) : try stream.number()
    }

    /// Bytes of a count or length.
    var lengthSize: UInt64 { hasShortLengths ? 4 : 8 }

    private mutating func readCount(of what: String) throws -> UInt64 {
        let count = try readLength()
        guard count <= Self.maximumCount else {
            throw ModelFormatError.invalid(
                "the header claims to have \(count) \(what), and no model has more than \(Self.maximumCount)")
        }
        return count
    }

    private mutating func readName() throws -> [UInt8] {
        let length = try readLength()
        guard length <= Self.maximumNameLength else {
            throw ModelFormatError.invalid("the name of a tensor claims to have \(length) bytes")
        }
        var name: [UInt8] = []
        try stream.take(Int(length), into: &name)
        noteUnlessUTF8(name, "the name of the tensor", name)
        return name
    }

    private mutating func takeAlignment() {
        guard let wanted = facts.alignment else { return }
        guard wanted > 0, wanted & (wanted - 1) == 0, wanted <= UInt64(UInt32.max) else {
            return note(.invalid("its alignment of \(wanted) is not a power of two"))
        }
        alignment = wanted
    }

    // MARK: - Tensors

    private mutating func readTensor() throws {
        name = try readName()
        let dimensionCount: UInt32 = try stream.number()
        guard dimensionCount <= Self.maximumDimensions else {
            throw ModelFormatError.invalid(
                "the tensor \(ModelFormatError.quoted(name)) claims to have \(dimensionCount) dimensions")
        }
        dimensions.removeAll(keepingCapacity: true)
        for _ in 0..<dimensionCount { dimensions.append(try readLength()) }
        let typeNumber: UInt32 = try stream.number()
        let offset: UInt64 = try stream.number()

        let elements = Self.product(dimensions)
        header.parameterCount = elements.flatMap { count in
            let sum = header.parameterCount?.addingReportingOverflow(count)
            return sum?.overflow == false ? sum?.partialValue : nil
        }
        guard let index = dataTypes.index(of: typeNumber) else {
            return noteTensor("has yet another data type after too many different ones")
        }
        dataTypes.count(index, elements: elements ?? .max)
        let type = dataTypes.entries[index].type
        checkData(at: offset, type, elements)
        if let visit {
            let text = String(repairing: name)
            let original = elements.flatMap { facts.originalShape(of: text, elements: $0) }
            try visit(
                Tensor(
                    name: text, dataType: type.name,
                    shape: original ?? dimensions.reversed()))
        }
    }

    /// Checks where the data of the tensor at hand lie, and remembers it.
    private mutating func checkData(at offset: UInt64, _ type: GGMLDataTypes.Entry, _ elements: UInt64?) {
        let alignment = alignment
        guard offset % alignment == 0 else {
            return noteTensor("begins at byte \(offset) of the data, which is no multiple of \(alignment)")
        }
        guard let block = type.block else {
            hasUnknownSizes = true
            dataEnd = max(dataEnd, offset)
            return
        }
        let row = dimensions.first ?? 1
        guard row % block.elements == 0 else {
            return noteTensor(
                "has rows of \(row) elements, which is no multiple of the \(block.elements) of a block of \(type.name)")
        }
        let size = elements.flatMap { Self.product([$0 / block.elements, block.bytes]) }
        guard let size, let end = Self.sum(offset, size), let padded = Self.roundedUp(end, to: alignment) else {
            return noteTensor("ends beyond any possible size of a file")
        }
        dataEnd = max(dataEnd, end)
        do throws(ModelFormatError) { try coverage.add(offset..<padded) } catch { note(error) }
    }

    private mutating func finish(tensorCount: UInt64) {
        do throws(ModelFormatError) { try coverage.check(allowingGaps: hasUnknownSizes) } catch { note(error) }
        header.tensorCount = Int(tensorCount)
        header.dataTypes = dataTypes.counts
        // Nothing follows a header without tensors, so nothing needs to be filled up either.
        guard tensorCount > 0 else {
            header.headerSize = stream.offset
            return
        }
        header.headerSize = Self.roundedUp(stream.offset, to: alignment)
        guard let promised = header.headerSize.flatMap({ Self.sum($0, dataEnd) }) else {
            return note(.invalid("its tensors end beyond any possible size of a file"))
        }
        if fileSize < promised {
            note(
                ModelFormatError(
                    .incomplete(promised: promised),
                    "the file has \(fileSize) bytes, but its header promises \(promised)"))
        }
    }

    // MARK: - Arithmetic

    /// nil when 64 bits are not enough.
    static func product(_ numbers: [UInt64]) -> UInt64? {
        if numbers.contains(0) { return 0 }
        var product: UInt64 = 1
        for number in numbers {
            let result = product.multipliedReportingOverflow(by: number)
            if result.overflow { return nil }
            product = result.partialValue
        }
        return product
    }

    private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64? {
        let result = left.addingReportingOverflow(right)
        return result.overflow ? nil : result.partialValue
    }

    /// The next multiple of a power of two.
    private static func roundedUp(_ number: UInt64, to alignment: UInt64) -> UInt64? {
        sum(number, alignment - 1).map { $0 & ~(alignment - 1) }
    }

    // MARK: - Faults

    /// Keeps the first fault.
    mutating func note(_ error: ModelFormatError) {
        if header.problem == nil { header.problem = error }
    }

    private mutating func noteTensor(_ what: @autoclosure () -> String) {
        if header.problem == nil { note(.invalid("the tensor \(ModelFormatError.quoted(name)) \(what())")) }
    }

    /// Notes text that is not UTF-8; it is used with U+FFFD in place of what cannot be read.
    mutating func noteUnlessUTF8(_ text: [UInt8], _ what: @autoclosure () -> String, _ name: [UInt8]) {
        if header.problem != nil { return }
        var utf8 = UTF8Validator()
        if utf8.firstFault(in: text) != nil || !utf8.isComplete {
            note(.invalid("\(what()) \(ModelFormatError.quoted(name)) is not UTF-8"))
        }
    }
}
