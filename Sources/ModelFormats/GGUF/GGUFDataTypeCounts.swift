/// Counts tensors and their elements by data type.
struct GGUFDataTypeCounts {
    private static let maximumCount = 64

    struct Entry {
        let number: UInt32
        let type: GGMLDataTypes.Entry
        var tensors = 0
        /// Saturates.
        var elements: UInt64 = 0
    }

    private(set) var entries: [Entry] = []
    /// Neighbours mostly have the same type.
    private var latest = 0

    /// The index of a type's entry; nil when there are too many types already.
    mutating func index(of number: UInt32) -> Int? {
        if latest < entries.count, entries[latest].number == number { return latest }
        if let found = entries.firstIndex(where: { $0.number == number }) {
            latest = found
        } else {
            guard entries.count < Self.maximumCount else { return nil }
            latest = entries.count
            entries.append(Entry(number: number, type: GGMLDataTypes.entry(of: number)))
        }
        return latest
    }

    /// Counts a tensor.
    mutating func count(_ index: Int, elements: UInt64) {
        entries[index].tensors += 1
        let (sum, overflow) = entries[index].elements.addingReportingOverflow(elements)
        entries[index].elements = overflow ? .max : sum
    }

    /// Tensors of each type, by name.
    var counts: [String: Int] {
        Dictionary(entries.filter { $0.tensors > 0 }.map { ($0.type.name, $0.tensors) }, uniquingKeysWith: +)
    }

    /// What people call the way in which the weights are stored.
    ///
    /// What the file says of itself is finer (`Q4_K_M` for `Q4_K`), but some writers put the number of the data type in
    /// its place (ComfyUI-GGUF: tools/convert.py, its early versions) or leave it at that of the file that they began
    /// with. So it counts only where the tensors do not contradict: there are some of its data type, and a file that is
    /// said to be plain is not mostly quantised.
    func quantization(fileType: UInt64?) -> String? {
        let most = entries.filter { $0.elements > 0 }.max { $0.elements < $1.elements }
        guard let claimed = fileType.flatMap(GGUFFileTypes.entry(of:)) else { return most?.type.name }
        guard let most else { return claimed.name }
        guard let entry = entries.first(where: { $0.type.name == claimed.dataType }), entry.elements > 0,
            most.type.isPlain || !entry.type.isPlain
        else { return most.type.name }
        return claimed.name
    }
}
