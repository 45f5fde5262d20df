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
}
