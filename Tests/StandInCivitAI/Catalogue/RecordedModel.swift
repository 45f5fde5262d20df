/// Reads recorded answers about a model, of any year.
enum RecordedModel {
    /// A recorded answer that is none.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// The model that a body of `GET /models/:id` describes, as far as other answers need it.
    static func read(_ tree: JSONTree) throws -> StandInModel {
        guard let id = tree["id"]?.integer, let name = tree["name"]?.text,
            let versions = tree["modelVersions"]?.elements
        else { throw Unreadable(description: "no model with an id, a name and versions") }
        var model = StandInModel(id: id, name: name, type: tree["type"]?.text ?? "Other")
        model.versions = try versions.map { try version($0) }
        model.mode = tree["mode"]?.text.flatMap { StandInMode(rawValue: $0) }
        model.description = tree["description"]?.text
        model.creator = tree["creator"]?["username"]?.text.map {
            StandInCreator($0, image: tree["creator"]?["image"]?.text)
        }
        model.tags = tree["tags"]?.elements?.compactMap(\.text) ?? []
        model.isNSFW = tree["nsfw"]?.boolean ?? false
        // Bodies of 2023 have no level.
        model.nsfwLevel = tree["nsfwLevel"]?.integer.map { Int($0) } ?? (model.isNSFW ? 28 : 1)
        model.isPersonOfInterest = tree["poi"]?.boolean ?? false
        model.isMinor = tree["minor"]?.boolean ?? false
        model.isSafeOnly = tree["sfwOnly"]?.boolean ?? false
        model.availability = tree["availability"]?.text ?? model.availability
        model.allowsNoCredit = tree["allowNoCredit"]?.boolean ?? true
        model.allowedCommercialUse =
            tree["allowCommercialUse"]?.elements?.compactMap(\.text) ?? tree["allowCommercialUse"]?.text.map { [$0] }
            ?? []
        model.allowsDerivatives = tree["allowDerivatives"]?.boolean ?? true
        model.allowsDifferentLicence = tree["allowDifferentLicense"]?.boolean ?? true
        model.downloads = tree["stats"]?["downloadCount"]?.integer.map { Int($0) }
        model.thumbsUp = tree["stats"]?["thumbsUpCount"]?.integer.map { Int($0) } ?? 0
        return model
    }

    private static func version(_ tree: JSONTree) throws -> StandInVersion {
        guard let id = tree["id"]?.integer else { throw Unreadable(description: "a recorded version has no id") }
        var version = StandInVersion(id: id, name: tree["name"]?.text ?? "")
        version.files = (tree["files"]?.elements ?? []).map { file($0) }
        version.images = (tree["images"]?.elements ?? []).compactMap { image($0) }
        version.baseModel = tree["baseModel"]?.text ?? "Other"
        version.baseModelType = tree["baseModelType"]?.text
        version.description = tree["description"]?.text
        version.trainedWords = tree["trainedWords"]?.elements?.compactMap(\.text) ?? []
        version.status = tree["status"]?.text.flatMap { StandInStatus(rawValue: $0) } ?? .published
        version.nsfwLevel = tree["nsfwLevel"]?.integer.map { Int($0) } ?? 1
        version.availability = tree["availability"]?.text ?? "Public"
        version.createdAt = tree["createdAt"]?.text ?? version.createdAt
        version.updatedAt = tree["updatedAt"]?.text ?? version.createdAt
        version.publishedAt = tree["publishedAt"]?.text ?? version.createdAt
        version.paidAccess = tree["paidAccess"].flatMap {
            $0.isEmpty ? nil : String(decoding: $0.bytes, as: UTF8.self)
        }
        version.downloads = tree["stats"]?["downloadCount"]?.integer.map { Int($0) }
        version.thumbsUp = tree["stats"]?["thumbsUpCount"]?.integer.map { Int($0) } ?? 0
        return version
    }

    private static func file(_ tree: JSONTree) -> StandInFile {
        let name = tree["name"]?.text ?? ""
        var file = StandInFile(name: name, bytes: Int64(((tree["sizeKB"]?.number ?? 0) * 1024).rounded()))
        file.id = tree["id"]?.integer
        file.recordedName = name
        file.type = tree["type"]?.text ?? "Model"
        for kind in StandInHashKind.allCases { file.hashes[kind] = tree["hashes"]?[kind.rawValue]?.text }
        file.isPrimary = tree["primary"]?.boolean ?? false
        file.format = tree["metadata"]?["format"]?.text
        file.precision = tree["metadata"]?["fp"]?.text
        file.variant = tree["metadata"]?["size"]?.text
        file.quantization = tree["metadata"]?["quantType"]?.text
        file.pickleScanResult = tree["pickleScanResult"]?.text ?? "Pending"
        file.pickleScanMessage = tree["pickleScanMessage"]?.text
        file.virusScanResult = tree["virusScanResult"]?.text ?? "Pending"
        file.scannedAt = tree["scannedAt"]?.text
        return file
    }

    /// nil without a URL of CivitAI's image server, whose file name is the number of the image.
    private static func image(_ tree: JSONTree) -> StandInImage? {
        let parts = (tree["url"]?.text ?? "").split(separator: "/")
        guard parts.count >= 3, let name = parts.last, let id = Int64(name.prefix { $0 != "." }) else { return nil }
        var image = StandInImage(id: id, level: tree["nsfwLevel"]?.integer.map { Int($0) } ?? 1)
        image.folder = String(parts[parts.count - 3])
        image.fileName = String(name)
        image.type = tree["type"]?.text ?? "image"
        image.width = tree["width"]?.integer.map { Int($0) } ?? image.width
        image.height = tree["height"]?.integer.map { Int($0) } ?? image.height
        image.hash = tree["hash"]?.text
        image.meta = tree["meta"].flatMap { $0.isEmpty ? nil : String(decoding: $0.bytes, as: UTF8.self) }
        return image
    }
}
