import LinuxSystem
import TestSupport
import Testing

@testable import ModelFormats

@Suite struct HostileFileTests {
    private let json = """
        {"__metadata__":{"ss_tag_frequency":"{\\"a\\": {\\"b\\": 1}}","n":[1,{"x":null}],"é":"😀"},
         "lora.up":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},
         "lora.down":{"dtype":"BF16","shape":[1,1,4],"data_offsets":[12,20]},
         "alpha":{"dtype":"F32","shape":[],"data_offsets":[20,24]}}
        """

    @Test func mutatedHeadersNeverTrap() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let valid = safetensors(json, data: 24)
        #expect(try inspect(valid).isValid)
        let interesting = Array("\"\\{}[]:,09-.eEu \u{0}".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<4000 {
            var bytes = valid
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[index] = interesting.randomElement(using: &generator) ?? 0
                case 2: bytes.insert(interesting.randomElement(using: &generator) ?? 0, at: index)
                case 3: bytes.remove(at: index)
                default: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                }
                if bytes.isEmpty { break }
            }
            // Half of the time the length agrees with the text again, so that the fault lies further in.
            if bytes.count > 40, Bool.random(using: &generator) {
                bytes.replaceSubrange(0..<8, with: lengthBytes(UInt64(max(0, bytes.count - 32))))
            }
            let inspection = try inspect(bytes) { _ in }
            #expect(inspection.isValid == (inspection.problem == nil), "seed \(seed)")
            if inspection.isValid {
                #expect(inspection.header?.promisedFileSize == UInt64(bytes.count), "seed \(seed)")
            }
        }
    }

    @Test func everyPrefixOfAFileIsIncompleteOrInvalid() throws {
        let valid = safetensors(json, data: 24)
        for count in 0..<valid.count {
            let inspection = try inspect(Array(valid.prefix(count)))
            switch inspection.problem?.code {
            case .empty: #expect(count == 0)
            case .invalid: #expect((1..<8).contains(count))
            case .incomplete(let promised): #expect(promised > UInt64(count) && promised <= UInt64(valid.count))
            case nil: Issue.record("\(count) bytes are not the whole file")
            }
        }
    }

    /// A real file, where the checkout lies beside a folder of such files.
    @Test func aRealEmbeddingIsUnderstood() throws {
        var root = FilePath(#filePath)
        for _ in 0..<3 { root = root.parent }
        let path = root.appending("../shared/fixtures/models/EasyNegative.safetensors")
        guard let bytes = try? readFile(path, limit: 1 << 20) else { return }
        let inspection = try inspect(bytes)
        #expect(inspection.isValid)
        #expect(inspection.header?.headerSize == 71)
        #expect(inspection.header?.tensorCount == 1)
    }
}
