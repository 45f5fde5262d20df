/// The answer to `GET models/{id}`: a model of CivitAI, installed or not. Words are CivitAI's.
package struct ModelAnswer: Codable, Sendable, Equatable {
    package var modelID: Int64
    package var name: String
    @Nullable package var type: String?
    /// HTML.
    @Nullable package var description: String?
    /// The description as plain text.
    @Nullable package var descriptionText: String?
    @Nullable package var creator: String?
    package var tags: [String]
    /// CivitAI's level bits; 0 is unrated.
    @Nullable package var nsfwLevel: Int64?
    package var licence: ModelLicence
    package var stats: ModelStatistics
    package var pageURL: String
    /// When CivitAI was found to have it no more.
    @Nullable package var goneSince: String?
    /// In the creator's order, then the newest first.
    package var versions: [ModelVersion]

    package init(
        modelID: Int64, name: String, type: String?, description: String?, descriptionText: String?, creator: String?,
        tags: [String], nsfwLevel: Int64?, licence: ModelLicence, stats: ModelStatistics, goneSince: String?,
        versions: [ModelVersion]
    ) {
        self.modelID = modelID
        self.name = name
        self.type = type
        self.description = description
        self.descriptionText = descriptionText
        self.creator = creator
        self.tags = tags
        self.nsfwLevel = nsfwLevel
        self.licence = licence
        self.stats = stats
        pageURL = civitaiPage(model: modelID)
        self.goneSince = goneSince
        self.versions = versions
    }

    enum CodingKeys: String, CodingKey {
        case modelID = "model_id"
        case name, type, description
        case descriptionText = "description_text"
        case creator, tags
        case nsfwLevel = "nsfw_level"
        case licence, stats
        case pageURL = "page_url"
        case goneSince = "gone_since"
        case versions
    }
}

/// What the creator of a model allows; null is what CivitAI has not said.
package struct ModelLicence: Codable, Sendable, Equatable {
    @Nullable package var allowNoCredit: Bool?
    /// Of `Image`, `RentCivit`, `Rent` and `Sell` those that are allowed.
    package var allowCommercialUse: [String]
    @Nullable package var allowDerivatives: Bool?
    @Nullable package var allowDifferentLicense: Bool?

    package init(
        allowNoCredit: Bool?, allowCommercialUse: [String], allowDerivatives: Bool?, allowDifferentLicense: Bool?
    ) {
        self.allowNoCredit = allowNoCredit
        self.allowCommercialUse = allowCommercialUse
        self.allowDerivatives = allowDerivatives
        self.allowDifferentLicense = allowDifferentLicense
    }

    enum CodingKeys: String, CodingKey {
        case allowNoCredit = "allow_no_credit"
        case allowCommercialUse = "allow_commercial_use"
        case allowDerivatives = "allow_derivatives"
        case allowDifferentLicense = "allow_different_license"
    }
}

/// Figures of a model; null is what CivitAI does not tell.
package struct ModelStatistics: Codable, Sendable, Equatable {
    @Nullable package var downloadCount: Int64?
    @Nullable package var thumbsUpCount: Int64?
    @Nullable package var thumbsDownCount: Int64?
    @Nullable package var commentCount: Int64?
    @Nullable package var tippedAmountCount: Int64?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case downloadCount = "download_count"
        case thumbsUpCount = "thumbs_up_count"
        case thumbsDownCount = "thumbs_down_count"
        case commentCount = "comment_count"
        case tippedAmountCount = "tipped_amount_count"
    }
}

/// The page of a model on CivitAI, or of one of its versions.
package func civitaiPage(model: Int64, version: Int64? = nil) -> String {
    "https://civitai.com/models/\(model)" + (version.map { "?modelVersionId=\($0)" } ?? "")
}
