/// The few entries of a file's metadata that mean something here.
struct MetadataFields {
    private static let keys: Set<String> = [
        "ss_tag_frequency", "ss_datasets", "modelspec.trigger_phrase", "trigger_phrase", "trigger_word",
        "trigger_words", "ss_trigger_word", "ss_trigger_words", "trained_words",
        "ss_new_sd_model_hash", "ss_sd_model_hash", "ss_sd_model_name", "ss_base_model_version",
        "modelspec.architecture", "ss_base_model", "baseModel", "base_model", "general.base_model.0.name",
        "general.base_model.0.repo_url", "general.architecture", "ss_v2", "ss_network_module", "general.type",
        "adapter.type", "modelspec.prediction_type", "modelspec.predict_key", "modelspec.title", "general.name",
        "modelspec.author", "general.author", "modelspec.description", "general.description", "modelspec.license",
        "general.license", "ss_network_dim", "ss_network_alpha", "sshs_model_hash", "modelspec.thumbnail",
    ]

    private var values: [String: String] = [:]

    init(_ metadata: [(key: String, value: String)]) {
        // Hashing a text that is not ASCII is slow, and a hostile file can have many and long ones.
        for (key, value) in metadata where key.utf8.count <= 32 && key.utf8.allSatisfy({ $0 < 0x80 }) {
            if Self.keys.contains(key) { values[key] = value }
        }
    }

    /// A value as it stands in the file.
    func raw(_ key: String) -> String? { values[key] }

    /// The first of some keys with a value that means something, without white space around it; longer values than
    /// `limit` bytes are passed over, since what is done with them takes its time.
    func first(_ keys: String..., limit: Int = 1024) -> String? {
        for key in keys {
            if let value = values[key], value.utf8.count <= limit, let text = Self.meaningful(value) { return text }
        }
        return nil
    }

    /// A text without white space around it; nil for what Python and JSON write where nothing is.
    static func meaningful(_ text: String) -> String? {
        let trimmed = text.trimmed
        return trimmed.utf8.count <= 4 && ["", "None", "null", "[]", "{}"].contains(trimmed) ? nil : trimmed
    }
}

extension String {
    /// The text without ASCII white space around it.
    var trimmed: String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let start = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[start...last])
    }
}
