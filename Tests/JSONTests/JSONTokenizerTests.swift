import Testing

@testable import JSON

@Suite struct JSONTokenizerTests {
    private func tokenizer(_ text: [UInt8], chunkSize: Int = 3) -> JSONTokenizer {
        JSONTokenizer(
            TextStream(range: 0..<UInt64(text.count), chunkSize: chunkSize) { offset, count in
                Array(text[Int(offset)..<(Int(offset) + count)])
            })
    }

    private func skip(_ text: String, chunkSize: Int = 3) throws {
        var json = tokenizer(Array(text.utf8), chunkSize: chunkSize)
        try json.skipValue()
        try json.finish()
    }

    @Test(arguments: [
        "0", "-0", "12", "-1.5e10", "1E-2", "0.0", "1e+5", "true", "false", "null", #""""#,
        #""a\"\\\/\b\f\n\r\t\u0041""#,
        #""\uD834\udd1E""#, "[]", "[ ]", "{}", "[1,[2,{}]]", #"{"a":1,"a":{"b":[]}}"#, " \t\r\n[1 , 2]\n", "\"ä€😀\"",
    ])
    func textsOfTheGrammarAreAccepted(text: String) throws {
        for chunkSize in 1...8 { try skip(text, chunkSize: chunkSize) }
    }

    @Test(arguments: [
        "", " ", "01", "-", "-a", "+1", "1.", ".5", "1e", "1e+", "tru", "True", "nul", "\"", "\"\n\"", #""\x""#,
        #""\u12""#,
        #""\ud834""#, #""\ud834\u0041""#, #""\udd1e""#, "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", #"{"a"}"#,
        #"{"a":}"#, #"{"a":1,}"#, "{1:2}", "{'a':1}", "1 2", "[]]", "NaN", "[}", "\u{FEFF}1", "// a\n1",
    ])
    func otherTextsAreRefused(text: String) {
        for chunkSize in 1...8 {
            #expect(throws: JSONError.self) { try skip(text, chunkSize: chunkSize) }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x41],
        ] as [[UInt8]])
    func textThatIsNotUTF8IsRefused(bytes: [UInt8]) {
        for chunkSize in 1...8 {
            var json = tokenizer([0x22] + bytes + [0x22], chunkSize: chunkSize)
            #expect(throws: JSONError.self) { try json.skipValue() }
        }
        #expect(String(validating: bytes, as: UTF8.self) == nil, "the test's own bytes")
    }

    @Test func faultsNameTheByte() {
        #expect(throws: JSONError.invalid("the header is not JSON: “x” is not expected at byte 5")) {
            try skip("[1,2 x]")
        }
        #expect(throws: JSONError.invalid("the header is not JSON: byte 0x07 is not expected at byte 1")) {
            try skip("[\u{7}]")
        }
        #expect(throws: JSONError.invalid("the header is not JSON: it ends too early")) { try skip("[1,2") }
    }

    @Test func stringsAreReadAcrossChunks() throws {
        for chunkSize in 1...9 {
            var json = tokenizer(Array(#""a\u00e4\ud83d\ude00ß\n" "#.utf8), chunkSize: chunkSize)
            var text: [UInt8] = []
            #expect(try json.string(into: &text, limit: 100))
            #expect(text == Array("aä😀ß\n".utf8))
        }
    }

    @Test func stringsBeyondTheLimitAreReadAndForgotten() throws {
        var json = tokenizer(Array(#""abcdefgh",1"#.utf8))
        var text: [UInt8] = []
        #expect(try !json.string(into: &text, limit: 7))
        #expect(text.count <= 7)
        try json.take(UInt8(ascii: ","))
        #expect(try json.unsignedInteger() == 1)
    }

    @Test func valuesAreRecordedAsWritten() throws {
        for chunkSize in 1...9 {
            var json = tokenizer(Array(#"  {"a" : [1, "x"]}  "#.utf8), chunkSize: chunkSize)
            #expect(try json.verbatimValue(limit: 17) == Array(#"{"a" : [1, "x"]}"#.utf8))
            try json.finish()
            json = tokenizer(Array(#"[1,2,3,4] "#.utf8), chunkSize: chunkSize)
            #expect(try json.verbatimValue(limit: 8) == nil)
            try json.finish()
        }
    }

    @Test func unsignedIntegersSaturateToNil() throws {
        func number(_ text: String) throws -> UInt64? {
            var json = tokenizer(Array(text.utf8))
            let number = try json.unsignedInteger()
            try json.finish()
            return number
        }
        #expect(try number("18446744073709551615") == .max)
        #expect(try number("18446744073709551616") == nil)
        #expect(try number("184467440737095516150") == nil)
        #expect(try number("-1") == nil)
        #expect(try number("1e3") == nil)
        #expect(try number("0") == 0)
        #expect(try number("\"1\"") == nil)
        #expect(throws: JSONError.self) { try number("00") }
    }
}
