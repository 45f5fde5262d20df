/// Does to requests what faulty and hostile clients do. The same seed does the same.
package struct RequestMutation {
    private var generator: SeededGenerator

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// One of these requests, changed in one to four places.
    package mutating func next(of requests: [String]) -> [UInt8] {
        var bytes = Array((requests.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&bytes) }
        return bytes
    }

    /// What parsers stumble over.
    private static let pieces: [[UInt8]] = [
        [0], [0xFF], [0xC3], Array("\r\n".utf8), Array("\n".utf8), Array("\r\n\r\n".utf8), Array(" ".utf8),
        Array("\t".utf8), Array(":".utf8), Array("%".utf8), Array("%00".utf8), Array("%zz".utf8), Array("?".utf8),
        Array("&".utf8), Array("-1".utf8), Array("99999999999999999999".utf8), Array("HTTP/2.0".utf8),
        Array("\r\nContent-Length: 7".utf8), Array("\r\nTransfer-Encoding: chunked".utf8),
        Array("\r\nExpect: 100-continue".utf8), Array("\r\n folded".utf8), Array("\r\nCookie: a=b; c".utf8),
        Array("0\r\n\r\n".utf8), Array("ffffffffffffffff\r\n".utf8),
    ]

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3: bytes.removeSubrange(place...)
        case 4:
            let repeated = [UInt8](repeating: bytes.randomElement(using: &generator) ?? 0, count: 50_000)
            bytes.insert(contentsOf: repeated, at: place)
        default: if place < end { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
        }
    }
}
