internal import JSON

/// Steps through the elements of an array in a JSON text that has been checked to its end.
struct ElementReader {
    private static let brackets = (UInt8(ascii: "["), UInt8(ascii: "]"))
    private static let braces = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    private static let subject = "the answer"

    private var json: JSONTokenizer
    private var isFirst = true
    private var isAtEnd = false

    /// Checks the whole of a body that is an array, or an object with exactly one array of this name.
    init(body: [UInt8], member: String?) throws(JSONError) {
        do {
            var json = Self.tokenizer(body, 0..<body.count)
            let range: Range<Int>
            if let member {
                range = try Self.range(of: Array(member.utf8), in: &json)
            } else {
                range = try Self.arrayRange(in: &json)
            }
            try json.finish()
            self.json = Self.tokenizer(body, range)
            try self.json.open(Self.brackets.0)
        } catch let error as JSONError {
            throw error
        } catch {
            throw JSONError(.invalid, "\(Self.subject) cannot be read: \(error)")
        }
    }

    /// The text of the next element, nil in place of one that is longer than the limit; nil after the last.
    mutating func next(limit: Int) -> [UInt8]?? {
        if isAtEnd { return nil }
        do {
            if try json.hasNext(before: Self.brackets.1, isFirst: &isFirst) {
                return .some(try json.verbatimValue(limit: limit))
            }
        } catch {
            // Never reached: the text has been read before.
        }
        isAtEnd = true
        return nil
    }

    private static func tokenizer(_ body: [UInt8], _ range: Range<Int>) -> JSONTokenizer {
        let text = TextStream(
            range: UInt64(range.lowerBound)..<UInt64(range.upperBound), subject: subject
        ) { offset, count in
            Array(body[Int(offset)..<(Int(offset) + count)])
        }
        // How many there can be is bounded by the body's length.
        return JSONTokenizer(text, maximumCount: .max)
    }

    private static func range(of member: [UInt8], in json: inout JSONTokenizer) throws -> Range<Int> {
        var found: Range<Int>?
        var name: [UInt8] = []
        var isFirst = true
        try json.open(braces.0)
        while try json.hasNext(before: braces.1, isFirst: &isFirst) {
            let fits = try json.string(into: &name, limit: member.count)
            try json.take(UInt8(ascii: ":"))
            if fits, name == member, found == nil {
                found = try arrayRange(in: &json)
            } else {
                try json.skipValue()
            }
        }
        guard let found else {
            throw JSONError(.invalid, "\(subject) has no “\(String(decoding: member, as: UTF8.self))”")
        }
        return found
    }

    private static func arrayRange(in json: inout JSONTokenizer) throws -> Range<Int> {
        guard try json.peekToken() == brackets.0 else { throw JSONError(.invalid, "\(subject) is no list") }
        let start = Int(json.offset)
        try json.skipValue()
        return start..<Int(json.offset)
    }
}
