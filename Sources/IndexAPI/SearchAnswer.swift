/// The answer to `GET search`: what fits best comes first.
package struct SearchAnswer: Codable, Sendable, Equatable {
    /// The words as they were asked for.
    package var query: String
    package var files: [FileObject]
    /// Models of CivitAI that are known, installed or not.
    package var models: [FoundModel]
    /// Files that fit, whatever `limit` and `offset` leave of them.
    package var total: Int

    package init(query: String, files: [FileObject] = [], models: [FoundModel] = [], total: Int = 0) {
        self.query = query
        self.files = files
        self.models = models
        self.total = total
    }

    enum CodingKeys: String, CodingKey { case query, files, models, total }
}

/// A model of CivitAI in a few words.
package struct FoundModel: Codable, Sendable, Equatable {
    package var modelID: Int64
    package var name: String
    /// CivitAI's word.
    @Nullable package var type: String?
    @Nullable package var creator: String?
    /// Of its versions, in the order of the alphabet.
    package var baseModels: [String]
    /// CivitAI's level bits; 0 is unrated.
    @Nullable package var nsfwLevel: Int64?
    /// A file of it is in the index.
    package var installed: Bool
    package var pageURL: String

    package init(
        modelID: Int64, name: String, type: String?, creator: String?, baseModels: [String], nsfwLevel: Int64?,
        installed: Bool
    ) {
        self.modelID = modelID
        self.name = name
        self.type = type
        self.creator = creator
        self.baseModels = baseModels
        self.nsfwLevel = nsfwLevel
        self.installed = installed
        pageURL = civitaiPage(model: modelID)
    }

    enum CodingKeys: String, CodingKey {
        case modelID = "model_id"
        case name, type, creator
        case baseModels = "base_models"
        case nsfwLevel = "nsfw_level"
        case installed
        case pageURL = "page_url"
    }
}
