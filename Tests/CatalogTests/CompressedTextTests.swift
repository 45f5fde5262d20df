import TestSupport
import Testing

@testable import Catalog

@Suite struct CompressedTextTests {
    @Test(arguments: [0, 1, 100, 100_000]) func aTextComesBackAsItWas(length: Int) throws {
        var generator = SeededGenerator(seed: UInt64(length))
        for text in [generator.bytes(length), [UInt8](repeating: 7, count: length)] {
            let compressed = try #require(CompressedText(text))
            #expect(CompressedText(stored: compressed.bytes).text() == text)
            // zlib's header (RFC 1950, 2.2).
            #expect(compressed.bytes.first == 0x78)
        }
    }

    @Test func damageAndExcessAreNoText() throws {
        let compressed = try #require(CompressedText([UInt8](repeating: 7, count: 1 << 20)))
        #expect(compressed.bytes.count < 4096)
        #expect(compressed.text(limit: 1000) == nil)
        #expect(CompressedText(stored: []).text() == nil)
        #expect(CompressedText(stored: Array(compressed.bytes.dropLast(9))).text() == nil)
    }
}
