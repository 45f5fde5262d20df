package import JSON

extension CivitAIModel: CivitAIRecord {
    private static let maximumVersions = 1000
    private static let maximumTags = 1000

    /// Reads what is said of a model with its versions: `GET models/{id}`, or an element of `GET models`.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.identifier else { return nil }
        self.init(id: id, json)
        versions = Array(
            (json["modelVersions"]?.elements ?? []).lazy.compactMap { CivitAIVersion($0) }
                .prefix(Self.maximumVersions))
    }

    /// Reads what is said of a model whose number stands elsewhere, as beside the `model` of a version.
    init(id: Int64, _ json: JSONValue) {
        self.init(id: id)
        name = json["name"]?.text
        type = json["type"]?.text
        description = json["description"]?.text
        isNSFW = json["nsfw"]?.bool
        nsfwLevel = json["nsfwLevel"]?.count
        isPersonOfInterest = json["poi"]?.bool
        isMinor = json["minor"]?.bool
        isSafeOnly = json["sfwOnly"]?.bool
        mode = json["mode"]?.text
        availability = json["availability"]?.text
        supportsGeneration = json["supportsGeneration"]?.bool
        creator = CivitAICreator(json["creator"])
        licence = CivitAILicence(json)
        statistics = CivitAIStatistics(json["stats"])
        tags = json["tags"]?.texts(limit: Self.maximumTags)
    }
}

extension CivitAICreator {
    /// nil also where the account is gone.
    fileprivate init?(_ json: JSONValue?) {
        guard let username = json?["username"]?.text else { return nil }
        self.init(username: username, imageURL: json?["image"]?.text)
    }
}

extension CivitAILicence {
    fileprivate init(_ json: JSONValue) {
        self.init()
        allowsNoCredit = json["allowNoCredit"]?.bool
        allowedCommercialUse = Self.words(json["allowCommercialUse"])
        allowsDerivatives = json["allowDerivatives"]?.bool
        allowsDifferentLicence = json["allowDifferentLicense"]?.bool
    }

    /// `["Image","Rent"]`, and in older answers `Image` or `{Image,Rent}`.
    private static func words(_ json: JSONValue?) -> [String]? {
        guard let text = json?.text else { return json?.texts(limit: 16) }
        return text.split { $0 == "{" || $0 == "}" || $0 == "," || $0 == " " }.prefix(16).map(String.init)
    }
}

extension CivitAIStatistics {
    init(_ json: JSONValue?) {
        self.init()
        downloads = json?["downloadCount"]?.count
        thumbsUp = json?["thumbsUpCount"]?.count
        thumbsDown = json?["thumbsDownCount"]?.count
        comments = json?["commentCount"]?.count
        tips = json?["tippedAmountCount"]?.count
        verbatim = json?.objectText()
    }
}
