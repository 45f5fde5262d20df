import Testing

@testable import ModelFormats

@Suite struct MetadataCollectorTests {
    @Test func repairedTextCountsAsWhatItBecomes() {
        var collector = MetadataCollector(budget: 1500)
        let broken = [UInt8](repeating: 0xFF, count: 200)
        // 1 and 256 and three times 200 bytes.
        collector.add(key: [0x61], value: broken)
        #expect(collector.remaining == 1500 - 857)
        collector.add(key: [0x61], value: [0x62])
        #expect(collector.remaining == 1500 - 1115)
        collector.add(key: [0x61], value: broken + broken)
        #expect(collector.droppedCount == 1)
        #expect(collector.remaining == 1500 - 1115 - 256)
        #expect(collector.entries.map(\.value) == ["b"])
        collector.add(key: [0xFF], value: [UInt8](repeating: 0xFF, count: 280))
        #expect(collector.droppedCount == 2)
        #expect(!collector.hasRoom)
    }
}
