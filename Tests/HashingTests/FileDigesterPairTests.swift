import TestSupport
import Testing

@testable import Hashing

/// A file with a plan, and what is left of its bytes.
private struct File {
    let bytes: [UInt8]
    let plan: DigestPlan
    let digester: FileDigester
    var fed = 0

    init(_ bytes: [UInt8], _ plan: DigestPlan, engine: SHA256Stream.Engine) throws {
        self.bytes = bytes
        self.plan = plan
        digester = try FileDigester(plan: plan, engine: engine)
    }

    mutating func take(_ count: Int) -> [UInt8] {
        let part = bytes[fed...].prefix(count)
        fed += part.count
        return Array(part)
    }
}

@Suite struct FileDigesterPairTests {
    private static func digests(_ first: File, _ second: File, chunk: () -> Int) throws -> [Digests] {
        var first = first
        var second = second
        while first.fed < first.bytes.count || second.fed < second.bytes.count {
            let one = first.take(chunk())
            let other = second.take(chunk())
            try unsafe one.withUnsafeBytes { one in
                try unsafe other.withUnsafeBytes { other in
                    try unsafe FileDigester.update(first.digester, one, second.digester, other)
                }
            }
        }
        return [try first.digester.finish(), try second.digester.finish()]
    }

    @Test(arguments: SHA256Stream.Engine.available)
    func twoFilesHaveTheDigestsThatTheyHaveAlone(engine: SHA256Stream.Engine) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        // Whether the first has a tail for AutoV3, and whether the second has.
        for tails in [[false, false], [true, false], [false, true], [true, true]] {
            let files = try tails.map { hasTail in
                let bytes = generator.bytes(Int.random(in: 0...(3 << 20), using: &generator))
                let header = UInt64(Int.random(in: 0...300_000, using: &generator))
                let plan = DigestPlan(
                    size: UInt64(bytes.count), safetensorsHeaderSize: hasTail ? header : nil, blake3: hasTail)
                return try File(bytes, plan, engine: engine)
            }
            let limit = Int.random(in: 1_000...1_000_000, using: &generator)
            let expected = try files.map { try Self.alone($0) }
            let pair = try Self.digests(files[0], files[1], chunk: { Int.random(in: 1...limit, using: &generator) })
            #expect(pair == expected, "seed \(seed)")
        }
    }

    @Test func eachFileOfAPairKeepsToItsOwnSize() throws {
        let engine = SHA256Stream.Engine.available[0]
        let short = try File([1, 2, 3], DigestPlan(size: 4), engine: engine)
        let right = try File([1, 2, 3], DigestPlan(size: 3), engine: engine)
        #expect(throws: HashingError.changed(expectedSize: 4)) { try Self.digests(short, right, chunk: { 2 }) }
        #expect(try right.digester.finish().sha256 == sha256([1, 2, 3]))
    }

    private static func alone(_ file: File) throws -> Digests {
        try HashingTests.digests(file.bytes, file.plan, engine: .openSSL)
    }
}
