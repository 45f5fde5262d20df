@testable import ModelFormats

/// Writes the instructions of pickles.
struct PickleWriter {
    private(set) var bytes: [UInt8]

    init(protocol version: UInt8? = 2) { bytes = version.map { [0x80, $0] } ?? [] }

    mutating func put(_ opcode: PickleOpcode, _ argument: [UInt8] = []) {
        bytes.append(opcode.rawValue)
        bytes += argument
    }

    mutating func text(_ text: String) {
        put(.unicode4, Array(lengthBytes(UInt64(text.utf8.count)).prefix(4)) + Array(text.utf8))
    }

    mutating func integer(_ value: UInt64) { put(.long1, [9] + lengthBytes(value) + [0]) }

    mutating func small(_ value: UInt16) { put(.integer2, [UInt8(value & 0xFF), UInt8(value >> 8)]) }

    mutating func global(_ module: String, _ name: String) { put(.global, Array("\(module)\n\(name)\n".utf8)) }

    mutating func tuple(_ values: (inout PickleWriter) -> Void) {
        put(.mark)
        values(&self)
        put(.tuple)
    }

    mutating func dictionary(_ members: [(String, (inout PickleWriter) -> Void)]) {
        put(.emptyDictionary)
        put(.mark)
        for (key, value) in members {
            text(key)
            value(&self)
        }
        put(.setItems)
    }

    mutating func storage(_ type: String, key: String = "0", count: UInt64) {
        tuple {
            $0.text("storage")
            $0.global("torch", type)
            $0.text(key)
            $0.text("cpu")
            $0.integer32(count)
        }
        put(.persistent)
    }

    mutating func integer32(_ value: UInt64) { put(.integer4, Array(lengthBytes(value).prefix(4))) }

    /// A tensor as PyTorch has written it since version 0.4.
    mutating func tensor(_ type: String, _ shape: [UInt64], key: String = "0") {
        global("torch._utils", "_rebuild_tensor_v2")
        tuple {
            $0.storage(type, key: key, count: shape.reduce(1, *))
            $0.small(0)
            $0.shape(shape)
            $0.shape(shape)
            $0.put(.newFalse)
            $0.global("collections", "OrderedDict")
            $0.put(.emptyTuple)
            $0.put(.reduce)
        }
        put(.reduce)
    }

    mutating func shape(_ shape: [UInt64]) { tuple { for size in shape { $0.integer32(size) } } }

    /// A new object whose attributes are set.
    mutating func object(_ module: String, _ name: String, _ attributes: [(String, (inout PickleWriter) -> Void)]) {
        global(module, name)
        put(.emptyTuple)
        put(.newObject)
        dictionary(attributes)
        put(.build)
    }

    /// Calls a function with one text.
    mutating func call(_ module: String, _ name: String, _ argument: String) {
        global(module, name)
        text(argument)
        put(.tuple1)
        put(.reduce)
    }
}

/// A whole pickle.
func pickle(protocol version: UInt8? = 2, _ body: (inout PickleWriter) -> Void) -> [UInt8] {
    var writer = PickleWriter(protocol: version)
    body(&writer)
    writer.put(.stop)
    return writer.bytes
}

/// A file of PyTorch before 1.6.
func stream(_ object: [UInt8], keys: [String] = [], data: [UInt8] = []) -> [UInt8] {
    let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    let version = pickle { $0.small(1001) }
    let system = pickle { $0.dictionary([("little_endian", { $0.put(.newTrue) })]) }
    let names = pickle { writer in
        writer.put(.emptyList)
        writer.put(.mark)
        for key in keys { writer.text(key) }
        writer.put(.appends)
    }
    return magic + version + system + object + names + data
}
