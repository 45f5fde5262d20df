import TestSupport
import Testing

@testable import Hashing

/// Bytes and the parts in which they are fed.
private struct Feeding {
    let bytes: [UInt8]
    let parts: [[UInt8]]

    init(_ bytes: [UInt8], chunks: [Int]) {
        var parts: [[UInt8]] = []
        var rest = bytes[...]
        for chunk in chunks {
            parts.append(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
        self.bytes = bytes
        self.parts = parts
    }

    /// Of random length and in random parts, of which some are empty.
    init(using generator: inout SeededGenerator) {
        let limit = [3, 70, 900, 70_000].randomElement(using: &generator) ?? 1
        let chunks = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
            Int.random(in: 0...limit, using: &generator)
        }
        self.init(generator.bytes(min(60_000, chunks.reduce(0, +))), chunks: chunks)
    }

    /// The part that is fed as number `index`; none after the last.
    func part(_ index: Int) -> [UInt8] { index < parts.count ? parts[index] : [] }
}

@Suite struct SHA256StreamTests {
    private static func digest(_ feeding: Feeding, _ engine: SHA256Stream.Engine) throws -> String {
        let stream = try SHA256Stream(engine: engine)
        for part in feeding.parts { try unsafe part.withUnsafeBytes { try unsafe stream.update($0) } }
        return try stream.finish()
    }

    private static func digests(
        _ first: Feeding, _ firstEngine: SHA256Stream.Engine, _ second: Feeding, _ secondEngine: SHA256Stream.Engine
    ) throws -> [String] {
        let one = try SHA256Stream(engine: firstEngine)
        let other = try SHA256Stream(engine: secondEngine)
        for index in 0..<max(first.parts.count, second.parts.count) {
            try unsafe first.part(index).withUnsafeBytes { firstBytes in
                try unsafe second.part(index).withUnsafeBytes { secondBytes in
                    try unsafe SHA256Stream.update(one, firstBytes, other, secondBytes)
                }
            }
        }
        return [try one.finish(), try other.finish()]
    }

    // FIPS 180-4's own examples.
    @Test(arguments: SHA256Stream.Engine.available) func theStandardsExamplesAreMet(engine: SHA256Stream.Engine) throws
    {
        let long = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        #expect(
            try Self.digest(Feeding(Array("abc".utf8), chunks: [3]), engine)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            try Self.digest(Feeding(long, chunks: [long.count]), engine)
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test(arguments: SHA256Stream.Engine.available) func blockBoundariesDoNotMatter(engine: SHA256Stream.Engine) throws
    {
        var generator = SeededGenerator(seed: 4)
        for count in Array(0...130) + [183, 184, 191, 192, 193, 4_095, 4_096, 4_097] {
            let bytes = generator.bytes(count)
            let expected = try sha256(bytes)
            #expect(try Self.digest(Feeding(bytes, chunks: [count]), engine) == expected, "\(count) bytes")
            for first in [1, 55, 63, 64, 65] where first < count {
                let halves = Feeding(bytes, chunks: [first, count - first])
                #expect(try Self.digest(halves, engine) == expected, "\(first) of \(count) bytes first")
            }
        }
    }

    @Test(arguments: SHA256Stream.Engine.available) func chunkingDoesNotMatter(engine: SHA256Stream.Engine) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let feeding = Feeding(using: &generator)
            #expect(try Self.digest(feeding, engine) == sha256(feeding.bytes), "seed \(seed)")
        }
    }

    @Test func twoStreamsOfAnyPhaseLengthAndEngineDoNotDisturbEachOther() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let engines = SHA256Stream.Engine.available
        for _ in 0..<60 {
            let first = Feeding(using: &generator)
            let second = Feeding(using: &generator)
            let expected = [try sha256(first.bytes), try sha256(second.bytes)]
            for (one, other) in engines.flatMap({ one in engines.map { (one, $0) } }) {
                #expect(try Self.digests(first, one, second, other) == expected, "seed \(seed)")
            }
        }
    }

    @Test func twoStreamsMeetEveryBlockBoundary() throws {
        var generator = SeededGenerator(seed: 5)
        let engine = SHA256Stream.Engine.available[0]
        let bytes = generator.bytes(400)
        for start in [0, 1, 55, 56, 63, 64, 65] {
            for other in [0, 1, 8, 63, 64, 65] {
                for count in [0, 1, 63, 64, 65, 127, 128, 129, 192] {
                    let first = Feeding(Array(bytes[..<(start + count)]), chunks: [start, count])
                    let second = Feeding(Array(bytes[..<(other + 130)]), chunks: [other, 130])
                    let expected = [try sha256(first.bytes), try sha256(second.bytes)]
                    #expect(
                        try Self.digests(first, engine, second, engine) == expected,
                        "\(start) and \(count) beside \(other) and 130")
                }
            }
        }
    }

    @Test func anyNumberOfStreamsShareTheTurns() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for (count, length) in [(0, 1), (1, 9), (3, 1), (3, 64), (3, 70_000), (4, 130), (4, 90_000), (6, 90_000)] {
            let bytes = generator.bytes(length)
            let starts = (0..<count).map { $0 < 2 ? 0 : Int.random(in: 0..<length, using: &generator) }
            let streams = try starts.map { _ in try SHA256Stream() }
            try unsafe bytes.withUnsafeBytes { all in
                try unsafe SHA256Feed.run(
                    zip(streams, starts).map { stream, start in
                        unsafe SHA256Feed(stream: stream, rest: UnsafeRawBufferPointer(rebasing: all[start...]))
                    })
            }
            let expected = try starts.map { try sha256(bytes[$0...]) }
            #expect(try streams.map { try $0.finish() } == expected, "seed \(seed)")
        }
    }
}
