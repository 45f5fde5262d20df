/// A content whose preview image is to be fetched.
package struct DuePreview: Sendable, Hashable {
    package let contentID: Int64
    /// Lower case.
    package let sha256: String
    package let url: String
    /// Of the url what is the same for every size of the image.
    package let imageKey: String
    /// How often it was tried in vain.
    package let attempts: Int
}

/// A preview image that was fetched and lies in the cache.
package struct CachedPreview: Sendable, Hashable {
    package let sha256: String
    package let mediaType: String
    /// CivitAI's level bits.
    package let nsfwLevel: Int64?
}
