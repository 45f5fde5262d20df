/// A SHA-256 and the bytes that it is to take.
@unsafe struct SHA256Feed {
    let stream: SHA256Stream
    var rest: UnsafeRawBufferPointer

    /// How much two streams take before another two may follow.
    private static let turn = 16 * 1024

    /// Feeds any number of different streams, always the two together that have most left.
    ///
    /// So three equally long ones are done in one and a half times the time of two, and no stream is left to run
    /// alone as long as the others together have as much to take.
    static func run(_ feeds: [SHA256Feed]) throws(HashingError) {
        var feeds = unsafe feeds.filter { unsafe !$0.rest.isEmpty }
        while unsafe feeds.count > 1 {
            unsafe feeds.sort { unsafe $0.rest.count > $1.rest.count }
            let common = unsafe feeds[1].rest.count
            let count = unsafe feeds.count > 2 ? min(turn, common) : common
            let first = unsafe feeds[0].stream, second = unsafe feeds[1].stream
            try unsafe SHA256Stream.update(first, feeds[0].take(count), second, feeds[1].take(count))
            unsafe feeds.removeAll { unsafe $0.rest.isEmpty }
        }
        if let last = unsafe feeds.first { try unsafe last.stream.update(last.rest) }
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        let taken = unsafe UnsafeRawBufferPointer(rebasing: rest[..<count])
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return unsafe taken
    }
}
