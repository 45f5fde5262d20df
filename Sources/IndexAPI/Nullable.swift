/// An optional that is always written, as null when there is no value; Swift's own coding would leave the key out.
///
/// A missing key is read as no value, so that a client understands an older daemon.
@propertyWrapper
package struct Nullable<Value> {
    package var wrappedValue: Value?

    package init() { wrappedValue = nil }
    package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }
}

extension Nullable: Sendable where Value: Sendable {}
extension Nullable: Equatable where Value: Equatable {}

extension Nullable: Encodable where Value: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension Nullable: Decodable where Value: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }
}

extension KeyedEncodingContainer {
    /// Chosen by the synthesized encoding of every type in this module: as `Nullable.encode(to:)` in fewer steps.
    package mutating func encode<Value: Encodable>(_ value: Nullable<Value>, forKey key: Key) throws {
        if let value = value.wrappedValue { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    package mutating func encode(_ value: Nullable<String>, forKey key: Key) throws {
        if let value = value.wrappedValue { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }
}

extension KeyedDecodingContainer {
    /// Chosen by the synthesized decoding of every type in this module: a missing key is no value.
    package func decode<Value: Decodable>(_ type: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value> {
        // The type decides, and not `decodeIfPresent`, so that a description of the wire types can tell a key that may be
        // null from one that may be missing.
        contains(key) ? try Nullable(from: superDecoder(forKey: key)) : Nullable()
    }
}
