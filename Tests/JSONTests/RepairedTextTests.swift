import TestSupport
import Testing

@testable import JSON

@Suite struct RepairedTextTests {
    @Test func bytesAreRepairedAsTheStandardLibraryDoes() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let interesting: [UInt8] = [0x41, 0x7F, 0x80, 0x9F, 0xBF, 0xC1, 0xC3, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]
        for _ in 0..<4000 {
            let count = Int.random(in: 0...9, using: &generator)
            let bytes = (0..<count).map { _ in interesting.randomElement(using: &generator) ?? 0 }
            #expect(Array(String(repairing: bytes).utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
        }
    }

    @Test func charactersOfEachLengthAreEncoded() {
        for scalar in ["a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"]
            as [UnicodeScalar]
        {
            var bytes: [UInt8] = []
            bytes.append(scalar)
            #expect(bytes == Array(String(scalar).utf8))
        }
    }
}
