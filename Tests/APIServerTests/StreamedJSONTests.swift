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

    @Test func piecesAreBounded() throws {
        let (whole, pieces) = try text([.text("["), .elements(Numbers(0..<100_000, pageSize: 100)), .text("]")])
        #expect(whole == "[" + (0..<100_000).map(String.init).joined(separator: ",") + "]")
        #expect(pieces.count > 10)
        #expect(pieces.max() ?? .max < 20_000)
    }
}
