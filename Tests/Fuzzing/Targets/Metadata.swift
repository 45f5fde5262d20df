@testable import ModelFormats

/// Key-values of a file: a byte for the key, two for the length of the value, then the value.
enum Target: FuzzTarget {
    private static let keys = [
        "ss_tag_frequency", "ss_datasets", "modelspec.trigger_phrase", "trigger_words", "ss_trigger_words",
        "trained_words", "ss_new_sd_model_hash", "ss_sd_model_hash", "ss_sd_model_name", "ss_base_model_version",
        "modelspec.architecture", "ss_base_model", "baseModel", "general.base_model.0.name",
        "general.base_model.0.repo_url", "general.architecture", "ss_v2", "ss_network_module", "general.type",
        "adapter.type", "modelspec.prediction_type", "modelspec.predict_key", "modelspec.title", "general.name",
        "modelspec.author", "modelspec.description", "modelspec.license", "ss_network_dim", "ss_network_alpha",
        "sshs_model_hash", "modelspec.thumbnail", "é",
    ]
    private static let digest = String(repeating: "a1", count: 32)

    static var seeds: [[UInt8]] {
        let entries: [(String, String)] = [
            ("ss_tag_frequency", #"{"10_a": {"1girl, x": 3, " y ": 1e2, "é": 18446744073709551615}, "z": 7}"#),
            ("ss_datasets", #"[{"tag_frequency": {"a": {"b": 1}}, "n": [[]]}]"#),
            ("modelspec.trigger_phrase", #"["a", "a", "b, c", null]"#), ("trained_words", " word "),
            ("ss_new_sd_model_hash", digest), ("ss_sd_model_hash", "0123456789"), ("ss_sd_model_name", "a.safetensors"),
            ("ss_base_model_version", "sdxl_base_v1-0"), ("modelspec.architecture", "flux-1-dev/lora"),
            ("general.base_model.0.repo_url", "https://huggingface.co/black-forest-labs/FLUX.1-dev"),
            ("general.architecture", "flux"), ("ss_v2", "True"), ("ss_network_module", "networks.lora"),
            ("general.type", "adapter"), ("adapter.type", "lora"), ("modelspec.prediction_type", "v"),
            ("modelspec.title", "LoRA@1.5"), ("general.name", "x"), ("ss_network_dim", "32"),
            ("ss_network_alpha", "1.5e0"), ("sshs_model_hash", "0x" + digest),
            ("modelspec.thumbnail", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA"),
        ]
        let encoded = entries.map { encode($0.0, $0.1) }
        return encoded + [Array(encoded.joined())]
    }

    private static func encode(_ key: String, _ value: String) -> [UInt8] {
        let count = value.utf8.count
        return [UInt8(keys.firstIndex(of: key) ?? 0), UInt8(count & 0xFF), UInt8(count >> 8)] + value.utf8
    }

    static var words: [[UInt8]] {
        Words.json
            + Words.of(
                "\"tag_frequency\":", "data:image/", ";base64,", "/9j/4AAQ", "UklGRgAAAABXRUJQ", "/lora",
                "/textual-inversion",
                "LoRA@", "0x", "None", "[]", digest)
            + ["sdxl", "flux.1-dev", "sd_v1_v", "wan-2_1", "stable-diffusion-xl-v1-base"].map { Array($0.utf8) }
    }

    static func run(_ input: [UInt8]) {
        var bytes = input[...]
        func byte() -> Int { Int(bytes.popFirst() ?? 0) }
        var collector = MetadataCollector()
        while !bytes.isEmpty {
            let key = keys[byte() % keys.count]
            let count = byte() | byte() << 8
            collector.add(key: Array(key.utf8), value: Array(bytes.prefix(count)))
            bytes = bytes.dropFirst(count)
        }
        let embedded = EmbeddedMetadata(collector.entries)
        require(embedded.topTags.count <= EmbeddedMetadata.maximumTopTags, "too many tags")
        for (tag, next) in zip(embedded.topTags, embedded.topTags.dropFirst()) {
            require(tag.count >= next.count && tag.tag != next.tag, "tags without order, or twice")
        }
        require(embedded.topTags.allSatisfy { $0.count > 0 && !$0.tag.isEmpty }, "a tag that is none")
        require(embedded.trainedWords.count <= 200 && !embedded.trainedWords.contains(""), "words that are none")
        require(embedded.baseModels.count <= embedded.baseModelWords.count, "more names than words")
        for name in embedded.baseModels {
            require(BaseModelTable.civitaiWords.contains(name.word), "\(name.word) is not CivitAI's")
        }
        require(embedded.thumbnail?.data.count ?? 0 <= EmbeddedThumbnail.maximumSize, "a large picture")
        require(embedded.networkDimension ?? 1 > 0 && embedded.networkAlpha?.isFinite != false, "a wrong number")
        require(embedded.trainerHash?.utf8.count ?? 64 == 64, "a digest of another length")
        require(["epsilon", "v", "flow", nil].contains(embedded.prediction), "an unknown prediction")
    }
}
