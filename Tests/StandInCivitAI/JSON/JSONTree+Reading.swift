internal import FoundationEssentials

extension JSONTree: Decodable {
    /// Reads JSON text; throws what the decoder says of it.
    init(reading bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONTree.self, from: Data(bytes))
    }

    /// Reads any value; the members of an object come in the order of their names.
    init(from decoder: any Decoder) throws {
        // Each failed attempt costs time, and texts are the most frequent, above all in bulk requests.
        if let value = try? decoder.singleValueContainer() {
            if value.decodeNil() {
                self = .null
                return
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
                return
            } else if let integer = try? value.decode(Int64.self) {
                self = .integer(integer)
                return
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
                return
            } else if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
                return
            }
        }
        if var elements = try? decoder.unkeyedContainer() {
            var list: [JSONTree] = []
            while !elements.isAtEnd { list.append(try elements.decode(JSONTree.self)) }
            self = .list(list)
        } else {
            let members = try decoder.container(keyedBy: MemberName.self)
            self = .object(
                try members.allKeys.sorted { $0.stringValue < $1.stringValue }
                    .map { (name: $0.stringValue, value: try members.decode(JSONTree.self, forKey: $0)) })
        }
    }

    /// The text, if it is one.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The boolean, if it is one.
    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The elements, if it is a list.
    var elements: [JSONTree]? { if case .list(let elements) = self { elements } else { nil } }

    /// The whole number, if it is one.
    var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The number, if it is one.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
