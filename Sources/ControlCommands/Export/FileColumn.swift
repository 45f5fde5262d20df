internal import FoundationEssentials
internal import IndexAPI

/// A column of the table that `export` writes: one value of a file, by the names of the API with dots between them.
struct FileColumn: Sendable {
    let name: String
    /// The cell; nil for null, and for a hash that does not apply.
    let cell: @Sendable (FileObject) -> String?

    init(_ name: String, _ cell: @escaping @Sendable (FileObject) -> String?) {
        self.name = name
        self.cell = cell
    }

    /// Every column in its order. Later releases may add some at the end.
    static let all: [FileColumn] =
        [
            FileColumn("id") { String($0.id) },
            FileColumn("path") { $0.path },
            FileColumn("path_base64") { $0.pathBase64 },
            FileColumn("name") { $0.name },
            FileColumn("root") { $0.root },
            FileColumn("folder") { $0.folder },
            FileColumn("type") { $0.type },
            FileColumn("type_source") { $0.typeSource },
            FileColumn("base_model") { $0.baseModel },
            FileColumn("base_model_source") { $0.baseModelSource },
            FileColumn("base_model_type") { $0.baseModelType },
            FileColumn("format") { $0.format },
            FileColumn("size") { String($0.size) },
            FileColumn("modified_at") { $0.modifiedAt },
            FileColumn("state") { $0.state },
            FileColumn("error") { $0.error },
            FileColumn("sha256") { $0.sha256 },
        ] + hashes + header + [
            FileColumn("part.index") { text($0.part?.index) },
            FileColumn("part.count") { text($0.part?.count) },
            FileColumn("part.complete") { text($0.part?.complete) },
            FileColumn("metadata") { json($0.metadata) },
            FileColumn("top_tags") { json($0.topTags) },
            FileColumn("pickle.imports") { json($0.pickle?.imports) },
            FileColumn("pickle.dangerous") { json($0.pickle?.dangerous) },
            FileColumn("trained_words") { json($0.trainedWords) },
            FileColumn("trained_words_source") { $0.trainedWordsSource },
            FileColumn("trained_on.sha256") { $0.trainedOn?.sha256 },
            FileColumn("trained_on.name") { $0.trainedOn?.name },
            FileColumn("trained_on.path") { $0.trainedOn?.path },
            FileColumn("user.description") { $0.user.description },
            FileColumn("user.notes") { $0.user.notes },
            FileColumn("user.activation_text") { $0.user.activationText },
            FileColumn("user.negative_text") { $0.user.negativeText },
            FileColumn("user.preferred_weight") { text($0.user.preferredWeight) },
            FileColumn("preview.source") { $0.preview?.source },
            FileColumn("preview.path") { $0.preview?.path },
            FileColumn("preview.url") { $0.preview?.url },
            FileColumn("preview.nsfw_level") { text($0.preview?.nsfwLevel) },
            FileColumn("preview.type") { $0.preview?.type },
            FileColumn("hard_links") { String($0.hardLinks) },
            FileColumn("symlink") { text($0.symlink) },
            FileColumn("copies") { json($0.copies) },
        ] + civitai

    private static let hashes = [
        FileColumn("hashes.SHA256") { $0.hashes.sha256 },
        FileColumn("hashes.AutoV1") { $0.hashes.autoV1 },
        FileColumn("hashes.AutoV2") { $0.hashes.autoV2 },
        FileColumn("hashes.AutoV3") { $0.hashes.autoV3 },
        FileColumn("hashes.CRC32") { $0.hashes.crc32 },
        FileColumn("hashes.BLAKE3") { $0.hashes.blake3 },
    ]

    private static let header = [
        FileColumn("header.size") { text($0.header?.size) },
        FileColumn("header.tensor_count") { text($0.header?.tensorCount) },
        FileColumn("header.parameter_count") { text($0.header?.parameterCount) },
        FileColumn("header.dtypes") { json($0.header?.dtypes) },
        FileColumn("header.architecture") { $0.header?.architecture },
        FileColumn("header.quantization") { $0.header?.quantization },
        FileColumn("header.prediction") { $0.header?.prediction },
        FileColumn("header.components") { json($0.header?.components) },
    ]

    private static let civitai = [
        FileColumn("civitai.state") { $0.civitai.state },
        FileColumn("civitai.source") { $0.civitai.source },
        FileColumn("civitai.match") { $0.civitai.match },
        FileColumn("civitai.role") { $0.civitai.role },
        FileColumn("civitai.model_id") { text($0.civitai.modelID) },
        FileColumn("civitai.version_id") { text($0.civitai.versionID) },
        FileColumn("civitai.model_name") { $0.civitai.modelName },
        FileColumn("civitai.version_name") { $0.civitai.versionName },
        FileColumn("civitai.model_type") { $0.civitai.modelType },
        FileColumn("civitai.base_model") { $0.civitai.baseModel },
        FileColumn("civitai.trained_words") { json($0.civitai.trainedWords) },
        FileColumn("civitai.creator") { $0.civitai.creator },
        FileColumn("civitai.nsfw_level") { text($0.civitai.nsfwLevel) },
        FileColumn("civitai.page_url") { $0.civitai.pageURL },
        FileColumn("civitai.checked_at") { $0.civitai.checkedAt },
        FileColumn("civitai.next_check_at") { $0.civitai.nextCheckAt },
        FileColumn("civitai.message") { $0.civitai.message },
    ]
}

/// A number or a truth value as JSON writes it.
private func text(_ value: (some CustomStringConvertible)?) -> String? { value.map(\.description) }

/// A list or a dictionary as its JSON.
private func json(_ value: (some Encodable)?) -> String? {
    value.flatMap { try? WireJSON.encode($0) }.map { String(decoding: $0, as: UTF8.self) }
}
