package import LinuxSystem

/// Everything that an answer says of a file.
package struct FileDetails: Sendable {
    package let id: Int64
    package let path: FilePath
    package let root: FilePath
    package let folder: [UInt8]
    package let size: Int64
    /// Nanoseconds since 1970.
    package let modified: Int64
    package let state: FileState
    package let error: String?
    package let links: Int
    package let isSymbolicLink: Bool
    package let contentID: Int64?
    package let digests: StoredDigests
    package let header: StoredHeader
    package let identity: StoredIdentity
    /// nil for a file that is a model by itself.
    package let part: FileSurroundings.Part?
    /// An image beside it.
    package let preview: FilePath?
    /// Some sidecar lies beside it.
    let hasSidecars: Bool
    /// There are rows of other paths with the same content, present or not.
    let hasRelatives: Bool
    /// A person has said something of its content.
    let hasUserFields: Bool
    /// An image was fetched for its content.
    let hasCachedPreview: Bool
    /// What CivitAI said; nil for a content about which there is nothing to ask.
    package var lookup: StoredLookup?
    /// Other present paths with the same content.
    package var copies: [FilePath] = []
    /// What lies beside it and beside its copies says; of each source one at most.
    package var sidecars: [SidecarRecord] = []
    /// What a person has said of its content.
    package var user = StoredUserFields()
    /// An image that was fetched from CivitAI.
    package var cachedPreview: CachedPreview?
    /// Where the model is that it was trained on.
    package var trainedOnPath: FilePath?
}

/// What the header of a content says, as far as it is known.
package struct StoredHeader: Sendable {
    package let format: String?
    package let size: UInt64?
    package let tensorCount: Int?
    package let parameterCount: UInt64?
    package let dtypes: [String: Int]
    package let architecture: String?
    package let quantization: String?
    package let prediction: String?
    package let components: [String]
    /// Trigger words that the file itself carries.
    package let embeddedWords: [String]
    package let trainedOnSHA256: String?
    package let trainedOnName: String?
    /// The file carries an image of its own.
    package let hasThumbnail: Bool
}

/// What a file is, judged of all that is known.
package struct StoredIdentity: Sendable {
    package let type: String?
    package let typeSource: String?
    package let baseModel: String?
    package let baseModelSource: String?
    package let baseModelType: String?
    package let isDangerous: Bool
}

/// The longer things that are known of a content, which only an answer about one file shows.
package struct ContentExtras: Sendable {
    package var metadata: [ContentDescription.Entry] = []
    package var topTags: [ContentDescription.Tag] = []
    /// nil for a format without a pickle.
    package var pickleImports: [String]?
    package var dangerousImports: [String] = []

    package init() {}
}

extension FileDetails {
    /// What a sidecar tells of CivitAI, unless somebody has forbidden to link the content, or it is known to be of
    /// another version, or only a component of it, whose words are not its own.
    package var civitaiSidecar: SidecarRecord? {
        guard let told = sidecars.first(where: { $0.source == .civitai }), lookup?.state != .unlinked,
            lookup?.role != .component
        else { return nil }
        guard let known = lookup?.versionID, let version = told.versionID else {
            return lookup?.match == .pinned && lookup?.version == nil ? nil : told
        }
        return known == version ? told : nil
    }
}
