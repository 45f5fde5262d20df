internal import JSON

/// How often a tag stands in the captions that a model was trained with.
package struct TagCount: Hashable, Sendable {
    package let tag: String
    package let count: UInt64
}

/// Counts the tags of `ss_tag_frequency`, which may be megabytes of JSON, without keeping the text as a tree.
struct TagFrequencies {
    /// Longer ones are captions, not tags.
    private static let maximumTagLength = 256
    /// New tags after so many are not counted; they would be the rare ones of a large collection.
    private static let maximumTags = 100_000
    /// Of longer texts only this much is counted, in both together.
    private static let maximumText = 4 << 20

    private var counts: [ExactText: UInt64] = [:]
    private var json: JSONTokenizer
    private var name: [UInt8] = []

    /// The most frequent tags, ties by name; those of all datasets summed.
    ///
    /// - Parameters:
    ///   - frequencies: `{"directory": {"tag": count}}` (kohya-ss/sd-scripts: train_network.py); the level of the
    ///     directories may be missing.
    ///   - datasets: `[{"tag_frequency": {"directory": {"tag": count}}}]`, asked where `frequencies` has no tag.
    static func top(_ limit: Int, frequencies: String?, datasets: String?) -> [TagCount] {
        var remaining = maximumText
        for text in [frequencies, datasets] {
            let part = Array((text ?? "").utf8.prefix(remaining))
            remaining -= part.count
            let counts = counts(in: part)
            if !counts.isEmpty { return mostFrequent(limit, of: counts) }
        }
        return []
    }

    private init(_ text: [UInt8]) { json = JSONTokenizer(text: text, subject: "ss_tag_frequency") }

    private static func counts(in text: [UInt8]) -> [ExactText: UInt64] {
        var frequencies = TagFrequencies(text)
        // What was counted before a fault is still true; the text may have been cut off.
        try? frequencies.read()
        return frequencies.counts
    }

    private mutating func read() throws {
        if try json.peekToken() == UInt8(ascii: "[") { try readDatasets() } else { try readGroup(levels: 2) }
    }

    private mutating func readDatasets() throws {
        try json.open(UInt8(ascii: "["))
        var isFirst = true
        while try json.hasNext(before: UInt8(ascii: "]"), isFirst: &isFirst) {
            guard try json.peekToken() == UInt8(ascii: "{") else {
                try json.skipValue()
                continue
            }
            try json.open(UInt8(ascii: "{"))
            var isFirstMember = true
            while try json.hasNext(before: UInt8(ascii: "}"), isFirst: &isFirstMember) {
                let fits = try json.string(into: &name, limit: Self.maximumTagLength)
                try json.take(UInt8(ascii: ":"))
                if fits, name.elementsEqual("tag_frequency".utf8), try json.peekToken() == UInt8(ascii: "{") {
                    try readGroup(levels: 2)
                } else {
                    try json.skipValue()
                }
            }
        }
    }

    /// Reads an object of counts, and objects of counts in it.
    private mutating func readGroup(levels: Int) throws {
        try json.open(UInt8(ascii: "{"))
        var isFirst = true
        while try json.hasNext(before: UInt8(ascii: "}"), isFirst: &isFirst) {
            let fits = try json.string(into: &name, limit: Self.maximumTagLength)
            try json.take(UInt8(ascii: ":"))
            if try json.peekToken() == UInt8(ascii: "{"), levels > 1 {
                try readGroup(levels: levels - 1)
            } else if let count = try json.unsignedInteger(), fits {
                add(count)
            }
        }
    }

    private mutating func add(_ count: UInt64) {
        var text = String(decoding: name, as: UTF8.self)
        if let first = name.first, let last = name.last, first <= 0x20 || last <= 0x20 { text = text.trimmed }
        guard count > 0, !text.isEmpty else { return }
        let tag = ExactText(text: text)
        guard counts.count < Self.maximumTags || counts[tag] != nil else { return }
        let (sum, overflow) = counts[tag, default: 0].addingReportingOverflow(count)
        counts[tag] = overflow ? .max : sum
    }

    private static func mostFrequent(_ limit: Int, of counts: [ExactText: UInt64]) -> [TagCount] {
        var top: [TagCount] = []
        for (tag, count) in counts {
            let candidate = TagCount(tag: tag.text, count: count)
            if top.count == limit, let last = top.last, !precedes(candidate, last) { continue }
            top.insert(candidate, at: top.firstIndex { precedes(candidate, $0) } ?? top.count)
            if top.count > limit { top.removeLast() }
        }
        return top
    }

    private static func precedes(_ left: TagCount, _ right: TagCount) -> Bool {
        left.count != right.count
            ? left.count > right.count : left.tag.utf8.lexicographicallyPrecedes(right.tag.utf8)
    }
}
