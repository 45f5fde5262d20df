internal import JSON

/// Reads the JSON of a safetensors header from beginning to end.
///
/// JSON that is broken ends the reading. A tensor described wrongly does not: the first such fault is kept, and what
/// the rest of the header says is still counted.
struct SafetensorsReader {
    private static let maximumNameLength = 64 * 1024
    /// Twice as many as the largest models have (DeepSeek V3: 92,000 in all its parts).
    private static let maximumTensors = 200_000
    private static let maximumDimensions = 256
    private static let braces = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    private static let brackets = (UInt8(ascii: "["), UInt8(ascii: "]"))
    private static let metadataKey = Array("__metadata__".utf8)
    private static let dataTypeKey = Array("dtype".utf8)
    private static let shapeKey = Array("shape".utf8)
    private static let dataOffsetsKey = Array("data_offsets".utf8)

    private var json: JSONTokenizer
    private let visit: ((SafetensorsTensor) throws -> Void)?

    private var tensorCount = 0
    private var parameterCount: UInt64? = 0
    private var dataTypes = SafetensorsDataTypes()
    private var metadata = MetadataCollector()
    private var coverage = TensorCoverage()
    /// The first fault that is not one of JSON.
    private(set) var problem: ModelFormatError?

    // What is known of the tensor at hand; kept here so that their memory serves the next one too.
    private var name: [UInt8] = []
    private var key: [UInt8] = []
    private var shape: [UInt64] = []
    private var offsets: [UInt64] = []

    init(_ json: JSONTokenizer, visit: ((SafetensorsTensor) throws -> Void)?) {
        self.json = json
        self.visit = visit
    }

    /// Reads the header; throws what is wrong with the JSON, and what `fetch` and `visit` throw.
    mutating func read(headerSize: UInt64) throws -> SafetensorsHeader {
        try json.open(Self.braces.0)
        var isFirst = true
        while try json.hasNext(before: Self.braces.1, isFirst: &isFirst) {
            guard try json.string(into: &name, limit: Self.maximumNameLength) else {
                throw ModelFormatError.invalid("a tensor's name has more than \(Self.maximumNameLength) bytes")
            }
            try json.take(UInt8(ascii: ":"))
            if name == Self.metadataKey { try readMetadata() } else { try readTensor() }
        }
        try json.finish()
        do throws(ModelFormatError) { try coverage.check() } catch { note(error) }

        let (promised, overflow) = coverage.extent.addingReportingOverflow(headerSize + 8)
        if overflow { note(.invalid("its tensors end beyond any possible size of a file")) }
        return SafetensorsHeader(
            headerSize: headerSize, tensorCount: tensorCount, parameterCount: parameterCount,
            dataTypes: dataTypes.counts, metadata: metadata.entries, droppedMetadataCount: metadata.droppedCount,
            promisedFileSize: overflow ? .max : promised)
    }

    // MARK: - Metadata

    private mutating func readMetadata() throws {
        switch try json.peekToken() {
        case Self.braces.0: try json.open(Self.braces.0)
        case UInt8(ascii: "n"): return try json.skipValue()
        default:
            note(.invalid("__metadata__ is not an object"))
            return try json.skipValue()
        }
        var isFirst = true
        var value: [UInt8] = []
        while try json.hasNext(before: Self.braces.1, isFirst: &isFirst) {
            let keyFits = try json.string(into: &key, limit: metadata.hasRoom ? metadata.remaining : -1)
            try json.take(UInt8(ascii: ":"))
            guard keyFits else {
                metadata.add(key: nil, value: nil)
                try json.skipValue()
                continue
            }
            var text: [UInt8]?
            if try json.peekToken() == UInt8(ascii: "\"") {
                text = try json.string(into: &value, limit: metadata.remaining) ? value : nil
            } else {
                text = try json.verbatimValue(limit: metadata.remaining)
            }
            metadata.add(key: key, value: text)
        }
    }

    // MARK: - Tensors

    private mutating func readTensor() throws {
        tensorCount += 1
        guard tensorCount <= Self.maximumTensors else {
            throw ModelFormatError.invalid(
                "the header has more than \(Self.maximumTensors) tensors; kikod reads at most so many")
        }
        guard try json.peekToken() == Self.braces.0 else {
            noteTensor("is not described by an object")
            return try json.skipValue()
        }
        var dataType: Int?
        var hasDataType = false
        var hasShape = false
        var hasOffsets = false
        try json.open(Self.braces.0)
        var isFirst = true
        while try json.hasNext(before: Self.braces.1, isFirst: &isFirst) {
            let keyFits = try json.string(into: &key, limit: Self.dataOffsetsKey.count + 4)
            try json.take(UInt8(ascii: ":"))
            if !keyFits {
                try json.skipValue()
            } else if key == Self.dataTypeKey {
                hasDataType = true
                dataType = try readDataType()
            } else if key == Self.shapeKey {
                hasShape = try Self.readNumbers(from: &json, into: &shape, limit: Self.maximumDimensions)
            } else if key == Self.dataOffsetsKey {
                hasOffsets = try Self.readNumbers(from: &json, into: &offsets, limit: 2)
            } else {
                try json.skipValue()
            }
        }
        guard hasDataType, hasShape, hasOffsets else {
            let missing = !hasDataType ? "dtype" : !hasShape ? "shape" : "data_offsets"
            return noteTensor("has no usable \(missing)")
        }
        if let dataType { dataTypes.count(dataType) }
        try finishTensor(dataType)
    }

    private mutating func readDataType() throws -> Int? {
        guard try json.peekToken() == UInt8(ascii: "\"") else {
            noteTensor("has a dtype that is not a string")
            try json.skipValue()
            return nil
        }
        guard try json.string(into: &key, limit: SafetensorsDataTypes.maximumNameLength) else {
            noteTensor("has a dtype with too long a name")
            return nil
        }
        guard let index = dataTypes.index(of: key) else {
            noteTensor("has yet another dtype after too many different ones")
            return nil
        }
        return index
    }

    /// Reads an array of at most `limit` unsigned numbers; false when it is not one.
    private static func readNumbers(
        from json: inout JSONTokenizer, into numbers: inout [UInt64], limit: Int
    ) throws -> Bool {
        guard try json.peekToken() == brackets.0 else {
            try json.skipValue()
            return false
        }
        numbers.removeAll(keepingCapacity: true)
        var isUsable = true
        try json.open(brackets.0)
        var isFirst = true
        while try json.hasNext(before: brackets.1, isFirst: &isFirst) {
            if let number = try json.unsignedInteger(), numbers.count < limit {
                numbers.append(number)
            } else {
                isUsable = false
            }
        }
        return isUsable
    }

    /// Checks the numbers of a tensor against each other, and counts and shows it.
    private mutating func finishTensor(_ dataType: Int?) throws {
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            return noteTensor("has data_offsets that are not a beginning and an end")
        }
        let range = offsets[0]..<offsets[1]
        do throws(ModelFormatError) { try coverage.add(range) } catch { note(error) }

        let elements = shape.contains(0) ? 0 : shape.reduce(UInt64?(1), Self.product)
        parameterCount = elements.flatMap { count in
            let sum = parameterCount?.addingReportingOverflow(count)
            return sum?.overflow == false ? sum?.partialValue : nil
        }
        guard let dataType else { return }
        let entry = dataTypes.entries[dataType]
        if let bits = entry.bits {
            let wanted = Self.product(elements, bits)
            let actual = range.upperBound - range.lowerBound
            guard let wanted, wanted % 8 == 0, wanted / 8 == actual else {
                return noteTensor("has \(actual) bytes, which does not fit its dtype and shape")
            }
        }
        try visit?(
            SafetensorsTensor(
                name: String(decoding: name, as: UTF8.self), dataType: entry.name,
                // A copy of its own size: the memory here may have room for many more dimensions.
                shape: shape.map { $0 }, dataOffsets: range))
    }

    private static func product(_ left: UInt64?, _ right: UInt64) -> UInt64? {
        let result = left?.multipliedReportingOverflow(by: right)
        return result?.overflow == false ? result?.partialValue : nil
    }

    // MARK: - Faults

    private mutating func noteTensor(_ what: @autoclosure () -> String) {
        if problem == nil { problem = .invalid("the tensor \(ModelFormatError.quoted(name)) \(what())") }
    }

    private mutating func note(_ error: ModelFormatError) {
        if problem == nil { problem = error }
    }
}
