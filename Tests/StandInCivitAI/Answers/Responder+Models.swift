extension Responder {
    /// A model by its number, with what is null or empty left out of its versions.
    func model() -> Answer {
        guard let id = numberInPath else { return refusal(400, "Invalid id") }
        guard let model = catalogue[model: id], model.status == .published else {
            return refusal(404, "No model with id \(id)")
        }
        if let body = catalogue[recorded: id] { return Answer(json: .verbatim(body)) }
        return Answer(json: modelObject(model, omitsEmpty: true))
    }

    /// The description of a model with its published versions.
    func modelObject(_ model: StandInModel, omitsEmpty: Bool) -> JSONTree {
        let versions = model.publishedVersions.enumerated().map { index, version in
            versionMembers(Catalogue.Entry(model: model, version: version), index: index)
        }
        var members: [(name: String, value: JSONTree)] = [
            ("id", .integer(model.id)), ("name", .text(model.name)), ("description", JSONTree(model.description)),
            ("allowNoCredit", .boolean(model.allowsNoCredit)),
            ("allowCommercialUse", JSONTree(model.allowedCommercialUse)),
            ("allowDerivatives", .boolean(model.allowsDerivatives)),
            ("allowDifferentLicense", .boolean(model.allowsDifferentLicence)), ("type", .text(model.type)),
            ("minor", .boolean(model.isMinor)), ("sfwOnly", .boolean(model.isSafeOnly)),
            ("poi", .boolean(model.isPersonOfInterest)), ("nsfw", .boolean(model.isNSFW)),
            ("nsfwLevel", JSONTree(model.nsfwLevel)), ("availability", .text(model.availability)),
            ("userId", .integer(model.userID)), ("baseModels", JSONTree(baseModels(of: model))), ("cosmetic", nil),
            ("supportsGeneration", .boolean(model.supportsGeneration)),
        ]
        if let mode = model.mode { members.append(("mode", .text(mode.rawValue))) }
        let statistics: JSONTree = [
            "downloadCount": JSONTree(model.downloads), "thumbsUpCount": JSONTree(model.thumbsUp),
            "thumbsDownCount": 0, "commentCount": 0, "tippedAmountCount": JSONTree(model.tips),
        ]
        members.append(("stats", statistics))
        if let creator = model.creator {
            members.append(("creator", ["username": .text(creator.username), "image": JSONTree(creator.image)]))
        }
        members.append(("tags", JSONTree(model.tags)))
        members.append(
            ("modelVersions", .list(versions.map { .object(omitsEmpty ? $0.filter { !$0.value.isEmpty } : $0) })))
        return .object(members)
    }

    private func baseModels(of model: StandInModel) -> [String] {
        Set(model.publishedVersions.map(\.baseModel)).sorted()
    }

    private func versionMembers(_ entry: Catalogue.Entry, index: Int) -> [(name: String, value: JSONTree)] {
        let (model, version) = (entry.model, entry.version)
        let primary = version.primaryIndex
        let listed = model.mode == .archived ? [] : version.listedFiles
        let files = listed.enumerated().map { position, file in
            var members = fileMembers(file, entry, isPrimary: position == primary, site: settings.siteURL)
            if let quantization = file.quantization,
                let place = members.firstIndex(where: { $0.name == "metadata" }),
                case .object(let known) = members[place].value
            {
                members[place].value = .object(known + [("quantType", .text(quantization))])
            }
            if position == primary { members.append(("primary", true)) }
            return JSONTree.object(members)
        }
        let images = images(of: entry).map { imageObject($0, withMeta: false) }
        var members: [(name: String, value: JSONTree)] = [
            ("id", .integer(version.id)), ("index", JSONTree(index)), ("name", .text(version.name)),
            ("baseModel", .text(version.baseModel)), ("baseModelType", JSONTree(version.baseModelType)),
            ("createdAt", .text(version.createdAt)), ("publishedAt", JSONTree(version.publishedAt)),
            ("status", .text(version.status.rawValue)), ("flags", 0), ("availability", .text(version.availability)),
            ("nsfwLevel", JSONTree(version.nsfwLevel)), ("description", JSONTree(version.description)),
            ("trainedWords", JSONTree(version.trainedWords)), ("covered", .boolean(!images.isEmpty)),
            ("paidAccess", version.paidAccess.map { .verbatim(Array($0.utf8)) } ?? .null),
            ("earlyAccessDeadline", nil),
            (
                "stats",
                [
                    "downloadCount": JSONTree(version.downloads), "thumbsUpCount": JSONTree(version.thumbsUp),
                    "thumbsDownCount": 0,
                ]
            ),
            ("files", .list(files)), ("images", .list(images)),
        ]
        if model.mode != .archived {
            members.append(("downloadUrl", .text("\(settings.siteURL)/api/download/models/\(version.id)")))
        }
        return members
    }
}
