/// JSON Schemas of wire types, found out by having each type decode itself from a decoder that notes what is asked of it.
struct SchemaCollection {
    /// Of objects, by the names of their types.
    private(set) var schemas: [String: OpenAPIValue] = [:]

    /// The schema of a type; that of an object is a reference to `schemas`.
    mutating func schema(of type: any Decodable.Type) -> OpenAPIValue {
        let notes = SchemaNotes()
        let schema = SchemaDecoder.schema(of: type, notes)
        schemas.merge(notes.schemas) { $1 }
        return schema
    }
}

/// The schemas found so far.
private final class SchemaNotes {
    var schemas: [String: OpenAPIValue] = [:]
}

/// A list, whatever its elements.
private protocol DecodableList {
    static var element: any Decodable.Type { get }
    static var empty: Self { get }
}

extension Array: DecodableList where Element: Decodable {
    fileprivate static var element: any Decodable.Type { Element.self }
    fileprivate static var empty: Self { [] }
}

/// An object whose keys are not known beforehand.
private protocol DecodableDictionary {
    static var element: any Decodable.Type { get }
    static var empty: Self { get }
}

extension Dictionary: DecodableDictionary where Key == String, Value: Decodable {
    fileprivate static var element: any Decodable.Type { Value.self }
    fileprivate static var empty: Self { [:] }
}

/// Answers every question of a type with the plainest value there is, and notes it.
private final class SchemaDecoder: Decoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    let notes: SchemaNotes
    /// Of a plain value.
    var plain: OpenAPIValue?
    var isNullable = false
    /// Of an object.
    var properties: [String: SchemaDecoder] = [:]
    var optional: Set<String> = []
    var isObject = false

    init(_ notes: SchemaNotes) { self.notes = notes }

    static func schema(of type: any Decodable.Type, _ notes: SchemaNotes) -> OpenAPIValue {
        let decoder = SchemaDecoder(notes)
        _ = try? decoder.value(of: type)
        return decoder.schema
    }

    /// What was noted.
    var schema: OpenAPIValue {
        var schema = plain ?? ["type": "object"]
        if isObject {
            let required = properties.keys.filter { !optional.contains($0) }.sorted()
            schema = [
                "type": "object", "properties": .object(properties.mapValues(\.schema)),
                "required": .list(required.map { .text($0) }),
            ]
        }
        return isNullable ? ["anyOf": [schema, ["type": "null"]]] : schema
    }

    func value<Value: Decodable>(of type: Value.Type) throws -> Value {
        if let list = type as? any DecodableList.Type, let empty = list.empty as? Value {
            plain = ["type": "array", "items": Self.schema(of: list.element, notes)]
            return empty
        }
        if let dictionary = type as? any DecodableDictionary.Type, let empty = dictionary.empty as? Value {
            plain = ["type": "object", "additionalProperties": Self.schema(of: dictionary.element, notes)]
            return empty
        }
        if let value = Self.plainValue(of: type) {
            plain = value.schema
            return value.value
        }
        let inner = SchemaDecoder(notes)
        let value = try Value(from: inner)
        guard inner.isObject else {
            plain = inner.plain
            isNullable = isNullable || inner.isNullable
            return value
        }
        // "IndexAPI.UpdateObject.Version" is "UpdateObjectVersion".
        let name = String(reflecting: type).split(separator: ".").dropFirst().joined()
        notes.schemas[name] = inner.schema
        plain = ["$ref": .text("#/components/schemas/\(name)")]
        return value
    }

    private static func plainValue<Value>(of type: Value.Type) -> (schema: OpenAPIValue, value: Value)? {
        let known: [(any Sendable, OpenAPIValue)] = [
            ("", ["type": "string"]), (false, ["type": "boolean"]), (0.0, ["type": "number"]),
            (Int64(0), ["type": "integer", "format": "int64"]), (Int(0), ["type": "integer", "format": "int64"]),
            (Int32(0), ["type": "integer", "format": "int32"]),
        ]
        for (value, schema) in known {
            if let value = value as? Value { return (schema, value) }
        }
        return nil
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        isObject = true
        return KeyedDecodingContainer(ObjectContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaDecoder.unexpected }

    func singleValueContainer() -> any SingleValueDecodingContainer { PlainContainer(decoder: self) }

    static var unexpected: DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "a wire type decodes itself in an unexpected way"))
    }
}

private struct PlainContainer: SingleValueDecodingContainer {
    let decoder: SchemaDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool {
        decoder.isNullable = true
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.value(of: type) }
}

private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SchemaDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    /// Asked only of a key that may be missing.
    func decodeNil(forKey key: Key) -> Bool {
        decoder.optional.insert(key.stringValue)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try child(key).value(of: type)
    }

    func superDecoder(forKey key: Key) -> any Decoder { child(key) }

    func superDecoder() throws -> any Decoder { throw SchemaDecoder.unexpected }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaDecoder.unexpected }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaDecoder.unexpected
    }

    private func child(_ key: Key) -> SchemaDecoder {
        let child = SchemaDecoder(decoder.notes)
        decoder.properties[key.stringValue] = child
        return child
    }
}
