/// An answer with the manner in which it is sent.
struct Answer {
    /// A part of the content.
    enum Piece {
        case bytes([UInt8])
        /// The same byte so many times, never in memory as a whole.
        case repeated(UInt8, count: Int)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .repeated(_, let count): count
            }
        }
    }

    /// How much of the answer arrives, and when.
    enum Delivery {
        case whole
        /// The head at once, then a byte of the content at a time.
        case drip(milliseconds: Int)
        /// Only so many bytes of the content that the head promises, then the connection ends.
        case cutShort(after: Int)
        /// The same, and the connection is reset.
        case reset(after: Int)
        /// Nothing at all.
        case none
    }

    var status: Int
    var headers: [(name: String, value: String)]
    var content: [Piece]
    var delivery = Delivery.whole

    init(status: Int = 200, headers: [(name: String, value: String)] = [], content: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.content = [.bytes(content)]
    }

    /// An answer in JSON, as Next.js sends it.
    init(status: Int = 200, json: JSONTree) {
        self.init(status: status, headers: [(contentType, jsonContentType)], content: json.bytes)
    }

    /// An answer in HTML.
    init(status: Int, page: String) {
        self.init(status: status, headers: [(contentType, "text/html; charset=utf-8")], content: Array(page.utf8))
    }

    /// Bytes of the whole content.
    var length: Int { content.reduce(0) { $0 + $1.count } }

    /// Puts a header in the place of those with its name.
    mutating func set(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append((name, value))
    }
}

/// The header's name.
let contentType = "Content-Type"

/// The content type of every answer in JSON.
let jsonContentType = "application/json; charset=utf-8"
