internal import FoundationEssentials
internal import SQLite

/// What is known of contents by their bytes.
extension CatalogWriter {
    /// Writes down what a look at the bytes told.
    package func describe(content id: Int64, _ description: ContentDescription) throws {
        try connection.run(
            """
            UPDATE contents SET format = ?, header_size = ?, tensor_count = ?, parameter_count = ?, dtypes = ?,
                message = ?, content_type = ?, content_base_model = ?, possible_base_models = ?, content_architecture = ?, base_model_type = ?,
                prediction = ?, components = ?, architecture = ?, quantization = ?, split_index = ?, split_count = ?, pickle_imports = ?,
                pickle_dangerous = ?, embedded_type = ?, embedded_base_models = ?, embedded_words = ?, top_tags = ?,
                trained_on_sha256 = ?, trained_on_name = ?, has_thumbnail = ?, described_by = ? WHERE id = ?
            """,
            try values(description) + [.integer(id)])
        try connection.run("DELETE FROM safetensor_metadata WHERE content_id = ?", [.integer(id)])
        for entry in description.metadata {
            try connection.run(
                "INSERT OR REPLACE INTO safetensor_metadata (content_id, key, value) VALUES (?, ?, ?)",
                [.integer(id), .text(entry.key), .text(entry.value)])
        }
    }

    /// As `describe`, for bytes that are known by their digest: only if the description was made by later rules.
    func improveDescription(of id: Int64, _ description: ContentDescription) throws {
        let version = try connection.firstRow("SELECT described_by FROM contents WHERE id = ?", [.integer(id)]) {
            $0.integer(0)
        }
        if let version, version < description.version { try describe(content: id, description) }
    }

    private func values(_ description: ContentDescription) throws -> [Value] {
        [
            Value(description.format), Value(description.headerSize.map { Int64(clamping: $0) }),
            Value(description.tensorCount.map(Int64.init)), Value(unsigned: description.parameterCount),
            .text(try jsonText(description.dtypes)), Value(description.message), Value(description.type),
            Value(description.baseModel), try list(description.possibleBaseModels),
            Value(description.modelArchitecture), Value(description.baseModelType),
            Value(description.prediction), try list(description.components), Value(description.architecture),
            Value(description.quantization), Value(description.split.map { Int64($0.index) }),
            Value(description.split.map { Int64($0.count) }),
            try description.pickleImports.map { .text(try jsonText($0)) } ?? nil,
            try list(description.dangerousImports), Value(description.embeddedType),
            try list(description.embeddedBaseModels), try list(description.embeddedWords),
            try list(description.topTags), Value(description.trainedOnSHA256), Value(description.trainedOnName),
            Value(description.hasThumbnail), .integer(description.version),
        ]
    }

    /// JSON; NULL for nothing, which is what most files have.
    func list(_ elements: [some Encodable], emptyIsNull: Bool = true) throws -> Value {
        elements.isEmpty && emptyIsNull ? nil : .text(try jsonText(elements))
    }

    private func jsonText(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
