package import JSON

extension CivitAIVersion: CivitAIRecord {
    private static let maximumWords = 200
    private static let maximumFiles = 200
    private static let maximumImages = 100

    /// Reads what is said of a version: `GET model-versions/{id}`, `GET` or an element of `POST
    /// model-versions/by-hash`, or an element of a model's `modelVersions`.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.identifier else { return nil }
        self.init(id: id)
        modelID = json["modelId"]?.identifier
        name = json["name"]?.text
        index = json["index"]?.count
        baseModel = json["baseModel"]?.text
        baseModelType = json["baseModelType"]?.text
        description = json["description"]?.text
        status = json["status"]?.text
        availability = json["availability"]?.text
        air = json["air"]?.text
        usageControl = json["usageControl"]?.text
        uploadType = json["uploadType"]?.text
        trainingStatus = json["trainingStatus"]?.text
        trainingDetails = json["trainingDetails"]?.objectText()
        createdAt = json["createdAt"]?.moment
        updatedAt = json["updatedAt"]?.moment
        publishedAt = json["publishedAt"]?.moment
        earlyAccess = CivitAIEarlyAccess(ofVersion: json)
        tellsEarlyAccess = ["paidAccess", "availability", "earlyAccessEndsAt", "earlyAccessDeadline"].contains {
            json.has($0)
        }
        paidAccess = json["paidAccess"]?.objectText()
        nsfwLevel = json["nsfwLevel"]?.count
        trainedWords = json["trainedWords"]?.texts(limit: Self.maximumWords)
        statistics = CivitAIStatistics(json["stats"])
        downloadURL = json["downloadUrl"]?.text
        files = json["files"]?.records(limit: Self.maximumFiles) { CivitAIFile($0) }
        images = json["images"]?.records(limit: Self.maximumImages) { CivitAIImage($0) }
        if let modelID, let model = json["model"], model.isObject { self.model = CivitAIModel(id: modelID, model) }
    }
}

extension JSONValue {
    /// Those elements of an array that can be read; nil for anything but an array.
    fileprivate func records<Record>(limit: Int, _ read: (JSONValue) -> Record?) -> [Record]? {
        guard case .array(let elements) = self else { return nil }
        return Array(elements.lazy.compactMap(read).prefix(limit))
    }
}
