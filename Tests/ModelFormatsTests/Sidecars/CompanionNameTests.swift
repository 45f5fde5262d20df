import TestSupport
import Testing

@testable import ModelFormats

@Suite struct CompanionNameTests {
    private func readings(_ name: String) -> [CompanionName] { CompanionName.readings(of: Array(name.utf8)) }

    private func reading(_ stem: String, _ role: CompanionName.Role) -> CompanionName {
        CompanionName(stem: Array(stem.utf8), role: role)
    }

    @Test func eachEndingHasItsRole() {
        #expect(readings("a.json") == [reading("a", .userNotes)])
        #expect(readings("a.civitai.info") == [reading("a", .civitaiInfo)])
        #expect(readings("a.png") == [reading("a", .preview(rank: 7))])
        #expect(readings("a.b.jpeg") == [reading("a.b", .preview(rank: 9))])
    }

    @Test func aNameMayBelongToTwoModels() {
        #expect(readings("a.metadata.json") == [reading("a", .loraManager), reading("a.metadata", .userNotes)])
        #expect(readings("a.cm-info.json") == [reading("a", .stabilityMatrix), reading("a.cm-info", .userNotes)])
        #expect(readings("a.civitai.json") == [reading("a", .civitaiJSON), reading("a.civitai", .userNotes)])
        #expect(
            readings("a.preview.png") == [reading("a", .preview(rank: 0)), reading("a.preview", .preview(rank: 7))])
        #expect(readings("a.preview.mp4") == [reading("a", .preview(rank: 5))])
    }

    /// As in the programs that write them, which look for these names and no others.
    @Test func theCaseOfAnEndingMatters() {
        #expect(readings("Ab.CIVITAI.Info") == [])
        #expect(readings("É.preview.JPG") == [])
    }

    @Test func allNamesBesideAModelAreReadAsThat() {
        for name in CompanionName.names(beside: Array("a.b".utf8)) {
            #expect(CompanionName.readings(of: name).contains { $0.stem == Array("a.b".utf8) })
        }
    }

    @Test func stemsAreBytes() {
        let name: [UInt8] = [0xFF, 0xFE] + Array(".json".utf8)
        #expect(CompanionName.readings(of: name) == [CompanionName(stem: [0xFF, 0xFE], role: .userNotes)])
    }

    @Test(arguments: [
        "", ".json", ".png", "json", "a.safetensors", "a.gguf", "a.yaml", "a.txt", "a.info", "a.mp4", "a.gif",
        "a.jsonl",
        "a.json.bak", "a_json", "a.description.txt", "a.html", "python", "4", "a@png", "a.jso\u{4E}.tmp",
    ])
    func otherNamesAreNone(name: String) {
        #expect(readings(name).isEmpty)
    }

    @Test func previewsHaveAnOrder() {
        let names = [
            "a.preview.png", "a.preview.jpg", "a.preview.jpeg", "a.preview.webp", "a.preview.gif", "a.preview.mp4",
            "a.preview.webm", "a.png", "a.jpg", "a.jpeg", "a.webp",
        ]
        let ranks = names.map { name -> Int in
            if case .preview(let rank)? = readings(name).first?.role { rank } else { -1 }
        }
        #expect(ranks == Array(0..<names.count))
        #expect(names.filter { CompanionName.isFilm(name: Array($0.utf8)) } == ["a.preview.mp4", "a.preview.webm"])
    }

    @Test(arguments: [
        ("a.safetensors", "a"), ("a.b.SafeTensors", "a.b"), ("a.pt2", "a"), ("a.gguf", "a"), (".sft", ".sft"),
        ("a.txt", "a.txt"), ("a", "a"),
    ])
    func aModelsStemIsItsNameWithoutTheEnding(name: String, stem: String) {
        #expect(CompanionName.stem(ofModelFile: Array(name.utf8)) == Array(stem.utf8))
    }
}
