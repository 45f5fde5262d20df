extension Responder {
    /// The short description of a version and of one of its files.
    func miniVersion() -> Answer {
        guard let id = numberInPath else { return refusal(400, "Invalid id") }
        guard let entry = catalogue[version: id], entry.isPublished else { return refusal(404, "Model not found") }
        let listed = entry.version.listedFiles
        let index: Int?
        if let text = parameter("modelFileId") {
            guard let wanted = Int64(text) else { return refusal(400, "Invalid modelFileId") }
            index = listed.firstIndex { $0.id == wanted }
            guard index != nil else { return refusal(404, "Model file \(wanted) not found in version \(id)") }
        } else {
            index = entry.version.primaryIndex
        }
        guard let index else { return refusal(404, "Missing model file") }
        let file = listed[index]
        let hashes = StandInHashKind.allCases.compactMap { kind in
            file.storedHash(kind).map { (name: kind.rawValue, value: JSONTree.text($0)) }
        }
        let (model, version) = (entry.model, entry.version)
        return Answer(
            json: [
                "air": .text(resourceName(of: entry)), "versionName": .text(version.name),
                "modelName": .text(model.name), "userId": .integer(model.userID),
                "baseModel": .text(version.baseModel), "availability": .text(version.availability),
                "publishedAt": JSONTree(version.publishedAt), "size": .number(Double(file.bytes) / 1024),
                "fileType": .text(file.type), "fileName": .text(file.name), "hashes": .object(hashes),
                "downloadUrls": [.text("\(settings.siteURL)/api/download/models/\(version.id)")],
                "format": JSONTree(file.format), "canGenerate": .boolean(model.supportsGeneration),
                "isFeatured": false, "requireAuth": false, "checkPermission": false, "additionalResourceCharge": false,
                "minor": .boolean(model.isMinor), "sfwOnly": .boolean(model.isSafeOnly), "fees": [],
                "payoutEnabled": false,
            ])
    }
}
