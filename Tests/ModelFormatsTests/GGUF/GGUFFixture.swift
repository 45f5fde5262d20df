/// Writes GGUF files, right ones and wrong ones.
struct GGUFFixture {
    /// A value of a key.
    indirect enum Value {
        case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32), float32(Float)
        case bool(UInt8), string(String), bytes([UInt8]), array(type: UInt32, [Value])
        case uint64(UInt64), int64(Int64), float64(Double)

        var type: UInt32 {
            switch self {
            case .uint8: 0
            case .int8: 1
            case .uint16: 2
            case .int16: 3
            case .uint32: 4
            case .int32: 5
            case .float32: 6
            case .bool: 7
            case .string, .bytes: 8
            case .array: 9
            case .uint64: 10
            case .int64: 11
            case .float64: 12
            }
        }
    }

    /// A tensor; `offset` nil puts it behind the one before.
    struct TensorEntry {
        var name: [UInt8]
        /// As in the file: innermost first.
        var dimensions: [UInt64]
        var type: UInt32 = 0
        /// Bytes of data.
        var size: UInt64
        var offset: UInt64?

        init(_ name: String, _ dimensions: [UInt64], type: UInt32 = 0, size: UInt64, offset: UInt64? = nil) {
            self.name = Array(name.utf8)
            self.dimensions = dimensions
            self.type = type
            self.size = size
            self.offset = offset
        }
    }

    var version: UInt32 = 3
    var isBigEndian = false
    var alignment: UInt64 = 32
    var values: [(key: [UInt8], value: Value)] = []
    var tensors: [TensorEntry] = []
    /// What the header claims; nil for what is there.
    var tensorCount: UInt64?
    var valueCount: UInt64?

    mutating func add(_ key: String, _ value: Value) { values.append((Array(key.utf8), value)) }

    /// The header, without what fills up to the alignment.
    var header: [UInt8] {
        var bytes = Array("GGUF".utf8)
        append(version, to: &bytes)
        append(length: tensorCount ?? UInt64(tensors.count), to: &bytes)
        append(length: valueCount ?? UInt64(values.count), to: &bytes)
        for (key, value) in values {
            append(string: key, to: &bytes)
            append(value.type, to: &bytes)
            append(value, to: &bytes)
        }
        var next: UInt64 = 0
        for tensor in tensors {
            append(string: tensor.name, to: &bytes)
            append(UInt32(tensor.dimensions.count), to: &bytes)
            for dimension in tensor.dimensions { append(length: dimension, to: &bytes) }
            append(tensor.type, to: &bytes)
            append(tensor.offset ?? next, to: &bytes)
            next = roundedUp(next + tensor.size)
        }
        return bytes
    }

    /// The whole file; only for tensors without offsets of their own.
    var file: [UInt8] {
        var bytes = header
        for tensor in tensors {
            fillUp(&bytes)
            bytes += [UInt8](repeating: 1, count: Int(tensor.size))
        }
        return bytes
    }

    /// The header and so many bytes of data.
    func file(data: Int) -> [UInt8] {
        var bytes = header
        fillUp(&bytes)
        return bytes + [UInt8](repeating: 1, count: data)
    }

    private func roundedUp(_ number: UInt64) -> UInt64 { (number + alignment - 1) / alignment * alignment }

    private func fillUp(_ bytes: inout [UInt8]) {
        bytes += [UInt8](repeating: 0, count: Int(roundedUp(UInt64(bytes.count))) - bytes.count)
    }

    // MARK: - Parts

    private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        let count = Number.bitWidth / 8
        for index in 0..<count {
            let shift = 8 * (isBigEndian ? count - 1 - index : index)
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    private func append(length: UInt64, to bytes: inout [UInt8]) {
        if version == 1 { append(UInt32(truncatingIfNeeded: length), to: &bytes) } else { append(length, to: &bytes) }
    }

    private func append(string: [UInt8], to bytes: inout [UInt8]) {
        append(length: UInt64(string.count), to: &bytes)
        bytes += string
    }

    private func append(_ value: Value, to bytes: inout [UInt8]) {
        switch value {
        case .uint8(let number), .bool(let number): append(number, to: &bytes)
        case .int8(let number): append(number, to: &bytes)
        case .uint16(let number): append(number, to: &bytes)
        case .int16(let number): append(number, to: &bytes)
        case .uint32(let number): append(number, to: &bytes)
        case .int32(let number): append(number, to: &bytes)
        case .uint64(let number): append(number, to: &bytes)
        case .int64(let number): append(number, to: &bytes)
        case .float32(let number): append(number.bitPattern, to: &bytes)
        case .float64(let number): append(number.bitPattern, to: &bytes)
        case .string(let text): append(string: Array(text.utf8), to: &bytes)
        case .bytes(let text): append(string: text, to: &bytes)
        case .array(let type, let elements):
            append(type, to: &bytes)
            append(length: UInt64(elements.count), to: &bytes)
            for element in elements { append(element, to: &bytes) }
        }
    }
}

extension GGUFFixture {
    /// A small image model, as ComfyUI-GGUF writes them.
    static var imageModel: GGUFFixture {
        var fixture = GGUFFixture()
        fixture.add("general.architecture", .string("sdxl"))
        fixture.add("general.quantization_version", .uint32(2))
        fixture.add("general.file_type", .uint32(15))
        fixture.add(
            "comfy.gguf.orig_shape.input_blocks.1.weight",
            .array(type: 5, [.int32(2), .int32(64), .int32(2), .int32(2)]))
        fixture.tensors = [
            TensorEntry("input_blocks.0.bias", [5], size: 20),
            TensorEntry("input_blocks.1.weight", [256, 2], type: 12, size: 288),
            TensorEntry("input_blocks.2.weight", [64, 3], type: 8, size: 204),
            TensorEntry("out.weight", [3, 3, 2, 4], type: 1, size: 144),
        ]
        return fixture
    }
}
