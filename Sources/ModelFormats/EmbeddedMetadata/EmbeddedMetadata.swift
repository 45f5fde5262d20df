internal import JSON

/// What the key-values inside a model file tell about it: those of kohya's trainers (`ss_*`), of Stability's
/// specification (`modelspec.*`), of GGUF (`general.*`) and of a few other tools.
package struct EmbeddedMetadata: Sendable {
    /// The most frequent tags of the training captions, most frequent first, at most `maximumTopTags`.
    package let topTags: [TagCount]
    /// The words of the first explicit trigger field that has any.
    package let trainedWords: [String]
    /// The very model that this one was trained on; nil when nothing is told.
    package let trainedOn: TrainingBase?
    /// What names a base model, in the file's own words, the more telling fields first.
    package let baseModelWords: [String]
    /// Those words that could be understood: names of one model before plain names of architectures.
    package let baseModels: [BaseModelName]
    package let type: ModelType?
    /// What the model predicts: `epsilon`, `v` or `flow`.
    package let prediction: String?
    package let title: String?
    package let author: String?
    package let description: String?
    package let license: String?
    /// Rank of an adapter.
    package let networkDimension: Int?
    package let networkAlpha: Double?
    /// The trainer's SHA-256 of all tensors, in lower case.
    package let trainerHash: String?
    package let thumbnail: EmbeddedThumbnail?

    package static let maximumTopTags = 50

    /// Reads the entries of a file, of which the last of each key counts; in bounded time, however large they are.
    package init(_ metadata: [(key: String, value: String)]) {
        let fields = MetadataFields(metadata)
        topTags = TagFrequencies.top(
            Self.maximumTopTags, frequencies: fields.raw("ss_tag_frequency"), datasets: fields.raw("ss_datasets"))
        trainedWords = Self.trainedWords(fields)
        trainedOn = TrainingBase(fields)
        let words = Self.baseModelWords(fields)
        let names = words.compactMap { BaseModelName($0) }
        baseModelWords = words
        baseModels = names.filter { !$0.isPlain } + names.filter(\.isPlain)
        type = Self.type(fields)
        prediction = Self.prediction(fields, baseModels.first)
        title = fields.first("modelspec.title", "general.name").flatMap { Self.isMadeUp(title: $0) ? nil : $0 }
        author = fields.first("modelspec.author", "general.author")
        description = fields.first("modelspec.description", "general.description", limit: .max)
        license = fields.first("modelspec.license", "general.license", limit: .max)
        networkDimension = fields.first("ss_network_dim").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        networkAlpha = fields.first("ss_network_alpha").flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
        trainerHash = fields.first("sshs_model_hash").flatMap { Digest.sha256($0) }
        thumbnail = fields.raw("modelspec.thumbnail").flatMap { EmbeddedThumbnail(dataURL: $0) }
    }

    // MARK: - Words

    /// Where tools write trigger words, and nothing but those.
    ///
    /// Stability-AI/ModelSpec README.md; mcmonkeyprojects/SwarmUI T2IModelHandler.cs (trigger_phrase);
    /// drawthingsai/draw-things-community, its LoRA exporter (trigger_word); bghira/SimpleTuner save_hooks.py
    /// (trained_words). Programs that read metadata also look for the others.
    private static let triggerFields = [
        "modelspec.trigger_phrase", "trigger_phrase", "trigger_word", "trigger_words", "ss_trigger_word",
        "ss_trigger_words", "trained_words",
    ]
    private static let maximumWords = 200
    private static let maximumWordsLength = 64 * 1024

    private static func trainedWords(_ fields: MetadataFields) -> [String] {
        for field in triggerFields {
            guard let value = fields.first(field, limit: maximumWordsLength) else { continue }
            let words = listed(value) ?? [value]
            var seen: Set<ExactText> = []
            let distinct = words.compactMap(MetadataFields.meaningful).filter {
                seen.insert(ExactText(text: $0)).inserted
            }
            if !distinct.isEmpty { return Array(distinct.prefix(maximumWords)) }
        }
        return []
    }

    /// The strings of a value that is a JSON array.
    private static func listed(_ value: String) -> [String]? {
        guard value.utf8.first == UInt8(ascii: "["), let json = try? JSONValue(Array(value.utf8)),
            case .array(let elements) = json
        else { return nil }
        return elements.compactMap(\.string)
    }

    /// kohya-ss/sd-scripts and musubi-tuner make a title of the kind and the time when they are given none
    /// (sai_model_spec.py).
    private static func isMadeUp(title: String) -> Bool {
        ["LoRA@", "TextualInversion@", "Checkpoint@", "Hunyuan-Video@"].contains { title.hasPrefix($0) }
            && title.drop { $0 != "@" }.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
    }

    // MARK: - Base model

    private static func baseModelWords(_ fields: MetadataFields) -> [String] {
        // A trainer's own field comes first: it tells FLUX.1 Kontext, where musubi-tuner's architecture is FLUX.1's.
        var words = [
            "ss_base_model_version", "modelspec.architecture", "ss_base_model", "baseModel", "base_model",
            "general.base_model.0.name",
        ].compactMap { fields.first($0) }
        if let address = fields.first("general.base_model.0.repo_url"), let slash = address.lastIndex(of: "/") {
            words.append(String(address[slash...].dropFirst()))
        }
        if let architecture = fields.first("general.architecture") { words.append(architecture) }
        // The only thing that kohya's trainers wrote before ss_base_model_version.
        if words.isEmpty, fields.first("ss_v2") == "True" { words.append("ss_v2") }
        var seen: Set<String> = []
        return words.filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    // MARK: - Type

    /// The kinds behind the slash of an architecture: Stability-AI/ModelSpec README.md, mcmonkeyprojects/SwarmUI
    /// T2IModelClassSorter.cs, Nerogar/OneTrainer resources/sd_model_spec.
    private static let kinds: [(beginning: String, type: ModelType)] = [
        ("lora", .lora), ("lycoris", .lora), ("locon", .lora), ("dora", .lora), ("textual-inversion", .embedding),
        ("embedding", .embedding), ("vae", .vae), ("control", .controlnet), ("hypernetwork", .hypernetwork),
        ("ip-adapter", .ipAdapter),
    ]

    private static func type(_ fields: MetadataFields) -> ModelType? {
        if let architecture = fields.first("modelspec.architecture"), let slash = architecture.firstIndex(of: "/") {
            let kind = architecture[slash...].dropFirst().prefix(64).lowercased()
            if let match = kinds.first(where: { kind.hasPrefix($0.beginning) }) { return match.type }
        }
        if let module = fields.first("ss_network_module") {
            if module.contains("control_net") { return .controlnet }
            return module.contains("hypernetwork") ? .hypernetwork : .lora
        }
        return fields.first("general.type") == "adapter" && fields.first("adapter.type") == "lora" ? .lora : nil
    }

    // MARK: - Prediction

    private static func prediction(_ fields: MetadataFields, _ base: BaseModelName?) -> String? {
        let said: String? =
            switch fields.first("modelspec.prediction_type", "modelspec.predict_key")?.lowercased() {
            case "epsilon", "eps": "epsilon"
            case "v", "v_prediction", "v-prediction", "vpred", "velocity": "v"
            case "flow", "flow_matching", "flow-matching", "rectified_flow": "flow"
            default: nil
            }
        if said == "flow" { return said }
        // kohya-ss/sd-scripts writes epsilon also for SD 3 and Lumina, which predict a flow (sai_model_spec.py).
        if let base, !predictsNoise(base.word) { return nil }
        if said == nil, fields.first("ss_base_model_version")?.hasSuffix("_v") == true { return "v" }
        return said
    }

    private static func predictsNoise(_ word: String) -> Bool {
        ["SD 1", "SD 2", "SDXL"].contains { word.hasPrefix($0) }
            || ["Pony", "Illustrious", "NoobAI", "Kolors", "Playground v2", "SVD", "SVD XT"].contains(word)
    }
}
