internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import Synchronization

/// The elements of a list in an answer, page by page, so that a list of any length is never held as a whole.
protocol ElementPages: Sendable {
    /// The next elements as JSON; empty at the end.
    mutating func next() throws -> [[UInt8]]
}

/// What the numbers of a list stand for; what is gone by now is left out.
struct NumberedElements<Value: Encodable & Sendable>: ElementPages {
    let index: APIIndex
    /// The numbers of those that are still to come.
    var left: ArraySlice<Int64>
    /// Nil for what is gone.
    let value: @Sendable (CatalogReader, Int64) throws -> Value?

    private var pageSize: Int { 50 }

    mutating func next() throws -> [[UInt8]] {
        while !left.isEmpty {
            let page = left.prefix(pageSize)
            left = left.dropFirst(page.count)
            let values = try index.catalog.read { reader in try page.compactMap { try value(reader, $0) } }
            if !values.isEmpty { return try values.map { try WireJSON.encode($0) } }
        }
        return []
    }
}

/// A part of an answer that is made while it is sent.
enum JSONSection: Sendable {
    case text(String)
    /// The elements with commas between them.
    case elements(any ElementPages)
    /// How many elements the list had that was written last.
    case count
    /// What is made for each number of a range, when it is its turn.
    case each(Range<Int>, @Sendable (Int) throws -> [JSONSection])
}

/// An answer in pieces of bounded size.
struct JSONSections: Sendable {
    /// Sections are gathered until a piece has so many bytes.
    private static let pieceSize = 16 << 10

    /// What is still to be written, the next one last.
    private var left: [JSONSection]
    private var count = 0
    /// True when an element of the present list was written.
    private var hasElements = false

    init(_ sections: [JSONSection]) { left = sections.reversed() }

    /// The next piece; nil at the end.
    mutating func next() throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < Self.pieceSize, let section = left.popLast() {
            switch section {
            case .text(let text): bytes += text.utf8
            case .count: bytes += String(count).utf8
            case .each(let numbers, let make):
                guard let number = numbers.first else { continue }
                left.append(.each(numbers.dropFirst(), make))
                left += try make(number).reversed()
            case .elements(var pages):
                if !hasElements { count = 0 }
                let elements = try pages.next()
                for element in elements {
                    if hasElements { bytes.append(UInt8(ascii: ",")) }
                    hasElements = true
                    bytes += element
                }
                count += elements.count
                if elements.isEmpty { hasElements = false } else { left.append(.elements(pages)) }
            }
        }
        return bytes.isEmpty ? nil : bytes
    }
}

extension APIRequestHandler {
    /// A success made of these sections. What fits into one piece is sent at once; the rest is made while it is sent.
    func streamed(_ sections: [JSONSection]) throws -> HTTPResponse {
        var sections = JSONSections(sections)
        let first = try sections.next() ?? []
        guard let second = try sections.next() else {
            return HTTPResponse(headers: Self.jsonHeaders, body: .bytes(first))
        }
        let rest = Mutex((made: [first, second], sections: sections))
        return HTTPResponse(
            headers: Self.jsonHeaders,
            body: try .produced(threadName: "api-answer") {
                try rest.withLock { rest in
                    rest.made.isEmpty ? try rest.sections.next() : rest.made.removeFirst()
                }
            })
    }
}
