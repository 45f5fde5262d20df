internal import Catalog
internal import IndexAPI

extension CivitaiLink {
    /// What CivitAI has answered about a file's content and, where it has no answer, what a sidecar of its says.
    ///
    /// - Parameter isAsking: false while requests to CivitAI are switched off.
    init(_ file: FileDetails, isAsking: Bool) {
        self.init()
        let lookup = file.lookup
        let shown = lookup?.shownState(isAsking: isAsking)
        state = shown?.rawValue ?? "off"
        match = lookup?.match?.rawValue
        role = lookup?.role?.rawValue
        checkedAt = lookup?.checkedAt
        // What is not asked has no time at which it is.
        nextCheckAt = shown == nil ? nil : lookup?.nextCheckAt
        message = lookup?.message
        switch lookup?.state {
        case .unlinked: break
        case .found: tell(lookup)
        default:
            // Of a pin it is known at least what it is pinned to.
            (modelID, versionID) = (lookup?.modelID, lookup?.versionID)
            if let told = file.civitaiSidecar { tell(told) }
        }
    }

    private mutating func tell(_ lookup: StoredLookup?) {
        source = "api"
        modelID = lookup?.modelID
        versionID = lookup?.versionID
        pageURL = lookup?.modelID.map { civitaiPage(model: $0, version: lookup?.versionID) }
        guard let version = lookup?.version else { return }
        modelName = version.modelName
        versionName = version.versionName
        modelType = version.modelType
        baseModel = version.baseModel
        trainedWords = lookup?.role == .component ? nil : version.trainedWords
        creator = version.creator
        nsfwLevel = version.nsfwLevel.map { Int(clamping: $0) }
    }

    private mutating func tell(_ sidecar: SidecarRecord) {
        source = "sidecar"
        modelID = sidecar.modelID
        versionID = sidecar.versionID
        modelName = sidecar.modelName
        versionName = sidecar.versionName
        modelType = sidecar.modelType
        baseModel = sidecar.baseModel
        trainedWords = sidecar.trainedWords.isEmpty ? nil : sidecar.trainedWords
        creator = sidecar.creator
        nsfwLevel = sidecar.nsfwLevel.map { Int(clamping: $0) }
        pageURL = sidecar.pageURL
    }
}

extension FileDetails {
    /// The trigger words of the first source that has any.
    var triggers: (words: [String], source: String?) {
        if !user.trainedWords.isEmpty { return (user.trainedWords, "user") }
        if let text = sidecars.first(where: { $0.source == .user })?.activationText { return ([text], "user") }
        let answered = lookup?.version?.trainedWords ?? []
        if !answered.isEmpty { return (answered, "civitai") }
        let told = civitaiSidecar?.trainedWords ?? []
        if !told.isEmpty { return (told, "sidecar") }
        let embedded = header.embeddedWords
        return (embedded, embedded.isEmpty ? nil : "embedded")
    }
}
