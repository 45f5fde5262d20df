/// A JSON value to be written.
enum JSONTree: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONTree])
    /// In the order in which it is written.
    case object([(name: String, value: JSONTree)])
    /// JSON text that is written as it is.
    case verbatim([UInt8])

    /// A text, or null.
    init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// A whole number, or null.
    init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

    /// A list of texts.
    init(_ texts: [String]) { self = .list(texts.map { .text($0) }) }

    /// True for null and for an empty list.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .list(let elements): elements.isEmpty
        default: false
        }
    }

    /// The member of an object; nil when there is none.
    subscript(_ name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: JSONTree...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(elements.map { (name: $0.0, value: $0.1) })
    }
}
