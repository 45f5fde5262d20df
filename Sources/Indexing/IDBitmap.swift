/// A set of row numbers, a bit each: rows are numbered from 1 without large gaps.
struct IDBitmap: Sendable {
    private var words: [UInt64] = []
    /// Numbers beyond this are kept apart, so that one huge number cannot ask for huge memory.
    private static let largestDense: Int64 = 64 * 1024 * 1024
    private var sparse: Set<Int64> = []

    mutating func insert(_ id: Int64) {
        guard id >= 0, id < Self.largestDense else {
            sparse.insert(id)
            return
        }
        let word = Int(id / 64)
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word - words.count + 1)) }
        words[word] |= 1 << UInt64(id % 64)
    }

    func contains(_ id: Int64) -> Bool {
        guard id >= 0, id < Self.largestDense else { return sparse.contains(id) }
        let word = Int(id / 64)
        return word < words.count && words[word] & (1 << UInt64(id % 64)) != 0
    }
}
