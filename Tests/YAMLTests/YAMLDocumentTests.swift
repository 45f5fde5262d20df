import Testing

@testable import YAML

@Suite struct YAMLDocumentTests {
    private func parse(_ text: String) throws -> YAMLNode? { try YAMLDocument.parse(Array(text.utf8)) }

    private func failure(_ bytes: [UInt8]) -> YAMLError? {
        do throws(YAMLError) {
            _ = try YAMLDocument.parse(bytes)
            return nil
        } catch { return error }
    }

    private func failure(_ text: String) -> YAMLError? { failure(Array(text.utf8)) }

    @Test func nodesKnowTheirPlace() throws {
        let root = try #require(try parse("a: 1\nb:\n  - x\n  - {c: \"d\"}\n"))
        let pairs = try #require(root.mapping)
        #expect(pairs.map { $0.key.scalar?.text } == ["a", "b"])
        #expect([pairs[0].value.line, pairs[0].value.column] == [1, 4])
        let list = try #require(pairs[1].value.sequence)
        #expect([list[0].line, list[0].column] == [3, 5])
        let inner = try #require(list[1].mapping?.first)
        #expect([inner.key.line, inner.key.column] == [4, 6])
        #expect(inner.value.scalar == YAMLScalar(text: "d", style: .quoted))
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n"]) func noDocumentIsNil(_ text: String) throws {
        #expect(try parse(text) == nil)
    }

    @Test(arguments: ["~", "null", "---\n", "NULL"]) func nullIsNull(_ text: String) throws {
        #expect(try parse(text)?.isNull == true)
    }

    @Test(arguments: ["\"null\"", "!!str null", "nothing", "''", "[]"])
    func otherValuesAreNotNull(_ text: String) throws {
        #expect(try parse(text)?.isNull == false)
    }

    @Test func duplicateKeysStayVisible() throws {
        #expect(try parse("a: 1\na: 2\n")?.mapping?.map(\.value.scalar?.text) == ["1", "2"])
        #expect(try parse("a: 1\na: 2\n")?.mapping?.map(\.key.line) == [1, 2])
    }

    @Test func blocksOfLinesWork() throws {
        let root = try parse("a: |\n  one\n\n  two\nb: >\n  three\n  four\n")
        #expect(
            root?.mapping?.map(\.value.scalar) == [
                YAMLScalar(text: "one\n\ntwo\n", style: .literal), YAMLScalar(text: "three four\n", style: .folded),
            ])
        #expect(root?.mapping?.first?.value.line == 1)
    }

    @Test func tagsAreKept() throws {
        #expect(try parse("!!int 5")?.tag == "tag:yaml.org,2002:int")
        #expect(try parse("!mine [1]")?.tag == "!mine")
    }

    @Test func aliasesStandForTheirAnchor() throws {
        let root = try #require(try parse("a: &x [1, 2]\nb: *x\n").flatMap(\.mapping))
        #expect(root[0].value == root[1].value)
        #expect(root[1].value.line == 1)
    }

    @Test func byteOrderMarkIsSkipped() throws {
        #expect(
            try YAMLDocument.parse([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8))?.mapping?.first?.key.scalar?.text == "a")
    }

    @Test(
        arguments: [
            ("a: [1\nb: 2\n", 2), ("a: 1\n\tb: 2\n", 2), ("a: b: c\n", 1), ("x: 1\n}\n", 2), ("a: \"unfinished\n", 2),
            ("a: 1\n---\nb: 2\n", 2), ("a: *nothing\n", 1), ("a: 1\nb: &b [*b]\n", 2), ("a: \"x\\0y\"\n", 1),
            ("a: 1\nb: \u{0}\n", 2),
        ] as [(String, Int)])
    func faultsNameTheirLine(_ text: String, _ line: Int) {
        #expect(failure(text)?.line == line)
        #expect(failure(text)?.message.isEmpty == false)
    }

    @Test func faultsSayWhatIsWrong() {
        #expect(failure("a: *b\n")?.description == "line 1, column 4: the alias *b has no finished anchor &b before it")
        #expect(failure("a: 1\n---\nb: 2\n")?.message == "only one document is allowed in the file")
        #expect(failure("a: \"\\0\"")?.message == "a NUL character is not allowed")
    }

    @Test func bytesThatAreNotUTF8AreRefusedWithTheirLine() {
        for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF8, 0x80, 0x80]] {
            let error = failure(Array("a: 1\nb: é".utf8) + bad + Array("\n".utf8))
            #expect(error?.line == 2)
            #expect(error?.column == 5 || error?.column == 6, "the bad byte or the one that should have gone on")
        }
        #expect(failure([0xFF, 0xFE, 0x61, 0x00]) != nil, "UTF-16 is not read as something else")
    }

    @Test func sizeIsBounded() throws {
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: YAMLDocument.sizeLimit)
        #expect(try YAMLDocument.parse(comment) == nil)
        #expect(failure(comment + [UInt8(ascii: "#")]) != nil)
    }

    @Test func depthIsBounded() throws {
        let limit = YAMLDocument.depthLimit
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try parse(nested(limit)) != nil)
        #expect(failure(nested(limit + 1))?.message == "values are nested deeper than 64 levels")
        #expect(failure(String(repeating: "[", count: 500_000)) != nil)
        #expect(failure(String(repeating: "- ", count: 500_000)) != nil)
    }

    @Test func aliasesCannotBuildDepth() {
        var text = "a0: &a0 [1]\n"
        for level in 1...200 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(failure(text)?.message == "values are nested deeper than 64 levels")
    }

    @Test func aliasesCannotExplode() {
        var text = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
        for level in 1...9 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(failure(text)?.message == "the document has more than 500000 values, aliases counted")
    }

    @Test func aByteOrderMarkDoesNotIndentTheFirstLine() throws {
        let document = try #require(try YAMLDocument.parse([0xEF, 0xBB, 0xBF] + Array("a: 1\nb: 2\n".utf8)))
        #expect(document.mapping?.map(\.key.scalar?.text) == ["a", "b"])
        #expect(document.mapping?.map(\.key.column) == [1, 1])
        #expect(try YAMLDocument.parse([0xEF, 0xBB, 0xBF]) == nil)
    }

    /// Whatever stands in the bytes, the reader answers; an answer is a tree or an error, never a trap.
    @Test func randomDocumentsNeverTrap() {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next()
        print("seed \(seed)")
        var state = seed
        let pieces = [
            "a", ": ", "- ", "[", "]", "{", "}", ",", "\n", "  ", "&x ", "*x", "|\n", ">", "'", "\"", "\\0", "!!str ",
            "#", "---\n", "...", "?", "%", "\t", "\u{0}", "é", "<<: ",
        ]
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var answered = 0
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<next(40) { bytes += Array(pieces[next(pieces.count)].utf8) }
            if next(4) == 0, !bytes.isEmpty { bytes[next(bytes.count)] = UInt8(next(256)) }
            if let error = failure(bytes) { #expect(error.line >= 1 && error.column >= 1) }
            answered += 1
        }
        #expect(answered == 3000)
    }
}
