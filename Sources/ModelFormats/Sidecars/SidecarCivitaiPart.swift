/// What a tool that asked CivitAI wrote down about a model.
package struct SidecarCivitaiPart: Hashable, Sendable {
    package var modelID: Int64?
    package var versionID: Int64?
    package var modelName: String?
    package var versionName: String?
    /// CivitAI's word.
    package var modelType: String?
    /// What that word stands for here.
    package var type: ModelType?
    /// CivitAI's word; without an id only one of the words that are known.
    package var baseModel: String?
    /// In CivitAI's order, each as it is, whatever commas it holds.
    package var trainedWords: [String] = []
    package var creator: String?
    /// CivitAI's level bits; nil when unrated.
    package var nsfwLevel: Int?
    /// HTML, of the model where it has one, else of the version.
    package var description: String?
    /// The files that this may be about: one of them is the one beside it, if the sidecar is right.
    package var files: [FileIdentity] = []

    package init() {}

    /// Whether nothing is told but digests.
    package var isEmpty: Bool {
        var other = self
        other.files = []
        return other == SidecarCivitaiPart()
    }

    /// The page of the version, or of the model; nil without the model's id.
    package var pageURL: String? {
        modelID.map { model in
            "https://civitai.com/models/\(model)" + (versionID.map { "?modelVersionId=\($0)" } ?? "")
        }
    }

    /// Whether this was written for another file than one with these digests: each file that it tells of has one that
    /// differs.
    ///
    /// Size decides only where no digest can be compared, and only when it is off by more than a kilobyte. CivitAI lists
    /// no files that their creators replaced since, so that an API answer may contradict and be right all the same; what
    /// a tool computed itself (`files` has one element then) may not.
    package func contradicts(_ file: FileIdentity) -> Bool {
        let verdicts = files.map { $0.agrees(with: file) }
        if verdicts.contains(true) { return false }
        if verdicts.contains(false) { return !verdicts.contains(nil) }
        guard let size = file.size, !files.isEmpty else { return false }
        return files.allSatisfy { told in
            guard let toldSize = told.size else { return false }
            let (difference, overflow) = toldSize.subtractingReportingOverflow(size)
            return overflow || difference.magnitude > 1024
        }
    }
}
