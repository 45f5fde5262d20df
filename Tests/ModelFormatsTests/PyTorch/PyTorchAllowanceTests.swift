import Testing

@testable import ModelFormats

/// Small files that ask for much work.
@Suite struct PyTorchAllowanceTests {
    @Test func listsOfTheSameLongTextAreNotShownForEver() throws {
        let object = pickle { writer in
            writer.text(String(repeating: "x", count: 60_000))
            writer.put(.memoize)
            writer.put(.pop)
            writer.dictionary(
                [("first", { $0.small(1) })]
                    + (0..<40).map { key in
                        (
                            "list \(key)",
                            {
                                $0.put(.emptyList)
                                $0.put(.mark)
                                for _ in 0..<60 { $0.put(.get1, [0]) }
                                $0.put(.appends)
                            }
                        )
                    } + [("last", { $0.small(2) })])
        }
        #expect(try Inspected(archive(object)).header.metadata.map(\.key) == ["first"])
    }

    @Test func aFileThatIsNamedOverAndOverIsNotReadForEver() throws {
        let list = Array(#"{"x":"\#(String(repeating: "y", count: 1 << 20))"}"#.utf8)
        var zip = ZipWriter()
        zip.add("a/weights_config.json", list)
        var again = zip.entries[0]
        again.data = []
        again.compressedSize = again.size
        again.offset = 0
        for _ in 0..<500 { zip.entries.append(again) }
        zip.add("a/archive_format", [])
        let inspected = try Inspected(zip.bytes)
        #expect(inspected.header.problem?.message == "its lists of weights are too long")
        #expect(inspected.bytesRead < 16 << 20)
        #expect(inspected.header.pickle?.dangerous.contains(PickleImports.unexamined) == true)
    }

    @Test func whatIsTooMuchToNoteIsNotForgotten() throws {
        let object = pickle { writer in
            for number in 0..<1000 {
                writer.put(.none)
                writer.text("name \(number)")
                writer.put(.stackGlobal)
            }
        }
        let report = try #require(try Inspected(archive(object)).header.pickle)
        #expect(report.dangerous.count < 300)
        #expect(report.dangerous.contains(PickleImports.unexamined))
    }

    @Test func namesAreSortedByTheirBytes() {
        let names = ["b", "é", "e\u{301}", "a", "ab", ""]
        let sorted = names.map { ExactText(text: $0) }.sorted().map(\.text)
        #expect(sorted.map { Array($0.utf8) } == ["", "a", "ab", "b", "e\u{301}", "é"].map { Array($0.utf8) })
    }
}
