/// The model that a file was trained on.
package struct TrainedOn: Codable, Sendable, Equatable {
    @Nullable package var sha256: String?
    @Nullable package var name: String?
    /// The path of that model where it is in the catalogue.
    @Nullable package var path: String?

    package init(sha256: String?, name: String?, path: String?) {
        self.sha256 = sha256
        self.name = name
        self.path = path
    }

    enum CodingKeys: String, CodingKey { case name, path, sha256 }
}

/// What the user has said of a content.
package struct UserFields: Codable, Sendable, Equatable {
    @Nullable package var description: String?
    @Nullable package var notes: String?
    @Nullable package var activationText: String?
    @Nullable package var negativeText: String?
    @Nullable package var preferredWeight: Double?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case activationText = "activation_text"
        case description
        case negativeText = "negative_text"
        case notes
        case preferredWeight = "preferred_weight"
    }
}

/// Where the preview of a content is.
package struct PreviewReference: Codable, Sendable, Equatable {
    /// `beside`, `cache` or `embedded`.
    package var source: String
    @Nullable package var path: String?
    /// The path of the image in this API.
    package var url: String
    /// CivitAI's level bits.
    @Nullable package var nsfwLevel: Int?
    /// `image` or `video`.
    package var type: String

    package init(source: String, path: String?, url: String, nsfwLevel: Int?, type: String) {
        self.source = source
        self.path = path
        self.url = url
        self.nsfwLevel = nsfwLevel
        self.type = type
    }

    enum CodingKeys: String, CodingKey {
        case nsfwLevel = "nsfw_level"
        case path, source, type, url
    }
}

/// What CivitAI answered about a content, or what a CivitAI sidecar says where it has not answered.
package struct CivitaiLink: Codable, Sendable, Equatable {
    /// One of `Vocabulary.civitaiStates`.
    package var state = "off"
    /// `api` or `sidecar`.
    @Nullable package var source: String?
    /// `SHA256`, `AutoV3` or `pinned`.
    @Nullable package var match: String?
    /// `model` or `component`.
    @Nullable package var role: String?
    @Nullable package var modelID: Int64?
    @Nullable package var versionID: Int64?
    @Nullable package var modelName: String?
    @Nullable package var versionName: String?
    @Nullable package var modelType: String?
    @Nullable package var baseModel: String?
    @Nullable package var trainedWords: [String]?
    @Nullable package var creator: String?
    @Nullable package var nsfwLevel: Int?
    @Nullable package var pageURL: String?
    @Nullable package var checkedAt: String?
    @Nullable package var nextCheckAt: String?
    @Nullable package var message: String?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case baseModel = "base_model"
        case checkedAt = "checked_at"
        case creator, match, message
        case modelID = "model_id"
        case modelName = "model_name"
        case modelType = "model_type"
        case nextCheckAt = "next_check_at"
        case nsfwLevel = "nsfw_level"
        case pageURL = "page_url"
        case role, source, state
        case trainedWords = "trained_words"
        case versionID = "version_id"
        case versionName = "version_name"
    }
}
