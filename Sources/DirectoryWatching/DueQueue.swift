internal import LinuxSystem

/// A binary heap of moments, the earliest first.
///
/// Entries are never searched for: whoever takes one out looks whether it still means anything.
struct DueQueue<Key: Sendable>: Sendable {
    struct Entry: Sendable {
        let at: MonotonicTime
        let key: Key
    }

    private var entries: [Entry] = []

    var count: Int { entries.count }
    var first: Entry? { entries.first }

    mutating func insert(_ key: Key, at moment: MonotonicTime) {
        entries.append(Entry(at: moment, key: key))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].at < entries[parent].at else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        var parent = 0
        while true {
            var earliest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].at < entries[earliest].at { earliest = child }
            guard earliest != parent else { break }
            entries.swapAt(earliest, parent)
            parent = earliest
        }
    }

    mutating func removeAll() { entries = [] }
}
