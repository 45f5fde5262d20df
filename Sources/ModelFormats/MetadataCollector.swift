internal import JSON

/// Keeps the key-values of a header as long as they fit into a fixed amount of memory.
///
/// An entry that replaces another of the same key takes new room all the same, and so does one that is left
/// out, so that time is bounded too.
struct MetadataCollector {
    /// What an entry takes beside its bytes: two strings and a place in the index; and time.
    private static let entryCost = 256
    private static let longestRepaired = 64 * 1024

    private(set) var entries: [(key: String, value: String)] = []
    private(set) var droppedCount = 0
    private var indices: [ExactText: Int] = [:]
    /// Bytes that may still be kept.
    private(set) var remaining: Int

    init(budget: Int = 16 << 20) { remaining = budget }

    /// False when not even the shortest entry fits any more.
    var hasRoom: Bool { remaining >= Self.entryCost }

    /// Takes an entry; one that does not fit, or whose key or value was too long to read (nil), is only counted.
    ///
    /// Bytes that are not UTF-8 become U+FFFD, and count as what they have become; they are not kept when they are many.
    mutating func add(key: [UInt8]?, value: [UInt8]?) {
        guard let key, let value, key.count + value.count + Self.entryCost <= remaining else { return drop() }
        guard let repairedKey = Self.text(key), let text = Self.text(value) else {
            return drop(Self.entryCost + value.count)
        }
        let name = ExactText(text: repairedKey)
        let cost = name.text.utf8.count + text.utf8.count + Self.entryCost
        guard cost <= remaining else { return drop(cost) }
        remaining -= cost
        if let index = indices[name] {
            entries[index].value = text
        } else {
            indices[name] = entries.count
            entries.append((name.text, text))
        }
    }

    /// What is left out has taken time too.
    private mutating func drop(_ cost: Int = entryCost) {
        droppedCount += 1
        remaining -= min(remaining, cost)
    }

    /// nil for what is long and no text at all.
    private static func text(_ bytes: [UInt8]) -> String? {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.count <= longestRepaired ? String(repairing: bytes) : nil
    }
}
