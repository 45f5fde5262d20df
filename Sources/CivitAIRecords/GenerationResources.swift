internal import JSON

/// Reads out of an image's `meta` which models it was made with.
enum GenerationResources {
    private static let maximumCount = 64

    /// What `resources` and `civitaiResources` list, with the digests of `hashes` where those have more; nil when there
    /// is nothing.
    static func read(_ meta: JSONValue) -> [CivitAIResource]? {
        var resources: [CivitAIResource] = []
        for key in ["resources", "civitaiResources"] {
            for element in meta[key]?.elements ?? [] where resources.count < maximumCount {
                if let resource = CivitAIResource(element) { resources.append(resource) }
            }
        }
        for member in meta["hashes"]?.members ?? [] where resources.count < maximumCount {
            guard member.name.utf8.count <= 1024, let hash = member.value.text, hash.utf8.count <= 128 else { continue }
            add(hash, named: member.name, to: &resources)
        }
        return resources.isEmpty ? nil : resources
    }

    /// `model`, `vae`, `lora:a name`, `embed:a name`.
    private static func add(_ hash: String, named name: String, to resources: inout [CivitAIResource]) {
        let parts = JSONValue.string(name).text?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
        guard let type = parts.first else { return }
        if resources.contains(where: { $0.hash?.lowercased() == hash.lowercased() }) { return }
        let known = resources.firstIndex { $0.hash == nil && $0.type == type && $0.name == parts.dropFirst().first }
        if let known {
            resources[known].hash = hash
        } else {
            var resource = CivitAIResource()
            resource.type = type
            resource.name = parts.dropFirst().first
            resource.hash = hash
            resources.append(resource)
        }
    }
}

extension CivitAIResource {
    /// nil for what says nothing of which model it is.
    fileprivate init?(_ json: JSONValue) {
        self.init()
        type = Self.word(json["type"])
        name = Self.word(json["name"]) ?? Self.word(json["modelName"])
        hash = Self.word(json["hash"])
        weight = json["weight"]?.double
        versionID = json["modelVersionId"]?.identifier
        if name == nil, hash == nil, versionID == nil { return nil }
    }

    private static func word(_ json: JSONValue?) -> String? {
        json?.text.flatMap { $0.utf8.count <= 1024 ? $0 : nil }
    }
}
