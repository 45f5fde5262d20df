import TestSupport
import Testing

@testable import Hashing

/// SHA-256 of these bytes by the reference, OpenSSL, fed at once.
func sha256(_ bytes: some Collection<UInt8>) throws -> String {
    let stream = try SHA256Stream(engine: .openSSL)
    try unsafe Array(bytes).withUnsafeBytes { try unsafe stream.update($0) }
    return try stream.finish()
}

/// The digests of these bytes, fed in chunks whose sizes `chunk` gives.
func digests(
    _ bytes: [UInt8], _ plan: DigestPlan? = nil, engine: SHA256Stream.Engine = SHA256Stream.Engine.available[0],
    chunk: () -> Int = { 1 << 20 }
) throws -> Digests {
    let digester = try FileDigester(plan: plan ?? DigestPlan(size: UInt64(bytes.count)), engine: engine)
    try unsafe bytes.withUnsafeBytes { all in
        var start = 0
        while start < all.count {
            let end = start + min(all.count - start, max(1, chunk()))
            try unsafe digester.update(UnsafeRawBufferPointer(rebasing: all[start..<end]))
            start = end
        }
    }
    return try digester.finish()
}

@Suite struct FileDigesterTests {
    // Worked values: unit test of CivitAI's model scanner.
    @Test func helloWorldHasTheDigestsOfCivitAIsScanner() throws {
        let result = try digests(Array("hello world".utf8))
        #expect(result.sha256 == "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")
        #expect(result.autoV2 == "b94d27b993")
        #expect(result.crc32 == "85114a0d")
        #expect(result.autoV1 == nil)
        #expect(result.autoV3 == nil)
    }

    @Test func twoMebibytesOfZerosHaveAnAutoV1() throws {
        let result = try digests([UInt8](repeating: 0, count: 2 << 20))
        #expect(result.sha256 == "5647f05ec18958947d32874eeb788fa396a05d0bab7c1b71f112ceb7e9b31eee")
        #expect(result.autoV1 == "de2f2560")
        #expect(result.autoV2 == "5647f05ec1")
        #expect(result.crc32 == "7e87898d")
    }

    @Test func emptyInputHasDigests() throws {
        let result = try digests([])
        #expect(result.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(result.crc32 == "00000000")
    }

    @Test func autoV1NeedsTwoMebibytes() throws {
        #expect(try digests([UInt8](repeating: 0, count: (2 << 20) - 1)).autoV1 == nil)
    }

    @Test func autoV1CoversSixtyFourKibibytesAtOneMebibyte() throws {
        var generator = SeededGenerator(seed: 1)
        let bytes = generator.bytes((2 << 20) + 5)
        let expected = try sha256(bytes[0x10_0000..<0x11_0000])
        #expect(try digests(bytes).autoV1 == String(expected.prefix(8)))
    }

    @Test func autoV3CoversWhatFollowsTheHeader() throws {
        var generator = SeededGenerator(seed: 2)
        let bytes = generator.bytes(300_000)
        let plan = DigestPlan(size: 300_000, safetensorsHeaderSize: 71)
        let result = try digests(bytes, plan)
        #expect(result.untruncatedAutoV3 == (try sha256(bytes[79...])))
        #expect(result.autoV3 == result.untruncatedAutoV3.map { String($0.prefix(12)) })
    }

    @Test func autoV3IsForValidHeadersAndSizesUpToTheMaximum() {
        #expect(DigestPlan(size: 100, safetensorsHeaderSize: 92).autoV3Start == 100)
        #expect(DigestPlan(size: 100, safetensorsHeaderSize: 93).autoV3Start == nil)
        #expect(DigestPlan(size: 100, safetensorsHeaderSize: .max).autoV3Start == nil)
        #expect(DigestPlan(size: 100, safetensorsHeaderSize: 10, autoV3MaximumSize: 100).autoV3Start == 18)
        #expect(DigestPlan(size: 101, safetensorsHeaderSize: 10, autoV3MaximumSize: 100).autoV3Start == nil)
        #expect(DigestPlan(size: 100).autoV3Start == nil)
    }

    @Test func blake3CoversTheWholeFileWhereThePlanAsksForIt() throws {
        let bytes = (0..<102_400).map { UInt8($0 % 251) }
        let result = try digests(bytes, DigestPlan(size: 102_400, blake3: true), chunk: { 7_777 })
        #expect(result.blake3 == "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085")
        #expect(try digests(bytes).blake3 == nil)
    }

    @Test(arguments: SHA256Stream.Engine.available) func chunkingDoesNotMatter(engine: SHA256Stream.Engine) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let bytes = generator.bytes(Int.random(in: 0...(3 << 20), using: &generator))
            let header = UInt64.random(in: 0...UInt64(bytes.count + 8), using: &generator)
            let plan = DigestPlan(size: UInt64(bytes.count), safetensorsHeaderSize: header)
            let limit = Int.random(in: 1_000...700_000, using: &generator)
            let atOnce = try digests(bytes, plan, engine: engine, chunk: { .max })
            let chunked = try digests(
                bytes, plan, engine: engine, chunk: { Int.random(in: 1...limit, using: &generator) })
            #expect(chunked == atOnce, "seed \(seed)")
            #expect(atOnce.sha256 == (try sha256(bytes)), "seed \(seed)")
            let tail = try plan.autoV3Start.map { try sha256(bytes[Int($0)...]) }
            #expect(atOnce.untruncatedAutoV3 == tail, "seed \(seed)")
        }
    }

    @Test func aDifferentNumberOfBytesThanPlannedGivesNoDigests() throws {
        #expect(throws: HashingError.changed(expectedSize: 4)) {
            try digests(Array("hello".utf8), DigestPlan(size: 4))
        }
        #expect(throws: HashingError.changed(expectedSize: 6)) {
            try digests(Array("hello".utf8), DigestPlan(size: 6))
        }
    }
}
