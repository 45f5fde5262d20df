internal import JSON

/// A version of which a file has a digest that was asked about.
package struct CivitAIHashMatch: Sendable, Hashable {
    /// In lower case.
    package let sha256: String
    package let versionID: Int64
    /// nil from servers that do not tell.
    package let modelID: Int64?

    package init(sha256: String, versionID: Int64, modelID: Int64?) {
        self.sha256 = sha256
        self.versionID = versionID
        self.modelID = modelID
    }

    /// Reads an element of the answer of `POST model-versions/by-hash/ids`; nil for what is none.
    init?(_ json: JSONValue) {
        guard let sha256 = json["hash"]?.string?.lowercased(), let version = json["modelVersionId"]?.integer,
            version > 0
        else { return nil }
        self.init(
            sha256: sha256, versionID: version, modelID: json["modelId"]?.integer.flatMap { $0 > 0 ? $0 : nil })
    }
}
