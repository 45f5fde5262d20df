/// Builds a `JSONValue` out of the tokens of a text.
struct JSONValueReader {
    /// Longer numbers are not worth their memory; they become null.
    private static let maximumNumberLength = 1024

    private let subject: String
    private var json: JSONTokenizer
    private let maximumDepth: Int
    private let maximumCount: Int
    private let keepsNumbers: Bool
    private var remaining: Int
    /// The bytes of the string at hand; kept here so that their memory serves the next one too.
    private var buffer: [UInt8] = []

    init(_ text: [UInt8], subject: String, maximumDepth: Int, maximumCount: Int, keepsNumbers: Bool) {
        self.subject = subject
        // The tokenizer goes no deeper, and its recursion fits a small stack.
        self.maximumDepth = min(maximumDepth, JSONTokenizer.maximumDepth)
        self.maximumCount = maximumCount
        self.keepsNumbers = keepsNumbers
        remaining = maximumCount
        json = JSONTokenizer(text: text, subject: subject)
    }

    mutating func read() throws(JSONError) -> JSONValue {
        do {
            let value = try value(depth: 0)
            try json.finish()
            return value
        } catch let error as JSONError {
            throw error
        } catch {
            throw .invalid("\(subject) cannot be read: \(error)")
        }
    }

    /// The next value, which lies in `depth` others. The depth is bounded, so the recursion is.
    private mutating func value(depth: Int) throws -> JSONValue {
        remaining -= 1
        guard remaining >= 0 else {
            throw JSONError.invalid("\(subject) holds more than \(maximumCount) values")
        }
        switch try json.peekToken() {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try json.skipValue()
            return .bool(true)
        case UInt8(ascii: "f"):
            try json.skipValue()
            return .bool(false)
        case UInt8(ascii: "n"):
            try json.skipValue()
            return .null
        default: return number(try json.verbatimValue(limit: Self.maximumNumberLength))
        }
    }

    private mutating func members(depth: Int) throws -> [JSONValue.Member] {
        try check(depth)
        try json.open(UInt8(ascii: "{"))
        var members: [JSONValue.Member] = []
        var isFirst = true
        while try json.hasNext(before: UInt8(ascii: "}"), isFirst: &isFirst) {
            let name = try string()
            try json.take(UInt8(ascii: ":"))
            members.append(JSONValue.Member(name: name, value: try value(depth: depth)))
        }
        return members
    }

    private mutating func elements(depth: Int) throws -> [JSONValue] {
        try check(depth)
        try json.open(UInt8(ascii: "["))
        var elements: [JSONValue] = []
        var isFirst = true
        while try json.hasNext(before: UInt8(ascii: "]"), isFirst: &isFirst) {
            elements.append(try value(depth: depth))
        }
        return elements
    }

    private func check(_ depth: Int) throws(JSONError) {
        guard depth <= maximumDepth else {
            throw .invalid("\(subject) nests deeper than \(maximumDepth) levels")
        }
    }

    private mutating func string() throws -> String {
        _ = try json.string(into: &buffer, limit: .max)
        return String(decoding: buffer, as: UTF8.self)
    }

    private func number(_ bytes: [UInt8]?) -> JSONValue {
        guard let bytes else { return .null }
        let text = String(decoding: bytes, as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        if !keepsNumbers, let double = Double(text), double.isFinite { return .decimal(double) }
        return .number(text)
    }
}

extension JSONTokenizer {
    /// Reads a text that is in memory as a whole.
    package init(text: [UInt8], subject: String, maximumCount: Int = Self.maximumCount) {
        self.init(
            TextStream(range: 0..<UInt64(text.count), chunkSize: max(1, text.count), subject: subject) {
                offset, count in
                offset == 0 && count == text.count ? text : Array(text[Int(offset)..<(Int(offset) + count)])
            },
            maximumCount: maximumCount)
    }
}
