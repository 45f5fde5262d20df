/// Counts the data types of a header's tensors, by name.
struct SafetensorsDataTypes {
    static let maximumNameLength = 32
    private static let maximumCount = 64

    /// Bits of an element; names that are not here are not checked. From the reference implementation's `Dtype`.
    private static let bits: [String: UInt64] = [
        "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
        "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
    ]

    struct Entry {
        let bytes: [UInt8]
        let name: String
        /// nil for a name that is not known.
        let bits: UInt64?
        var count = 0
    }

    private(set) var entries: [Entry] = []
    /// Neighbours mostly have the same type.
    private var latest = 0

    /// The index of a type's entry; nil when there are too many types already.
    mutating func index(of bytes: [UInt8]) -> Int? {
        if latest < entries.count, entries[latest].bytes == bytes { return latest }
        if let found = entries.firstIndex(where: { $0.bytes == bytes }) {
            latest = found
        } else {
            guard entries.count < Self.maximumCount else { return nil }
            let name = String(decoding: bytes, as: UTF8.self)
            latest = entries.count
            entries.append(Entry(bytes: bytes, name: name, bits: Self.bits[name]))
        }
        return latest
    }

    mutating func count(_ index: Int) { entries[index].count += 1 }

    var counts: [String: Int] {
        Dictionary(entries.filter { $0.count > 0 }.map { ($0.name, $0.count) }, uniquingKeysWith: +)
    }
}
