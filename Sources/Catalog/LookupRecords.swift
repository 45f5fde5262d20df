package import LinuxSystem

/// A content about which CivitAI is to be asked by its digest.
package struct DueLookup: Sendable, Hashable {
    package let contentID: Int64
    /// Lower case.
    package let sha256: String
    package let state: StoredLookup.State
    /// How often the question was answered with "not found", or failed.
    package let attempts: Int
}

/// A version that CivitAI has for a content by its digest.
package struct LookupCandidate: Sendable, Hashable {
    package let contentID: Int64
    package let versionID: Int64
    package let modelID: Int64?
    package let match: StoredLookup.Match

    package init(contentID: Int64, versionID: Int64, modelID: Int64?, match: StoredLookup.Match) {
        self.contentID = contentID
        self.versionID = versionID
        self.modelID = modelID
        self.match = match
    }
}

/// All that speaks for or against linking a content to one of the versions that CivitAI has for it.
package struct LinkEvidence: Sendable, Hashable {
    /// A version, as far as it is known.
    package struct Candidate: Sendable, Hashable {
        package let versionID: Int64
        package let modelID: Int64
        package let match: StoredLookup.Match
        package let publishedAt: String?
        /// CivitAI's words.
        package let modelType: String?
        /// The file of the version with the digest; nil where CivitAI does not list it.
        package let file: File?

        package init(
            versionID: Int64, modelID: Int64, match: StoredLookup.Match, publishedAt: String?, modelType: String?,
            file: File?
        ) {
            self.versionID = versionID
            self.modelID = modelID
            self.match = match
            self.publishedAt = publishedAt
            self.modelType = modelType
            self.file = file
        }
    }

    /// A file of a version.
    package struct File: Sendable, Hashable {
        package let id: Int64
        package let name: String?
        package let type: String?
        package let sizeKB: Double?

        package init(id: Int64, name: String?, type: String?, sizeKB: Double?) {
            self.id = id
            self.name = name
            self.type = type
            self.sizeKB = sizeKB
        }
    }

    package let contentID: Int64
    package let size: Int64
    /// By its bytes; nil where they do not decide.
    package let contentType: String?
    /// The type that is answered of its files; nil for none.
    package let type: String?
    /// Of its files, raw bytes.
    package let names: [[UInt8]]
    package let candidates: [Candidate]

    package init(
        contentID: Int64, size: Int64, contentType: String?, type: String?, names: [[UInt8]], candidates: [Candidate]
    ) {
        self.contentID = contentID
        self.size = size
        self.contentType = contentType
        self.type = type
        self.names = names
        self.candidates = candidates
    }
}

/// A version to which a content is linked, and what it is to it.
package struct ContentLink: Sendable, Hashable {
    package let versionID: Int64
    package let modelID: Int64
    /// The file of the version; nil where CivitAI does not list it.
    package let fileID: Int64?
    package let match: StoredLookup.Match
    package let role: StoredLookup.Role

    package init(
        versionID: Int64, modelID: Int64, fileID: Int64?, match: StoredLookup.Match, role: StoredLookup.Role
    ) {
        self.versionID = versionID
        self.modelID = modelID
        self.fileID = fileID
        self.match = match
        self.role = role
    }
}

/// A newer version of an installed model, of which nobody has been told.
package struct UpdateNews: Sendable, Hashable {
    package let modelName: String
    package let versionName: String
    package let baseModel: String
    /// A file of the version that is installed.
    package let fileID: Int64
    package let path: FilePath
}
