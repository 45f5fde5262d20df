/// A JSON text as a tree, read within bounds of depth and number; its accessors take a wrong kind of value as none.
package enum JSONValue: Hashable, Sendable {
    /// A name and value of an object.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(Double)
    /// A number that neither of the others holds, or is not to be rounded, as it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in their order, with repetitions.
    case object([Member])

    /// The deepest nesting that is read unless another is asked for.
    package static let maximumDepth = 64
    /// The most values that one text may hold unless another number is asked for.
    package static let maximumCount = 200_000

    /// Reads a whole text in UTF-8; `subject` is what messages call it. Nothing deeper than `JSONTokenizer.maximumDepth`
    /// is read, whatever is asked for. `keepsNumbers` leaves numbers that are no `Int64` as they are written.
    ///
    /// - Throws: what is wrong with the text, or that it is too deep or has too many values.
    package init(
        _ text: [UInt8], subject: String = "the text", maximumDepth: Int = Self.maximumDepth,
        maximumCount: Int = Self.maximumCount, keepsNumbers: Bool = false
    ) throws(JSONError) {
        var reader = JSONValueReader(
            text, subject: subject, maximumDepth: maximumDepth, maximumCount: maximumCount, keepsNumbers: keepsNumbers)
        self = try reader.read()
    }

    /// The last member with a name; nil when there is none and for what is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let count = name.utf8.count
        return members.last { $0.name.utf8.count == count && $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// Whether an object has a member with a name, of whatever value.
    package func has(_ name: String) -> Bool { self[name] != nil }

    /// A string as it is.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The elements of an array; none for anything else.
    package var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The members of an object; none for anything else.
    package var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// Whether this is an object, be it empty.
    package var isObject: Bool {
        if case .object = self { true } else { false }
    }

    /// A whole number, also when it is written `123.0` or as a string of digits.
    package var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .decimal(let value): Int64(exactly: value)
        case .number(let text): Double(text).flatMap { Int64(exactly: $0) }
        case .string(let text): text.utf8.count <= 20 ? Int64(text) : nil
        default: nil
        }
    }

    /// A finite number, also when it is written as a string.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value
        case .number(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        case .string(let text): (text.utf8.count <= 32 ? Double(text) : nil).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }

    /// `true` or `false`, as themselves.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
}
