/// The values that a pickle has made: plain arrays, so that no nesting is ever followed by recursion.
///
/// Each instruction adds a few dozen bytes at most, and texts are limited, so the number of instructions bounds it.
struct PickleMemory {
    static let maximumTextLength = 64 * 1024
    private static let maximumTextBytes = 8 << 20
    private static let maximumDimensions = 16
    private static let maximumTotalDimensions = 1 << 20
    private static let nothing = UInt32.max

    /// A list of segments.
    private struct Container {
        var first = PickleMemory.nothing
        var last = PickleMemory.nothing
        var traits: PickleTraits = []
    }

    private struct Segment {
        let elements: Range<UInt32>
        var next = PickleMemory.nothing
    }

    /// Goes through the elements of a container.
    struct Cursor {
        fileprivate var segment: UInt32
        fileprivate var position: UInt32 = 0
    }

    private(set) var textBytes: [UInt8] = []
    private(set) var texts: [Range<UInt32>] = []
    private(set) var wideIntegers: [Int64] = []
    private(set) var floats: [Double] = []
    private var elements: [PickleValue] = []
    private var segments: [Segment] = []
    private var containers: [Container] = []
    var objects: [PickleObject] = []
    var storages: [PickleStorage] = []
    private(set) var tensors: [PickleTensor] = []
    private(set) var dimensions: [UInt64] = []

    // MARK: - Scalars

    mutating func integer(_ value: Int64) -> PickleValue {
        if let small = Int32(exactly: value) { return .integer(small) }
        wideIntegers.append(value)
        return .wideInteger(UInt32(wideIntegers.count - 1))
    }

    mutating func float(_ value: Double) -> PickleValue {
        floats.append(value)
        return .float(UInt32(floats.count - 1))
    }

    /// Reads the next `count` bytes as a text; one that is too long is skipped and unknown.
    mutating func text(_ count: UInt64, from stream: inout ByteStream) throws -> PickleValue {
        guard count <= UInt64(Self.maximumTextLength), textBytes.count + Int(count) <= Self.maximumTextBytes else {
            try stream.skip(count)
            return .unknown
        }
        let start = UInt32(textBytes.count)
        try stream.read(Int(count), into: &textBytes)
        texts.append(start..<UInt32(textBytes.count))
        return .text(UInt32(texts.count - 1))
    }

    mutating func text(_ bytes: ArraySlice<UInt8>) -> PickleValue {
        guard textBytes.count + bytes.count <= Self.maximumTextBytes else { return .unknown }
        let start = UInt32(textBytes.count)
        textBytes.append(contentsOf: bytes)
        texts.append(start..<UInt32(textBytes.count))
        return .text(UInt32(texts.count - 1))
    }

    /// The bytes of a text; nil for any other value.
    func bytes(of value: PickleValue) -> ArraySlice<UInt8>? {
        guard case .text(let index) = value else { return nil }
        let range = texts[Int(index)]
        return textBytes[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    func isText(_ value: PickleValue, _ expected: StaticString) -> Bool {
        guard let bytes = bytes(of: value), bytes.count == expected.utf8CodeUnitCount else { return false }
        return bytes.elementsEqual(expected.description.utf8)
    }

    func number(_ value: PickleValue) -> Int64? {
        switch value {
        case .integer(let number): Int64(number)
        case .wideInteger(let index): wideIntegers[Int(index)]
        default: nil
        }
    }

    // MARK: - Containers

    mutating func makeContainer(_ values: ArraySlice<PickleValue> = []) -> UInt32 {
        containers.append(Container())
        let container = UInt32(containers.count - 1)
        append(values, to: container)
        return container
    }

    mutating func append(_ values: ArraySlice<PickleValue>, to container: UInt32) {
        guard !values.isEmpty else { return }
        let start = UInt32(elements.count)
        elements.append(contentsOf: values)
        let segment = UInt32(segments.count)
        segments.append(Segment(elements: start..<UInt32(elements.count)))
        let last = containers[Int(container)].last
        if last == Self.nothing {
            containers[Int(container)].first = segment
        } else {
            segments[Int(last)].next = segment
        }
        containers[Int(container)].last = segment
    }

    func traits(_ container: UInt32) -> PickleTraits { containers[Int(container)].traits }

    mutating func note(_ traits: PickleTraits, of container: UInt32) {
        containers[Int(container)].traits.formUnion(traits)
    }

    func cursor(_ container: UInt32) -> Cursor { Cursor(segment: containers[Int(container)].first) }

    func next(_ cursor: inout Cursor) -> PickleValue? {
        guard cursor.segment != Self.nothing else { return nil }
        let segment = segments[Int(cursor.segment)]
        let value = elements[Int(segment.elements.lowerBound + cursor.position)]
        cursor.position += 1
        if Int(cursor.position) == segment.elements.count { cursor = Cursor(segment: segment.next) }
        return value
    }

    /// The first elements of a tuple, list or set; none for any other value.
    func elements(_ value: PickleValue, limit: Int = 16) -> [PickleValue] {
        guard case .sequence(let container) = value else { return [] }
        var cursor = cursor(container)
        var found: [PickleValue] = []
        while found.count < limit, let element = next(&cursor) { found.append(element) }
        return found
    }

    // MARK: - Tensors

    mutating func makeObject(_ callee: PickleValue, _ arguments: PickleValue) -> PickleValue {
        objects.append(PickleObject(callee: callee, arguments: arguments))
        return .object(UInt32(objects.count - 1))
    }

    mutating func makeStorage(_ dataType: TorchDataType, key: PickleValue, elementCount: UInt64) -> PickleValue {
        storages.append(PickleStorage(dataType: dataType, key: key, elementCount: elementCount))
        return .storage(UInt32(storages.count - 1))
    }

    /// A tensor whose shape is a tuple of numbers; nil when it is none.
    mutating func makeTensor(_ dataType: TorchDataType, shape: PickleValue) -> PickleValue? {
        guard case .sequence = shape else { return nil }
        let sizes = elements(shape, limit: Self.maximumDimensions + 1)
        guard sizes.count <= Self.maximumDimensions, dimensions.count + sizes.count <= Self.maximumTotalDimensions
        else {
            return nil
        }
        let start = UInt32(dimensions.count)
        for size in sizes {
            guard let number = number(size), number >= 0 else {
                dimensions.removeSubrange(Int(start)...)
                return nil
            }
            dimensions.append(UInt64(number))
        }
        return makeTensor(dataType, start..<UInt32(dimensions.count))
    }

    mutating func makeTensor(_ dataType: TorchDataType, _ shape: Range<UInt32>) -> PickleValue {
        tensors.append(PickleTensor(dataType: dataType, dimensions: shape))
        return .tensor(UInt32(tensors.count - 1))
    }

    func shape(of tensor: PickleTensor) -> [UInt64] {
        Array(dimensions[Int(tensor.dimensions.lowerBound)..<Int(tensor.dimensions.upperBound)])
    }
}
