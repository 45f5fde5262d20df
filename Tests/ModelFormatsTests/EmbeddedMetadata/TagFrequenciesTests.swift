import TestSupport
import Testing

@testable import ModelFormats

@Suite struct TagFrequenciesTests {
    private func top(_ frequencies: String?, datasets: String? = nil, limit: Int = 50) -> [String] {
        TagFrequencies.top(limit, frequencies: frequencies, datasets: datasets).map { "\($0.tag)=\($0.count)" }
    }

    @Test func datasetsAreSummedAndTiesAreInOrderOfNames() {
        let text = #"{"5_a": {"z": 3, "b": 1, " a ": 1}, "1_b": {"b": 2, "c": 3}}"#
        #expect(top(text) == ["b=3", "c=3", "z=3", "a=1"])
        #expect(top(text, limit: 2) == ["b=3", "c=3"])
    }

    @Test func theLevelOfDirectoriesMayBeMissing() {
        #expect(top(#"{"a": 1, "d": {"b": 2}}"#) == ["b=2", "a=1"])
    }

    @Test func otherValuesAreSteppedOver() {
        let text = #"{"d": {"a": -1, "b": 1.5, "c": "3", "e": {"f": 9}, "": 4, "  ": 4, "g": 0, "h": 2}, "i": [1]}"#
        #expect(top(text) == ["h=2"])
        #expect(top("{\"d\": {\"\(String(repeating: "x", count: 257))\": 1, \"y\": 1}}") == ["y=1"])
    }

    @Test func datasetsAreAskedWhereNothingElseTells() {
        let datasets = #"""
            [{"resolution": [1, 2], "tag_frequency": {"d": {"a": 2}}, "subsets": [{"tag_frequency": 1}]}, null,
             {"tag_frequency": {"d": {"a": 1, "b": 1}}}]
            """#
        #expect(top(nil, datasets: datasets) == ["a=3", "b=1"])
        #expect(top("{}", datasets: datasets) == ["a=3", "b=1"])
        #expect(top(#"{"d": {"c": 1}}"#, datasets: datasets) == ["c=1"])
    }

    @Test func sumsDoNotOverflow() {
        let largest = "18446744073709551615"
        #expect(top("{\"a\": {\"x\": \(largest)}, \"b\": {\"x\": \(largest)}}") == ["x=\(largest)"])
        #expect(top("{\"a\": {\"x\": 18446744073709551616}}").isEmpty)
    }

    @Test func whatStandsBeforeAFaultCounts() {
        #expect(top(#"{"d": {"a": 2, "b": 1"#) == ["a=2", "b=1"])
        #expect(top("nonsense").isEmpty && top("").isEmpty && top("[1, [2]]").isEmpty)
        #expect(top(String(repeating: "[", count: 100_000)).isEmpty)
    }

    @Test func theNumberOfTagsIsBounded() {
        let first = (0..<150_000).map { "\"tag\($0)\": 1" }.joined(separator: ",")
        // A tag that is known by then is still counted.
        #expect(top("{\"d\": {\(first), \"tag7\": 5, \"tag149999\": 9}}", limit: 1) == ["tag7=6"])
    }

    @Test func mutatedTextsNeverTrapAndStayInOrder() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let valid = Array(
            #"{"5_a": {"z": 3, "b\u00e9": 1, " a ": 18446744073709551615}, "1_b": {"b": 2, "c": 3}, "d": 4}"#.utf8)
        var counted = 0
        for _ in 0..<4000 {
            var text = valid
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[index] = UInt8.random(in: 0x20...0x7E, using: &generator)
                case 1: text.remove(at: index)
                default: text.insert(valid.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            let tags = TagFrequencies.top(3, frequencies: String(decoding: text, as: UTF8.self), datasets: nil)
            counted += tags.isEmpty ? 0 : 1
            #expect(tags.count <= 3 && Set(tags.map(\.tag)).count == tags.count, "seed \(seed)")
            #expect(tags.map(\.count) == tags.map(\.count).sorted(by: >), "seed \(seed)")
        }
        #expect(counted > 0, "seed \(seed)")
    }
}
