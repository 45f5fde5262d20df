import Catalog
import IndexAPI
import TestSupport
import Testing

@testable import APIServer

/// Answers in pieces.
@Suite struct StreamedJSONTests {
    private struct Numbers: ElementPages {
        var left: ArraySlice<Int>
        let pageSize: Int

        init(_ numbers: Range<Int>, pageSize: Int) {
            left = Array(numbers)[...]
            self.pageSize = pageSize
        }

        mutating func next() throws -> [[UInt8]] {
            let page = left.prefix(pageSize)
            left = left.dropFirst(pageSize)
            return page.map { Array(String($0).utf8) }
        }
    }

    private func text(_ sections: [JSONSection]) throws -> (text: String, pieces: [Int]) {
        var sections = JSONSections(sections)
        var bytes: [UInt8] = []
        var pieces: [Int] = []
        while let piece = try sections.next() {
            bytes += piece
            pieces.append(piece.count)
        }
        return (String(decoding: bytes, as: UTF8.self), pieces)
    }

    @Test func elementsAreSeparatedAndCounted() throws {
        for pageSize in [1, 2, 100] {
            let sections: [JSONSection] = [
                .text("["), .elements(Numbers(0..<5, pageSize: pageSize)), .text("] "), .count, .text(" ["),
                .elements(Numbers(0..<0, pageSize: pageSize)), .text("] "), .count, .text(" ["),
                .elements(Numbers(7..<9, pageSize: pageSize)), .text("] "), .count,
            ]
            #expect(try text(sections).text == "[0,1,2,3,4] 5 [] 0 [7,8] 2")
        }
    }

    @Test func sectionsAreMadeWhenItIsTheirTurn() throws {
        let sections: [JSONSection] = [
            .text("{"),
            .each(0..<3) { number in
                [.text("\(number):["), .elements(Numbers(0..<number, pageSize: 1)), .text("]"), .count, .text(";")]
            }, .each(5..<5) { _ in [.text("never")] }, .text("}"),
        ]
        #expect(try text(sections).text == "{0:[]0;1:[0]1;2:[0,1]2;}")
    }

    @Test func piecesAreBounded() throws {
        let (whole, pieces) = try text([.text("["), .elements(Numbers(0..<100_000, pageSize: 100)), .text("]")])
        #expect(whole == "[" + (0..<100_000).map(String.init).joined(separator: ",") + "]")
        #expect(pieces.count > 10)
        #expect(pieces.max() ?? .max < 20_000)
    }

    /// However much is known of each file, few of them are held at once.
    @Test func filesWithMuchMetadataAreSentFewAtATime() async throws {
        try await withAPI { api in
            let text = String(repeating: "x", count: 200_000)
            for number in 0..<5 {
                try await api.add("\(number).safetensors", safetensors(metadata: #"{"k\#(number)":"\#(text)"}"#))
            }
            let handler = api.handler
            let sizes = try await onThread {
                var files = FileElements(handler.index, FileFilter())
                files.details = handler.detailedLists.take()
                var sizes: [Int] = []
                while case let elements = try files.next(), !elements.isEmpty { sizes.append(elements.count) }
                return sizes
            }
            #expect(sizes == [1, 1, 1, 1, 1])
            let answer = try await api.get("files?details=true", as: FilesAnswer.self)
            #expect((answer.files.count, answer.total) == (5, 5))
            for file in answer.files {
                #expect(file.metadata?.values.map(\.utf8.count) == [200_000], "\(file.error ?? "")")
            }
        }
    }

    /// A whole list tells how many files it has, whatever came and went while it was made.
    @Test func theTotalOfAWholeListIsWhatItHas() async throws {
        try await withAPI { api in
            for number in 0..<3 {
                try await api.add("\(number).safetensors", safetensors(metadata: #"{"n":"\#(number)"}"#))
            }
            let whole = try await api.get("files", as: FilesAnswer.self)
            #expect((whole.files.count, whole.total) == (3, 3))
            let page = try await api.get("files?limit=1&offset=1", as: FilesAnswer.self)
            #expect((page.files.count, page.total) == (1, 3))
            let empty = try await api.get("files?type=vae", as: FilesAnswer.self)
            #expect((empty.files.count, empty.total) == (0, 0))
        }
    }
}
