/// The data types of PyTorch.
///
/// Names: safetensors' where it has one (its reference implementation's `Dtype`), else PyTorch's own in upper case.
enum TorchDataType: String {
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case uint16 = "U16"
    case int16 = "I16"
    case uint32 = "U32"
    case int32 = "I32"
    case uint64 = "U64"
    case int64 = "I64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float32 = "F32"
    case float64 = "F64"
    case float8E4M3 = "F8_E4M3"
    case float8E5M2 = "F8_E5M2"
    case float8E4M3FNUZ = "F8_E4M3FNUZ"
    case float8E5M2FNUZ = "F8_E5M2FNUZ"
    case float8E8M0 = "F8_E8M0"
    case float4 = "F4"
    case complex32 = "COMPLEX32"
    case complex64 = "C64"
    case complex128 = "COMPLEX128"
    case quantizedInt8 = "QINT8"
    case quantizedUInt8 = "QUINT8"
    case quantizedInt32 = "QINT32"
    case quantizedUInt4 = "QUINT4X2"
    case quantizedUInt2 = "QUINT2X4"

    /// Bytes of an element in a file.
    var size: UInt64 {
        switch self {
        case .bool, .uint8, .int8, .float8E4M3, .float8E5M2, .float8E4M3FNUZ, .float8E5M2FNUZ, .float8E8M0, .float4,
            .quantizedInt8, .quantizedUInt8, .quantizedUInt4, .quantizedUInt2:
            1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32, .complex32, .quantizedInt32: 4
        case .uint64, .int64, .float64, .complex64: 8
        case .complex128: 16
        }
    }

    /// By the names of `torch.<name>`.
    static let byTorchName: [String: TorchDataType] = [
        "bool": .bool, "uint8": .uint8, "int8": .int8, "uint16": .uint16, "int16": .int16, "short": .int16,
        "uint32": .uint32, "int32": .int32, "int": .int32, "uint64": .uint64, "int64": .int64, "long": .int64,
        "float16": .float16, "half": .float16, "bfloat16": .bfloat16, "float32": .float32, "float": .float32,
        "float64": .float64, "double": .float64, "float8_e4m3fn": .float8E4M3, "float8_e5m2": .float8E5M2,
        "float8_e4m3fnuz": .float8E4M3FNUZ, "float8_e5m2fnuz": .float8E5M2FNUZ, "float8_e8m0fnu": .float8E8M0,
        "float4_e2m1fn_x2": .float4, "complex32": .complex32, "complex64": .complex64, "cfloat": .complex64,
        "complex128": .complex128, "cdouble": .complex128, "qint8": .quantizedInt8, "quint8": .quantizedUInt8,
        "qint32": .quantizedInt32, "quint4x2": .quantizedUInt4, "quint2x4": .quantizedUInt2,
    ]

    /// By the names of the storage classes, which carry the type of older tensors (PyTorch: torch/storage.py).
    ///
    /// The untyped ones are counted in bytes; tensors on them name their type themselves.
    static let byStorageName: [String: TorchDataType] = [
        "BoolStorage": .bool, "ByteStorage": .uint8, "CharStorage": .int8, "ShortStorage": .int16,
        "IntStorage": .int32, "LongStorage": .int64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "FloatStorage": .float32, "DoubleStorage": .float64, "ComplexFloatStorage": .complex64,
        "ComplexDoubleStorage": .complex128, "QInt8Storage": .quantizedInt8, "QUInt8Storage": .quantizedUInt8,
        "QInt32Storage": .quantizedInt32, "QUInt4x2Storage": .quantizedUInt4, "QUInt2x4Storage": .quantizedUInt2,
        "UntypedStorage": .uint8, "_UntypedStorage": .uint8,
    ]

    /// By the codes of numpy's `dtype`.
    static let byNumpyCode: [String: TorchDataType] = [
        "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
        "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64, "c16": .complex128,
    ]

    /// By the numbers in exported programs (PyTorch: torch/_export/serde/schema.py, `ScalarType`).
    static let byExportNumber: [UInt64: TorchDataType] = [
        1: .uint8, 2: .int8, 3: .int16, 4: .int32, 5: .int64, 6: .float16, 7: .float32, 8: .float64, 9: .complex32,
        10: .complex64, 11: .complex128, 12: .bool, 13: .bfloat16, 28: .uint16, 29: .float8E4M3, 30: .float8E5M2,
        31: .float8E4M3FNUZ, 32: .float8E5M2FNUZ,
    ]
}
