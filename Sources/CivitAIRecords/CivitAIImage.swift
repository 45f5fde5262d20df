/// An image or a film that the creator shows for a version.
package struct CivitAIImage: Sendable, Hashable {
    package let url: String
    package var width: Int64?
    package var height: Int64?
    /// One of CivitAI's level bits; nil or 0 is unrated.
    package var nsfwLevel: Int64?
    /// `image`, `video`, `audio`.
    package var type: String?
    package var blurHash: String?
    package var hasMetadata: Bool?
    package var hasPositivePrompt: Bool?
    package var isMadeOnSite: Bool?
    package var isMinor: Bool?
    package var isPersonOfInterest: Bool?
    package var availability: String?
    package var remixOfID: Int64?
    /// How it was made: `prompt`, `negativePrompt`, `sampler`, `steps`, `cfgScale`, `seed`, `Size` and whatever else was
    /// sent, each value as its text; whole workflows are left out.
    package var parameters: [String: String]?
    /// The models that it was made with.
    package var resources: [CivitAIResource]?

    package init(url: String) { self.url = url }

    /// Of the url what is the same for every size of the image: answers name the same one by `…/original=true/1.jpeg` and
    /// by `…/width=450/1.jpeg`.
    package var key: String {
        url.split(separator: "/", omittingEmptySubsequences: false).filter { !$0.contains("=") }.joined(separator: "/")
    }
}

/// A model that an image was made with.
package struct CivitAIResource: Sendable, Hashable {
    /// `model`, `lora`, `embed` and others.
    package var type: String?
    package var name: String?
    package var hash: String?
    package var weight: Double?
    /// The version, where CivitAI knows it.
    package var versionID: Int64?

    package init() {}
}
