/// What became of the question to CivitAI about a content.
package struct StoredLookup: Sendable, Hashable {
    /// The stored states. That nothing is asked at all is no state: it follows from the configuration and from privacy.
    package enum State: String, Sendable, CaseIterable {
        case pending, found
        case notFound = "not_found"
        case error
        /// Somebody has forbidden to link it.
        case unlinked
    }

    /// By what the version was found.
    package enum Match: String, Sendable {
        case sha256 = "SHA256"
        case autoV3 = "AutoV3"
        /// Somebody has said so.
        case pinned
    }

    /// What the content is to the version.
    package enum Role: String, Sendable {
        case model
        /// A file that the version ships and that is not what the version is about, such as a VAE.
        case component
    }

    package let state: State
    package let match: Match?
    package let role: Role?
    /// CivitAI's numbers; those of the version also for a pinned content about which nothing is known yet.
    package let modelID: Int64?
    package let versionID: Int64?
    /// When CivitAI answered last; nil before it has.
    package let checkedAt: String?
    package let nextCheckAt: String?
    package let message: String?
    /// It was seen where no hash is to be sent from.
    package let isPrivate: Bool
    /// What CivitAI says of the version; nil unless found.
    package var version: LinkedVersion?
}

/// The version that a content is linked to, in short.
package struct LinkedVersion: Sendable, Hashable {
    package let modelName: String
    package let versionName: String
    /// CivitAI's word.
    package let modelType: String?
    /// CivitAI's word; nil for a component, which may fit others as well.
    package let baseModel: String?
    /// None for a content that is but a component of the version.
    package var trainedWords: [String]
    package let creator: String?
    package let nsfwLevel: Int64?
}
