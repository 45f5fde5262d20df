internal import CivitAIRecords
package import LinuxSystem

/// A model of CivitAI, as much of it as the catalogue holds. Words are CivitAI's; nil is what it has not said.
package struct StoredModel: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let type: String?
    /// HTML.
    package let description: String?
    /// The description without its tags.
    package var descriptionText: String? { description.map(PlainText.of) }
    package let creator: String?
    package let nsfwLevel: Int64?
    package let licence: StoredLicence
    package let statistics: StoredStatistics
    /// When CivitAI was found to have it no more.
    package let goneSince: String?
    package var tags: [String] = []
}

/// What the creator of a model allows.
package struct StoredLicence: Sendable, Hashable {
    package let allowsNoCredit: Bool?
    package let allowedCommercialUse: [String]
    package let allowsDerivatives: Bool?
    package let allowsDifferentLicence: Bool?
}

/// Figures of a model, of which creators may hide some.
package struct StoredStatistics: Sendable, Hashable {
    package let downloads: Int64?
    package let thumbsUp: Int64?
    package let thumbsDown: Int64?
    package let comments: Int64?
    package let tips: Int64?
}

/// A version of a model.
package struct StoredVersion: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let baseModel: String?
    package let publishedAt: String?
    /// When its model was found without it.
    package let goneSince: String?
    package var trainedWords: [String] = []
    package var files: [StoredVersionFile] = []
    package var images: [StoredImage] = []
    /// Files of the roots that are linked to the version, the present ones first.
    package var installedPaths: [FilePath] = []
}

/// A file of a version.
package struct StoredVersionFile: Sendable, Hashable {
    package let id: Int64
    package let name: String?
    /// In units of 1024 bytes, with a fraction.
    package let sizeKB: Double?
    package let type: String?
    package let format: String?
    /// `fp16` and others.
    package let precision: String?
    /// `full` or `pruned`.
    package let variant: String?
    package let quantization: String?
    package let isPrimary: Bool
    package let pickleScanResult: String?
    package let virusScanResult: String?
    package let downloadURL: String?
    /// Digests by CivitAI's names for their kinds.
    package var hashes: [String: String] = [:]
}

/// An image or a film that the creator shows for a version.
package struct StoredImage: Sendable, Hashable {
    package let url: String
    /// One of CivitAI's level bits; nil or 0 is unrated.
    package let nsfwLevel: Int64?
    package let type: String?
    package let width: Int64?
    package let height: Int64?
}
