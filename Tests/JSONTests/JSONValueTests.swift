import TestSupport
import Testing

@testable import JSON

@Suite struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

    @Test func everyKindOfValueIsRead() throws {
        let json = try value(
            #"""
             {"null": null, "yes": true, "no": false, "whole": -12, "broken": 1.5, "text": "a\nä😀\u00e9",
              "list": [1, [], {}], "object": {"inner": 1}}
            """#)
        #expect(json["null"] == .null)
        #expect(json["yes"]?.bool == true && json["no"]?.bool == false)
        #expect(json["whole"] == .integer(-12))
        #expect(json["broken"] == .decimal(1.5))
        #expect(json["text"]?.string == "a\nä😀é")
        #expect(json["list"]?.elements == [.integer(1), .array([]), .object([])])
        #expect(json["object"]?["inner"]?.integer == 1)
        #expect(json["missing"] == nil && !json.has("missing") && json.has("null"))
        #expect(json.members.map(\.name).first == "null" && json.isObject)
    }

    @Test func theLastOfTwoMembersCounts() throws {
        #expect(try value(#"{"a": 1, "b": 2, "a": 3}"#)["a"] == .integer(3))
        // The same character in two spellings is two names.
        #expect(try value(#"{"é": 1, "e\u0301": 2}"#)["é"] == .integer(1))
    }

    @Test func numbersKeepWhatTheyCan() throws {
        #expect(try value("9223372036854775807") == .integer(.max))
        #expect(try value("-9223372036854775808") == .integer(.min))
        #expect(try value("9223372036854775808") == .decimal(9_223_372_036_854_775_808))
        #expect(try value("1e400") == .number("1e400"))
        #expect(try value("-0.0") == .decimal(0))
        #expect(try value(String(repeating: "9", count: 2000)) == .null)
    }

    @Test func numbersAreTakenFromStringsToo() throws {
        let json = try value(#"["123", 123.0, 1.5, "x", "", true, "99999999999999999999", "1e999", "nan", {}]"#)
        #expect(json.elements.map(\.integer) == [123, 123, nil, nil, nil, nil, nil, nil, nil, nil])
        #expect(json.elements.map(\.double) == [123, 123, 1.5, nil, nil, nil, 1e20, nil, nil, nil])
        #expect(json.elements.allSatisfy { $0["x"] == nil })
    }

    @Test(arguments: ["", "{", "{\"a\"}", "[1,]", "{} {}", "nan", "'a'", "\u{FEFF}{}", "\"\u{0}\"", #""\ud800""#])
    func otherTextsAreRefusedByName(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(Array(text.utf8), subject: "the note") }
        #expect(error?.message.hasPrefix("the note is not JSON: ") == true, "\(error?.message ?? "")")
    }

    @Test func textThatIsNotUTF8IsRefused() {
        #expect(throws: JSONError.invalid("the text is not UTF-8 at byte 2")) {
            try JSONValue([0x22, 0x61, 0xFF, 0x22])
        }
    }

    @Test func depthAndNumberAreBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(nested(JSONValue.maximumDepth)) }
        #expect(throws: JSONError.invalid("the text nests deeper than 64 levels")) {
            try JSONValue(nested(JSONValue.maximumDepth + 1))
        }
        #expect(throws: JSONError.self) { try JSONValue(nested(1_000_000)) }

        let many =
            Array("[".utf8) + Array(String(repeating: "0,", count: JSONValue.maximumCount).utf8) + Array("0]".utf8)
        #expect(throws: JSONError.invalid("the text holds more than 200000 values")) { try JSONValue(many) }
    }

    @Test func otherLimitsCanBeAskedFor() throws {
        let text = Array("[[1,2]]".utf8)
        #expect(throws: Never.self) { try JSONValue(text, maximumDepth: 2, maximumCount: 4) }
        #expect(throws: JSONError.invalid("the text nests deeper than 1 levels")) {
            try JSONValue(text, maximumDepth: 1)
        }
        #expect(throws: JSONError.invalid("the text holds more than 3 values")) {
            try JSONValue(text, maximumCount: 3)
        }
        let deep = Array(String(repeating: "[", count: 200).utf8)
        #expect(throws: JSONError.invalid("the text nests deeper than 128 levels")) {
            try JSONValue(deep, maximumDepth: .max)
        }
    }

    @Test func numbersCanBeKeptAsTheyAreWritten() throws {
        let text = Array("[1, 1.50, 18446744073709551615, 1e3, -0, 1e400]".utf8)
        let elements = try JSONValue(text, keepsNumbers: true).elements
        #expect(
            elements == [
                .integer(1), .number("1.50"), .number("18446744073709551615"), .number("1e3"), .integer(0),
                .number("1e400"),
            ])
        #expect(elements.map(\.integer) == [1, nil, nil, 1000, 0, nil])
        #expect(elements.map(\.double) == [1, 1.5, 18_446_744_073_709_551_616, 1000, 0, nil])
    }

    @Test func aValueIsWrittenAsItWasRead() throws {
        let text = #"{"a":[1,-2.50e3,"x\"\\/é😀",{"b":null,"a":true}],"a":false,"c":[],"d":{}}"#
        let value = try JSONValue(Array(text.utf8), keepsNumbers: true)
        #expect(JSONText.text(of: value) == text)
        #expect(JSONText.text(of: .string("\u{0}\n")) == #""\u0000\u000a""#)
        #expect(JSONText.text(of: .decimal(1.5)) == "1.5")
    }

    @Test func mutatedTextsNeverTrap() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        print("seed \(seed)")
        let valid = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",{"b":null,"a":true}],"c":"\"\\"}"#.utf8)
        var accepted = 0
        for _ in 0..<5000 {
            var text = valid
            for _ in 0...Int.random(in: 0...2, using: &generator) where !text.isEmpty {
                let index = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: text.remove(at: index)
                default: text.insert(valid.randomElement(using: &generator) ?? 0, at: index)
                }
            }
            if (try? JSONValue(text)) != nil { accepted += 1 }
        }
        #expect((1..<5000).contains(accepted), "seed \(seed)")
    }
}
