/// A SHA-256 and the bytes that it is to take.
@unsafe struct SHA256Feed {
    let stream: SHA256Stream
    var rest: UnsafeRawBufferPointer

    /// Feeds any number of different streams two by two, so that none is left alone if that can be: three equally long
    /// ones take one and a half times the time of two.
    static func run(_ feeds: [SHA256Feed]) throws(HashingError) {
        var feeds = unsafe feeds.filter { unsafe !$0.rest.isEmpty }
        while unsafe feeds.count > 1 {
            unsafe feeds.sort { unsafe $0.rest.count > $1.rest.count }
            let count = unsafe turn(feeds.map { unsafe $0.rest.count })
            let first = unsafe feeds[0].stream, second = unsafe feeds[1].stream
            try unsafe SHA256Stream.update(first, feeds[0].take(count), second, feeds[1].take(count))
            unsafe feeds.removeAll { unsafe $0.rest.isEmpty }
        }
        if let last = unsafe feeds.first { try unsafe last.stream.update(last.rest) }
    }

    /// How much the two streams that have most left take together: all of the second, but not so much that the third
    /// would have more left than all others together. `counts` is what each has left, most first; at least two.
    private static func turn(_ counts: [Int]) -> Int {
        guard counts.count > 2 else { return counts[1] }
        let others = counts.reduce(0, +) - counts[2]
        let blocks = (others - counts[2]) / 128 + 1
        return min(counts[1], 64 * blocks)
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        let taken = unsafe UnsafeRawBufferPointer(rebasing: rest[..<count])
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return unsafe taken
    }
}
