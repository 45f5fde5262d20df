internal import JSON

/// Reads what each tool keeps of CivitAI's answers, field by field: what is not of the kind that it must be is left out,
/// for tools write `{}`, `""` and `Model not found` where they have nothing.
enum CivitaiPartReader {
    private static let maximumWords = 1000
    private static let maximumFiles = 200

    /// A version object as the API answers it, with what the helpers put into it: the owner, the model's description
    /// (zixaphir/Stable-Diffusion-Webui-Civitai-Helper: ch_lib/civitai.py), the digest and the ids under their own
    /// names (BlafKing/sd-civitai-browser-plus: scripts/civitai_file_manage.py).
    static func version(_ version: JSONValue) -> SidecarCivitaiPart {
        var part = SidecarCivitaiPart()
        // Made when CivitAI did not know the file: all it holds is the file's own name.
        if version["skeleton_file"]?.bool == true { return part }
        let model = version["model"]
        part.modelID = version["modelId"]?.identifier ?? model?["id"]?.identifier
        part.versionID =
            version["modelVersionId"]?.identifier ?? version["civitaiVersionId"]?.identifier
            ?? version["id"]?.identifier
        if part.versionID != nil { part.versionName = version["name"]?.word }
        if part.modelID != nil || part.versionID != nil { part.modelName = model?["name"]?.word }
        setType(of: &part, to: model?["type"]?.word)
        part.baseModel = baseModel(version["baseModel"], isConnected: part.modelID != nil || part.versionID != nil)
        part.trainedWords = words(version["trainedWords"])
        part.creator = version["creator"]?["username"]?.word ?? model?["creator"]?["username"]?.word
        part.nsfwLevel = version["nsfwLevel"]?.level ?? model?["nsfwLevel"]?.level
        part.description = model?["description"]?.prose ?? version["description"]?.prose
        part.files = ownFile(version).map { [$0] } ?? files(version)
        return part
    }

    /// A model object, whose right version its digests tell, or an id, or that there is no other.
    static func model(_ model: JSONValue, sha256: String?) -> SidecarCivitaiPart {
        let versions = model["modelVersions"]?.elements ?? []
        let wanted = (model["modelVersionId"] ?? model["civitaiVersionId"])?.identifier
        let chosen =
            versions.first { version in sha256 != nil && files(version).contains { $0.sha256 == sha256 } }
            ?? versions.first { wanted != nil && $0["id"]?.identifier == wanted }
            ?? (versions.count == 1 ? versions.first : nil)
        var part = chosen.map { version($0) } ?? SidecarCivitaiPart()
        part.modelID = model["id"]?.identifier ?? model["modelId"]?.identifier
        part.modelName = part.modelID == nil ? nil : model["name"]?.word
        setType(of: &part, to: model["type"]?.word)
        part.creator = model["creator"]?["username"]?.word
        part.nsfwLevel = part.nsfwLevel ?? model["nsfwLevel"]?.level
        part.description = model["description"]?.prose ?? part.description
        if let own = ownFile(model) {
            part.files = [own]
        } else if chosen == nil {
            part.files = Array(versions.lazy.flatMap { files($0) }.prefix(maximumFiles))
        }
        return part
    }

    /// Lora-Manager's file: its own fields, and in `civitai` a version object (willmiao/ComfyUI-Lora-Manager:
    /// py/utils/models.py).
    static func loraManager(_ json: JSONValue) -> SidecarCivitaiPart {
        var part = version(json["civitai"] ?? .null)
        let isConnected = part.modelID != nil || part.versionID != nil
        if part.trainedWords.isEmpty { part.trainedWords = words(json["trainedWords"]) }
        part.baseModel = part.baseModel ?? baseModel(json["base_model"], isConnected: isConnected)
        if part.modelType == nil { part.type = json["sub_type"]?.word.flatMap { ModelType(civitaiWord: $0) } }
        if isConnected {
            part.modelName = part.modelName ?? json["model_name"]?.word
            part.description = part.description ?? json["modelDescription"]?.prose
        }
        if let own = ownFile(json) { part.files = [own] }
        return part
    }

    /// LykosAI/StabilityMatrix: StabilityMatrix.Core/Models/ConnectedModelInfo.cs and ConnectedModelSource.cs.
    static func stabilityMatrix(_ json: JSONValue) -> SidecarCivitaiPart {
        var part = SidecarCivitaiPart()
        // 0 is CivitAI, and the others have other ids or none.
        let isCivitai =
            switch json["Source"] {
            case nil, .null?, .integer(0)?, .string("Civitai")?: true
            default: false
            }
        if isCivitai {
            part.modelID = json["ModelId"]?.identifier
            part.versionID = json["VersionId"]?.identifier
        }
        let isConnected = part.modelID != nil || part.versionID != nil
        if isConnected {
            part.modelName = json["ModelName"]?.word
            part.versionName = json["VersionName"]?.word
            part.creator = json["AuthorUsername"]?.word
            part.description = json["ModelDescription"]?.prose ?? json["VersionDescription"]?.prose
        }
        setType(of: &part, to: json["ModelType"]?.word)
        part.baseModel = baseModel(json["BaseModel"], isConnected: isConnected)
        part.trainedWords = words(json["TrainedWords"])
        let file = FileIdentity(hashes: json["Hashes"])
        part.files = file.isEmpty ? [] : [file]
        return part
    }

    // MARK: - Fields

    private static func setType(of part: inout SidecarCivitaiPart, to word: String?) {
        guard let word, let type = ModelType(civitaiWord: word) else { return }
        part.modelType = word
        part.type = type
    }

    /// CivitAI itself may have a new word; what a tool or person wrote without asking it must be one that is known.
    private static func baseModel(_ value: JSONValue?, isConnected: Bool) -> String? {
        guard let word = value?.word, word.utf8.count <= 64, word.lowercased() != "unknown" else { return nil }
        if isConnected { return word }
        return BaseModelTable.civitaiWords.contains(word) ? word : BaseModelName(word)?.word
    }

    /// An array of strings; a string alone is one word.
    private static func words(_ value: JSONValue?) -> [String] {
        if let word = value?.prose { return [word] }
        return Array((value?.elements ?? []).lazy.compactMap(\.prose).prefix(maximumWords))
    }

    private static func files(_ version: JSONValue) -> [FileIdentity] {
        (version["files"]?.elements ?? []).prefix(maximumFiles).map { file in
            FileIdentity(hashes: file["hashes"], size: file["sizeKB"]?.double.flatMap { bytes($0 * 1024) })
        }.filter { !$0.isEmpty }
    }

    /// What the tool computed of the file beside its sidecar; nil without a digest.
    private static func ownFile(_ json: JSONValue) -> FileIdentity? {
        var file = FileIdentity()
        file.sha256 = SidecarReader.ownSHA256(json)
        let short = json["AutoV2"]?.string ?? json["hash_autov2"]?.string
        file.autoV2 = short.flatMap { Digest.hexadecimal($0, lengths: [10]) }
        guard !file.isEmpty else { return nil }
        file.autoV3 = json["autov3"]?.string.flatMap { Digest.hexadecimal($0, lengths: [12]) }
        file.size = json["size"]?.double.flatMap { bytes($0) }
        return file
    }

    private static func bytes(_ number: Double) -> Int64? {
        number > 0 ? Int64(exactly: number.rounded()) : nil
    }
}
