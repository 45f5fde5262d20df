package import FoundationEssentials

/// How the API's types become bytes and come back: keys sorted, slashes as they are.
package enum WireJSON {
    /// The JSON of a value, without a line end; throws `EncodingError` for a number that JSON cannot hold.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// The value that the JSON describes; throws `DecodingError` where it does not fit.
    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }
}
