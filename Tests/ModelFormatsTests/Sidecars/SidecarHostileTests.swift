import TestSupport
import Testing

@testable import ModelFormats

@Suite struct SidecarHostileTests {
    @Test(arguments: [
        ("{\"id\": 1", "the sidecar is not JSON: it ends too early"),
        ("<!DOCTYPE html><html>", "the sidecar is a web page and not JSON"),
        ("\u{0}\u{0}\u{0}", "the sidecar is not JSON: byte 0x00 is not expected at byte 0"),
        ("{\"id\": 1}{", "the sidecar is not JSON: “{” is not expected at byte 9"),
    ])
    func brokenSidecarsSayWhy(text: String, message: String) {
        for role in [CompanionName.Role.civitaiInfo, .civitaiJSON, .loraManager, .stabilityMatrix] {
            #expect(Sidecar(role, Array(text.utf8)).problem?.message == message)
        }
        #expect(Sidecar(.preview(rank: 0), Array(text.utf8)).problem == nil)
    }

    @Test func aHugeFileIsNotRead() {
        var bytes = Array(#"{"id": 1, "modelId": 2, "files": []}"#.utf8)
        bytes += [UInt8](repeating: 0x20, count: Sidecar.maximumSize - bytes.count)
        #expect(Sidecar(.civitaiInfo, bytes).civitai?.versionID == 1)
        bytes.append(0x20)
        let sidecar = Sidecar(.civitaiInfo, bytes)
        #expect(sidecar.civitai == nil)
        #expect(sidecar.problem?.message == "the sidecar has more than 8388608 bytes")
    }

    @Test func aTableWithThousandsOfMembersIsNoSidecar() {
        func notes(_ others: Int) -> Sidecar {
            let members = (0..<others).map { ",\"m\($0)\":0" }.joined()
            return Sidecar(.userNotes, Array("{\"activation text\":\"x\"\(members)}".utf8))
        }
        #expect(notes(999).user?.activationText == "x")
        #expect(notes(1000).user == nil)
    }

    @Test func namesOfUnreasonableLengthAreLeftOut() {
        let long = String(repeating: "e\u{301}", count: 1 << 17)
        let text = #"""
            {"id": 1, "modelId": 2, "name": "\#(long)", "baseModel": "\#(long)", "\#(long)": 1,
             "trainedWords": ["\#(long)"], "model": {"name": "\#(long)", "type": "\#(long)"}}
            """#
        let part = Sidecar(.civitaiInfo, Array(text.utf8)).civitai
        #expect(part?.modelID == 2 && part?.modelName == nil && part?.type == nil && part?.baseModel == nil)
        #expect(part?.trainedWords == [long], "a word may be a whole prompt")
    }

    @Test func marksOfByteOrderAreUnderstood() {
        let text = #"{"notes": "ä😀"}"#
        #expect(Sidecar(.userNotes, [0xEF, 0xBB, 0xBF] + Array(text.utf8)).user?.notes == "ä😀")
        let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(Sidecar(.userNotes, [0xFF, 0xFE] + little).user?.notes == "ä😀")
        #expect(Sidecar(.userNotes, [0xFE, 0xFF] + big).user?.notes == "ä😀")
        for bytes in [[0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0x7B], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
            #expect(Sidecar(.userNotes, bytes) == Sidecar(.userNotes, []))
        }
    }

    @Test func mutatedSidecarsNeverTrapAndNeverGiveImpossibleValues() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let texts = [
            #"{"id":1,"modelId":2,"name":"v","nsfwLevel":3,"files":[{"sizeKB":1.5,"hashes":{"AutoV2":"0123456789"}}]}"#,
            #"{"sd version":"SDXL","preferred weight":0.5,"notes":"x","activation text":"y","modelId":3}"#,
            #"{"ModelId":1,"ModelName":"a","ModelType":"LORA","VersionId":2,"TrainedWords":["a"],"Source":0}"#,
            #"{"file_name":"a","model_name":"b","size":1e3,"sha256":"","usage_tips":"{\"strength\":1}","civitai":{"id":5}}"#,
        ].map { Array($0.utf8) }
        var understood = 0
        for round in 0..<8000 {
            var bytes = texts[round % texts.count]
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: bytes.insert(UInt8.random(in: 0x30...0x39, using: &generator), at: index)
                default: bytes.remove(at: index)
                }
            }
            let sidecar = Sidecar(.civitaiInfo, bytes)
            guard sidecar.user != nil || sidecar.civitai != nil else { continue }
            understood += 1
            #expect(sidecar.problem == nil)
            #expect(sidecar.user?.preferredWeight != 0, "seed \(seed)")
            for id in [sidecar.civitai?.modelID, sidecar.civitai?.versionID] {
                #expect(id.map { (1...2_147_483_647).contains($0) } ?? true, "seed \(seed)")
            }
        }
        #expect(understood > 0, "seed \(seed)")
    }
}
