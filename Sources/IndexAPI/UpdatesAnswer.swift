/// The answer to `GET updates`.
package struct UpdatesAnswer: Codable, Sendable, Equatable {
    /// What was published last comes first.
    package var updates: [UpdateObject]
    /// Updates that fit, whatever `limit` and `offset` leave of them.
    package var total: Int

    package init(updates: [UpdateObject], total: Int) {
        self.updates = updates
        self.total = total
    }

    enum CodingKeys: String, CodingKey { case updates, total }
}

/// A published version that is newer than what is installed of its model, for one base model.
package struct UpdateObject: Codable, Sendable, Equatable {
    /// A version in a few words.
    package struct Version: Codable, Sendable, Equatable {
        package var versionID: Int64
        package var versionName: String
        @Nullable package var publishedAt: String?

        package init(versionID: Int64, versionName: String, publishedAt: String?) {
            self.versionID = versionID
            self.versionName = versionName
            self.publishedAt = publishedAt
        }

        enum CodingKeys: String, CodingKey {
            case versionID = "version_id"
            case versionName = "version_name"
            case publishedAt = "published_at"
        }
    }

    package var modelID: Int64
    package var modelName: String
    /// That of the latest version.
    package var baseModel: String
    /// The newest installed version of the base model, or of the model where none of the base model is installed.
    package var installed: Version
    package var latest: Version
    /// How many other base models have a version that is newer than every installed one.
    package var otherBaseModels: Int
    /// The latest version has to be paid for, for ever or for a while that is not over.
    package var earlyAccess: Bool
    /// Files of the installed version, the present ones first.
    package var paths: [String]
    /// The page of the latest version.
    package var pageURL: String

    package init(
        modelID: Int64, modelName: String, baseModel: String, installed: Version, latest: Version,
        otherBaseModels: Int, earlyAccess: Bool, paths: [String]
    ) {
        self.modelID = modelID
        self.modelName = modelName
        self.baseModel = baseModel
        self.installed = installed
        self.latest = latest
        self.otherBaseModels = otherBaseModels
        self.earlyAccess = earlyAccess
        self.paths = paths
        pageURL = civitaiPage(model: modelID, version: latest.versionID)
    }

    enum CodingKeys: String, CodingKey {
        case modelID = "model_id"
        case modelName = "model_name"
        case baseModel = "base_model"
        case installed, latest
        case otherBaseModels = "other_base_models"
        case earlyAccess = "early_access"
        case paths
        case pageURL = "page_url"
    }
}
