/// The body of `POST link`; its answer is the file, or the status's CivitAI part where it names no file.
package struct LinkRequest: Codable, Sendable, Equatable {
    /// The content of which file; without it CivitAI is asked again about everything that waits for a later time.
    package var file: FileSelection
    /// CivitAI's number of the version that the content is to be linked to for ever; null to ask CivitAI which it is.
    @Nullable package var versionID: Int64?

    package init(file: FileSelection = FileSelection(), versionID: Int64? = nil) {
        self.file = file
        self.versionID = versionID
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            file: try FileSelection(from: decoder),
            versionID: try container.decodeIfPresent(Int64.self, forKey: .versionID))
    }

    package func encode(to encoder: any Encoder) throws {
        try file.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(versionID, forKey: .versionID)
    }

    enum CodingKeys: String, CodingKey { case versionID = "version_id" }
}

/// The body of `POST cache`.
package struct CacheRequest: Codable, Sendable, Equatable {
    /// CivitAI's number of the model.
    package var modelID: Int64

    package init(modelID: Int64) { self.modelID = modelID }

    enum CodingKeys: String, CodingKey { case modelID = "model_id" }
}

/// The answer to `POST cache`.
package struct CacheAnswer: Codable, Sendable, Equatable {
    package var modelID: Int64
    /// How many versions it has.
    package var versions: Int

    package init(modelID: Int64, versions: Int) {
        self.modelID = modelID
        self.versions = versions
    }

    enum CodingKeys: String, CodingKey {
        case modelID = "model_id"
        case versions
    }
}
