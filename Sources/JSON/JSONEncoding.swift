extension JSONText {
    /// The JSON of a value: keys in the order of their UTF-8 bytes, no white space, slashes as they are.
    ///
    /// Byte for byte what `JSONEncoder` writes with `.sortedKeys` and `.withoutEscapingSlashes`, in about a quarter of the time;
    /// but the types of Foundation that it gives a form of its own (`Date`, `Data`, `URL`, `Decimal`) have the form
    /// here that they give themselves.
    ///
    /// - Throws: `EncodingError` for a number that JSON cannot hold, and for a type that goes on with a container after
    ///   the one around it has gone on; what the value throws itself.
    package static func bytes(of value: some Encodable) throws -> [UInt8] {
        if let object = value as? any JSONWritable { return try JSONMembers.bytes(of: object) }
        let text = SharedOutput()
        try value.encode(to: JSONPlace(text: text, place: text.output.firstPlace()))
        text.output.finish()
        if let misuse = text.output.misuse { throw misuse }
        return text.output.bytes
    }
}

/// The output that all containers of a text write to.
private final class SharedOutput {
    var output = JSONOutput()
}

/// Takes one value.
private struct JSONPlace: Encoder, SingleValueEncodingContainer {
    let text: SharedOutput
    let place: JSONOutput.Place

    var codingPath: [any CodingKey] { text.output.path(to: place) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(JSONObject(text: text, at: place))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONArray(text: text, at: place) }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() { text.output.write("null", at: place) }
    func encode(_ value: Bool) { text.output.write(value ? "true" : "false", at: place) }
    func encode(_ value: String) { text.output.write(string: value, at: place) }
    func encode(_ value: Double) throws { try encode(floatingPoint: value) }
    func encode(_ value: Float) throws { try encode(floatingPoint: value) }
    func encode<Integer: FixedWidthInteger & Encodable>(_ value: Integer) {
        text.output.write(String(value), at: place)
    }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: self) }

    /// The shortest text that is read as the same number (SE-0124); whole ones without a fraction.
    private func encode<Number: BinaryFloatingPoint & CustomStringConvertible>(floatingPoint value: Number) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "JSON has no number \(value)."))
        }
        let digits = value.description
        text.output.write(digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits, at: place)
    }
}

/// Takes the members of an object.
private struct JSONObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let text: SharedOutput
    private let place: JSONOutput.Place

    init(text: SharedOutput, at place: JSONOutput.Place) {
        text.output.open(.object, at: place)
        self.text = text
        self.place = place
    }

    var codingPath: [any CodingKey] { text.output.path(to: place) }

    func encodeNil(forKey key: Key) { write("null", key) }
    func encode(_ value: Bool, forKey key: Key) { write(value ? "true" : "false", key) }
    func encode(_ value: String, forKey key: Key) {
        text.output.write(string: value, for: key.stringValue, inObjectAt: place)
    }
    func encode<Integer: FixedWidthInteger & Encodable>(_ value: Integer, forKey key: Key) { write(String(value), key) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try value.encode(to: self[key]) }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { self[key].container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { self[key].unkeyedContainer() }

    func superEncoder() -> any Encoder { placeOfMember("super") }
    func superEncoder(forKey key: Key) -> any Encoder { self[key] }

    private func write(_ value: String, _ key: Key) {
        text.output.write(value, for: key.stringValue, inObjectAt: place)
    }

    private subscript(key: Key) -> JSONPlace { placeOfMember(key.stringValue) }

    private func placeOfMember(_ name: String) -> JSONPlace {
        JSONPlace(text: text, place: text.output.place(of: name, inObjectAt: place))
    }
}

/// Takes the elements of an array.
private struct JSONArray: UnkeyedEncodingContainer {
    private let text: SharedOutput
    private let place: JSONOutput.Place

    init(text: SharedOutput, at place: JSONOutput.Place) {
        text.output.open(.array, at: place)
        self.text = text
        self.place = place
    }

    var codingPath: [any CodingKey] { text.output.path(to: place) }
    var count: Int { text.output.count(inArrayAt: place) }

    func encodeNil() { next().encodeNil() }
    func encode<Value: Encodable>(_ value: Value) throws { try value.encode(to: next()) }

    func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    func superEncoder() -> any Encoder { next() }

    private func next() -> JSONPlace { JSONPlace(text: text, place: text.output.place(inArrayAt: place)) }
}
