internal import JSON

/// Finds out which program wrote a sidecar, and reads what its format holds.
struct SidecarReader {
    private let json: JSONValue
    private let sha256: String?
    /// The names of its members, without those that are longer than any that is known.
    private let keys: Set<String>
    private let hasOtherKeys: Bool

    init(_ json: JSONValue, sha256: String?) {
        self.json = json
        let names = json.members.map(\.name)
        keys = Set(names.filter { $0.utf8.count <= 32 })
        hasOtherKeys = names.contains { $0.utf8.count > 32 }
        self.sha256 = sha256.flatMap { Digest.sha256($0) } ?? Self.ownSHA256(json)
    }

    // MARK: - What people wrote

    /// Keys that no other program than A1111, Forge and those that write for them have
    /// (AUTOMATIC1111/stable-diffusion-webui: extensions-builtin/Lora/ui_edit_user_metadata.py;
    /// lllyasviel/stable-diffusion-webui-forge: modules/ui_extra_networks_checkpoints_user_metadata.py).
    private static let decisiveKeys: Set<String> = [
        "sd version", "activation text", "preferred weight", "negative text", "sd_version_str",
    ]
    /// Keys that others have too, so that nothing else may stand beside them; `vae` is what both add for checkpoints.
    private static let plainKeys: Set<String> = ["description", "notes"]

    func user() -> SidecarUserPart? {
        var part = SidecarUserPart()
        if isUserNotes {
            part.description = json["description"]?.prose
            part.notes = json["notes"]?.prose
            part.activationText = json["activation text"]?.prose
            part.negativeText = json["negative text"]?.prose
            part.preferredWeight = Self.weight(json["preferred weight"])
            part.baseModel = Self.version(json["sd version"]) ?? Self.version(json["sd_version_str"])
        } else if isLoraManager {
            part.notes = json["notes"]?.prose
            // A JSON text in a string: {"strength": 0.8} (willmiao/ComfyUI-Lora-Manager: py/services/lora_service.py).
            let tips = json["usage_tips"]?.string.flatMap { try? JSONValue(Array($0.utf8)) }
            part.preferredWeight = Self.weight(tips?["strength"])
        }
        return part.isEmpty ? nil : part
    }

    private var isUserNotes: Bool {
        if !keys.isDisjoint(with: Self.decisiveKeys) { return true }
        return !hasOtherKeys && !keys.isDisjoint(with: Self.plainKeys)
            && keys.isSubset(of: Self.plainKeys.union(["vae"]))
    }

    private static func weight(_ value: JSONValue?) -> Double? {
        guard let weight = value?.double, weight != 0, weight.magnitude <= 100 else { return nil }
        return weight
    }

    /// `SD1`, `SDXL`, `Flux`, and Forge's `SdVersion.SDXL` for checkpoints.
    private static func version(_ value: JSONValue?) -> BaseModelName? {
        guard let text = value?.word else { return nil }
        let prefix = "SdVersion."
        let name = BaseModelName(text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text)
        return name?.word == "Other" ? nil : name
    }

    // MARK: - What tools learned

    func civitai() -> SidecarCivitaiPart? {
        var part: SidecarCivitaiPart
        if isStabilityMatrix {
            part = CivitaiPartReader.stabilityMatrix(json)
        } else if isLoraManager {
            part = CivitaiPartReader.loraManager(json)
        } else if case .array? = json["modelVersions"] {
            part = CivitaiPartReader.model(json, sha256: sha256)
        } else if isVersion {
            part = CivitaiPartReader.version(json)
            if part.modelID == nil, part.versionID == nil { return nil }
        } else {
            return nil
        }
        if isUserNotes, part.description == json["description"]?.prose { part.description = nil }
        return part.isEmpty ? nil : part
    }

    /// LykosAI/StabilityMatrix: StabilityMatrix.Core/Models/ConnectedModelInfo.cs.
    private var isStabilityMatrix: Bool {
        count(of: ["ModelId", "ModelName", "ModelType", "VersionId", "VersionName", "BaseModel", "Hashes"]) >= 3
    }

    /// willmiao/ComfyUI-Lora-Manager: py/utils/models.py.
    private var isLoraManager: Bool {
        count(of: [
            "file_name", "model_name", "file_path", "sha256", "base_model", "preview_url", "from_civitai", "civitai",
            "usage_tips",
        ]) >= 4
    }

    /// Any file may have an `id` or a `model`; together they are CivitAI's.
    private var isVersion: Bool {
        count(of: [
            "id", "modelId", "modelVersionId", "civitaiVersionId", "model", "files", "baseModel", "trainedWords",
            "sha256",
        ]) >= 3
    }

    private func count(of keys: Set<String>) -> Int { self.keys.intersection(keys).count }

    /// What civitai-browser-plus and StableQueue computed of the file itself.
    static func ownSHA256(_ json: JSONValue) -> String? {
        ["sha256", "SHA256", "hash_sha256"].lazy.compactMap { json[$0]?.string.flatMap { Digest.sha256($0) } }.first
    }
}
