internal import JSON

/// The list of weights in an exported program: `{"config": {name: {"tensor_meta": {"dtype": 7, "sizes": […]}, …}}}`.
///
/// Source: PyTorch, torch/_export/serde/schema.py (`PayloadConfig`).
struct ExportedWeights {
    private static let maximumNameLength = 64 * 1024
    private static let maximumDimensions = 64
    private static let braces = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    private static let brackets = (UInt8(ascii: "["), UInt8(ascii: "]"))

    private var json: JSONTokenizer
    /// Whether some weights are pickles.
    private(set) var hasPickles = false

    init(_ json: JSONTokenizer) { self.json = json }

    /// Throws a `ModelFormatError` or a `JSONError` when the text is no such list, and what reading and `visit` throw.
    mutating func forEachTensor(_ visit: (Tensor) throws -> Void) throws {
        try forEachMember { list, key in
            guard key == "config" else { return try list.json.skipValue() }
            try list.forEachMember { list, name in
                var tensor: Tensor?
                try list.forEachMember { list, key in
                    switch key {
                    case "tensor_meta": tensor = try list.tensor(name)
                    case "use_pickle":
                        if try list.json.verbatimValue(limit: 8) == Array("true".utf8) { list.hasPickles = true }
                    default: try list.json.skipValue()
                    }
                }
                if let tensor { try visit(tensor) }
            }
        }
        try json.finish()
    }

    private mutating func tensor(_ name: String) throws -> Tensor? {
        guard try json.peekToken() == Self.braces.0 else {
            try json.skipValue()
            return nil
        }
        var type: TorchDataType?
        var shape: [UInt64]?
        try forEachMember { list, key in
            switch key {
            case "dtype": type = try list.json.unsignedInteger().flatMap { TorchDataType.byExportNumber[$0] }
            case "sizes": shape = try list.sizes()
            default: try list.json.skipValue()
            }
        }
        guard let type, let shape else { return nil }
        return Tensor(name: name, dataType: type.rawValue, shape: shape)
    }

    /// Reads `[{"as_int": 3}, …]`; nil when a size is not a number.
    private mutating func sizes() throws -> [UInt64]? {
        var sizes: [UInt64] = []
        var count = 0
        try json.open(Self.brackets.0)
        var isFirst = true
        while try json.hasNext(before: Self.brackets.1, isFirst: &isFirst) {
            count += 1
            try forEachMember { list, key in
                guard key == "as_int", let size = try list.json.unsignedInteger() else {
                    if key != "as_int" { try list.json.skipValue() }
                    return
                }
                if sizes.count < Self.maximumDimensions { sizes.append(size) }
            }
        }
        return sizes.count == count ? sizes : nil
    }

    /// Reads an object; `body` reads each value.
    private mutating func forEachMember(_ body: (inout ExportedWeights, String) throws -> Void) throws {
        try json.open(Self.braces.0)
        var isFirst = true
        var key: [UInt8] = []
        while try json.hasNext(before: Self.braces.1, isFirst: &isFirst) {
            _ = try json.string(into: &key, limit: Self.maximumNameLength)
            try json.take(UInt8(ascii: ":"))
            try body(&self, String(decoding: key, as: UTF8.self))
        }
    }
}
