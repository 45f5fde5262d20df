import Testing

@testable import ModelFormats

@Suite struct SidecarTextTests {
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
