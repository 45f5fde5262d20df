/// Keeps the entries of `__metadata__` as long as they fit into a fixed amount of memory.
struct MetadataCollector {
    /// What an entry takes beside its bytes: two strings and a place in the index.
    private static let entryCost = 128

    private(set) var entries: [(key: String, value: String)] = []
    private(set) var droppedCount = 0
    private var indices: [ExactText: Int] = [:]
    /// Bytes that may still be kept.
    private(set) var remaining: Int

    init(budget: Int = 16 << 20) { remaining = budget }

    /// Takes an entry; one that does not fit, or whose key or value was too long to read (nil), is only counted.
    mutating func add(key: [UInt8]?, value: [UInt8]?) {
        guard let key, let value, key.count + value.count + Self.entryCost <= remaining else {
            droppedCount += 1
            return
        }
        let name = ExactText(text: String(decoding: key, as: UTF8.self))
        let text = String(decoding: value, as: UTF8.self)
        if let index = indices[name] {
            remaining += entries[index].value.utf8.count - value.count
            entries[index].value = text
        } else {
            remaining -= key.count + value.count + Self.entryCost
            indices[name] = entries.count
            entries.append((name.text, text))
        }
    }
}
