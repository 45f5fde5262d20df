/// The body of `POST set`: what a person says of a content, which stands above everything else; its answer is the file.
///
/// A key that is left out changes nothing, null takes back what was said.
package struct SetRequest: Codable, Sendable, Equatable {
    /// What becomes of a field.
    package enum Change<Value: Codable & Sendable & Equatable>: Sendable, Equatable {
        case keep
        case clear
        case to(Value)
    }

    /// The content of which file.
    package var file: FileSelection
    /// One of `Vocabulary.types`.
    package var type = Change<String>.keep
    /// A word of CivitAI's list, in any case.
    package var baseModel = Change<String>.keep
    package var trainedWords = Change<[String]>.keep
    package var notes = Change<String>.keep
    /// The weight at which a LoRA is best used.
    package var preferredWeight = Change<Double>.keep

    /// The most trained words, and the longest text in bytes.
    package static let maximumWords = 1000
    package static let maximumTextSize = 64 << 10
    /// Weights that programs take.
    package static let weights: ClosedRange<Double> = -100...100

    package init(file: FileSelection) { self.file = file }

    /// True when it changes nothing.
    package var isEmpty: Bool {
        type == .keep && baseModel == .keep && trainedWords == .keep && notes == .keep && preferredWeight == .keep
    }

    package init(from decoder: any Decoder) throws {
        self.init(file: try FileSelection(from: decoder))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try Self.change(container, .type)
        baseModel = try Self.change(container, .baseModel)
        trainedWords = try Self.change(container, .trainedWords)
        notes = try Self.change(container, .notes)
        preferredWeight = try Self.change(container, .preferredWeight)
    }

    package func encode(to encoder: any Encoder) throws {
        try file.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try Self.write(type, .type, to: &container)
        try Self.write(baseModel, .baseModel, to: &container)
        try Self.write(trainedWords, .trainedWords, to: &container)
        try Self.write(notes, .notes, to: &container)
        try Self.write(preferredWeight, .preferredWeight, to: &container)
    }

    private static func change<Value>(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) throws -> Change<Value> {
        guard container.contains(key) else { return .keep }
        return try container.decodeNil(forKey: key) ? .clear : .to(container.decode(Value.self, forKey: key))
    }

    private static func write<Value>(
        _ change: Change<Value>, _ key: CodingKeys, to container: inout KeyedEncodingContainer<CodingKeys>
    ) throws {
        switch change {
        case .keep: break
        case .clear: try container.encodeNil(forKey: key)
        case .to(let value): try container.encode(value, forKey: key)
        }
    }

    enum CodingKeys: String, CodingKey {
        case type
        case baseModel = "base_model"
        case trainedWords = "trained_words"
        case notes
        case preferredWeight = "preferred_weight"
    }
}
