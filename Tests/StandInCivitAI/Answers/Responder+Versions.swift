extension Responder {
    /// The kinds of answers about a version, which differ in small things.
    enum VersionForm {
        case byHash
        case bulk
        case byID
    }

    /// The oldest published version with a file that has the hash, of any kind.
    func versionByHash() -> Answer {
        let hash = (request.path.last ?? "").uppercased()
        guard !hash.isEmpty else { return refusal(400, "A hash is missing") }
        let entries = catalogue.files(withHash: hash).sorted {
            // Without a time of publication it comes last, as the database sorts.
            ($0.version.publishedAt ?? "~", $0.version.id) < ($1.version.publishedAt ?? "~", $1.version.id)
        }
        guard let entry = entries.first else { return refusal(404, "Model not found") }
        guard let object = versionObject(entry, .byHash) else { return refusal(404, "Missing model file") }
        return Answer(json: object)
    }

    /// A version by its number.
    func version() -> Answer {
        guard let id = numberInPath else { return refusal(400, "Invalid id") }
        guard let entry = catalogue[version: id], entry.isPublished else { return refusal(404, "Model not found") }
        guard let object = versionObject(entry, .byID) else { return refusal(404, "Missing model file") }
        return Answer(json: object)
    }

    /// The description of a version alone; nil for one without a file that could be listed.
    func versionObject(_ entry: Catalogue.Entry, _ form: VersionForm) -> JSONTree? {
        let (model, version) = (entry.model, entry.version)
        // An archived model keeps its files, but does not show them.
        guard model.mode == .archived || version.primaryIndex != nil else { return nil }
        let site = downloadSite(form)
        var modelMembers: [(name: String, value: JSONTree)] = [
            ("name", .text(model.name)), ("type", .text(model.type)), ("nsfw", .boolean(model.isNSFW)),
            ("poi", .boolean(model.isPersonOfInterest)),
        ]
        if let mode = model.mode { modelMembers.append(("mode", .text(mode.rawValue))) }
        var members: [(name: String, value: JSONTree)] = [
            ("id", .integer(version.id)), ("modelId", .integer(model.id)), ("name", .text(version.name)),
            ("nsfwLevel", JSONTree(version.nsfwLevel)), ("createdAt", .text(version.createdAt)),
            ("updatedAt", .text(version.updatedAt)), ("status", .text(version.status.rawValue)),
            ("publishedAt", JSONTree(version.publishedAt)), ("trainedWords", JSONTree(version.trainedWords)),
            ("trainingStatus", nil), ("trainingDetails", nil), ("baseModel", .text(version.baseModel)),
            ("baseModelType", JSONTree(version.baseModelType)), ("description", JSONTree(version.description)),
            ("uploadType", .text(version.uploadType)), ("usageControl", .text(version.usageControl)),
            ("licensingFee", nil), ("paidAccess", version.paidAccess.map { .verbatim(Array($0.utf8)) } ?? .null),
            ("air", .text(resourceName(of: entry))),
            (
                "stats",
                ["downloadCount": JSONTree(version.downloads), "thumbsUpCount": JSONTree(version.thumbsUp)]
            ),
            ("model", .object(modelMembers)), ("files", .list(files(of: entry, form: form, site: site))),
            ("images", .list(images(of: entry).prefix(10).map { imageObject($0, withMeta: true) })),
        ]
        if model.mode != .archived {
            members.append(("downloadUrl", .text("\(site)/api/download/models/\(version.id)")))
        }
        return .object(members)
    }

    private func files(of entry: Catalogue.Entry, form: VersionForm, site: String) -> [JSONTree] {
        guard entry.model.mode != .archived else { return [] }
        let primary = entry.version.primaryIndex
        return entry.version.listedFiles.enumerated().map { index, file in
            var members = fileMembers(file, entry, isPrimary: index == primary, site: site)
            members.insert(("primary", .boolean(index == primary)), at: members.count - 1)
            if form != .byID { members.insert(("overrideName", JSONTree(file.overrideName)), at: 3) }
            if form == .byID, let scanned = members.firstIndex(where: { $0.name == "scannedAt" }) {
                members[scanned].value = JSONTree(file.scannedAt.map { databaseTime($0) })
            }
            return .object(members)
        }
    }

    /// What versions are called in the beginning of their download addresses.
    private func downloadSite(_ form: VersionForm) -> String {
        // The bulk answers ask for a header that does not exist.
        form == .bulk ? "https://undefined" : "https://" + (request.header("Host") ?? "undefined")
    }

    /// CivitAI's name for the version, `urn:air:…`.
    func resourceName(of entry: Catalogue.Entry) -> String {
        let ecosystem: String
        switch entry.version.baseModel {
        case let base where base.hasPrefix("SD 1"): ecosystem = "sd1"
        case let base where base.hasPrefix("SD 2"): ecosystem = "sd2"
        case let base where base.hasPrefix("SDXL"): ecosystem = "sdxl"
        case let base where base.hasPrefix("Flux.1"): ecosystem = "flux1"
        default: ecosystem = entry.version.baseModel.lowercased().filter { $0.isLetter || $0.isNumber }
        }
        let type = entry.model.type == "TextualInversion" ? "embedding" : entry.model.type.lowercased()
        return "urn:air:\(ecosystem):\(type):civitai:\(entry.model.id)@\(entry.version.id)"
    }
}

/// A time as the database writes it: without a zone, and without zeros at the end of the fraction.
func databaseTime(_ time: String) -> String {
    var text = time.hasSuffix("Z") ? time.dropLast() : time[...]
    if text.contains(".") {
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
    }
    return String(text)
}
