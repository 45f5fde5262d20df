/// The answer to `GET triggers`.
package struct TriggersAnswer: Codable, Sendable, Equatable {
    package var path: String
    /// The path's bytes; only where they are not UTF-8.
    package var pathBase64: String?
    /// The trigger words of the first source that has any.
    package var words: [String]
    /// `user`, `civitai`, `sidecar` or `embedded`; null where there are none.
    @Nullable package var source: String?

    package init(path: String, pathBase64: String? = nil, words: [String], source: String?) {
        self.path = path
        self.pathBase64 = pathBase64
        self.words = words
        self.source = source
    }

    enum CodingKeys: String, CodingKey {
        case path
        case pathBase64 = "path_base64"
        case words, source
    }
}

/// The answer to `GET prompts`.
package struct PromptsAnswer: Codable, Sendable, Equatable {
    /// In the order of the versions and of their images.
    package var prompts: [PromptObject]
    package var total: Int

    package init(prompts: [PromptObject]) {
        self.prompts = prompts
        total = prompts.count
    }

    enum CodingKeys: String, CodingKey { case prompts, total }
}

/// How an image was made that the creator shows for a version; null is what is not known of it.
package struct PromptObject: Codable, Sendable, Equatable {
    package var prompt: String
    @Nullable package var negativePrompt: String?
    @Nullable package var sampler: String?
    @Nullable package var steps: Double?
    @Nullable package var cfgScale: Double?
    /// A decimal number of any size.
    @Nullable package var seed: String?
    /// As in `512x768`.
    @Nullable package var size: String?
    /// The models that it was made with.
    package var resources: [PromptResource] = []
    package var imageURL: String
    /// One of CivitAI's level bits; 0 is unrated.
    @Nullable package var nsfwLevel: Int64?

    package init(prompt: String, imageURL: String) {
        self.prompt = prompt
        self.imageURL = imageURL
    }

    enum CodingKeys: String, CodingKey {
        case prompt
        case negativePrompt = "negative_prompt"
        case sampler, steps
        case cfgScale = "cfg_scale"
        case seed, size, resources
        case imageURL = "image_url"
        case nsfwLevel = "nsfw_level"
    }
}

/// A model that an image was made with.
package struct PromptResource: Codable, Sendable, Equatable {
    /// `model`, `lora`, `embed` and others.
    @Nullable package var type: String?
    @Nullable package var name: String?
    @Nullable package var hash: String?
    @Nullable package var weight: Double?
    /// CivitAI's number of the version, where it knows it.
    @Nullable package var versionID: Int64?

    package init(type: String?, name: String?, hash: String?, weight: Double?, versionID: Int64?) {
        self.type = type
        self.name = name
        self.hash = hash
        self.weight = weight
        self.versionID = versionID
    }

    enum CodingKeys: String, CodingKey {
        case type, name, hash, weight
        case versionID = "version_id"
    }
}
