package import FoundationEssentials
internal import JSON

/// How the API's types become bytes and come back: keys sorted, slashes as they are.
package enum WireJSON {
    /// The JSON of a value, without a line end; throws `EncodingError` for a number that JSON cannot hold.
    package static func encode(_ value: some Encodable) throws -> [UInt8] { try JSONText.bytes(of: value) }

    /// The value that the JSON describes; throws `DecodingError` where it does not fit.
    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }

    /// As above, for bytes as `encode` gives them.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try decode(type, from: Data(bytes))
    }
}
