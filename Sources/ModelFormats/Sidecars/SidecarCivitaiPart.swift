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
}
