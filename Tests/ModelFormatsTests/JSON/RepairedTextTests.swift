import TestSupport
import Testing

@testable import ModelFormats

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

    @Test(arguments: [[0xFE, 0xFF], [0xFF, 0xFE]] as [[UInt8]])
    func textInUTF16IsReadWithItsHalfCharacters(mark: [UInt8]) {
        let units: [UInt16] = [0x41, 0xE9, 0xD83D, 0xDE00, 0xD83D, 0x42, 0xDE00, 0xD83D, 0xD83D, 0xDE00, 0xD83D]
        let bytes = units.flatMap { unit -> [UInt8] in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return mark[0] == 0xFE ? [high, low] : [low, high]
        }
        #expect(SidecarText.utf8(of: mark + bytes) == Array(String(decoding: units, as: UTF16.self).utf8))
    }
}
