/// A version of a model of CivitAI.
package struct ModelVersion: Codable, Sendable, Equatable {
    package var versionID: Int64
    package var name: String
    @Nullable package var baseModel: String?
    @Nullable package var publishedAt: String?
    package var trainedWords: [String]
    /// When its model was found without it.
    @Nullable package var goneSince: String?
    /// The primary one first.
    package var files: [VersionFile]
    /// In the creator's order.
    package var images: [VersionImage]
    /// Files in the index that are linked to it, the present ones first.
    package var installedPaths: [String]

    package init(
        versionID: Int64, name: String, baseModel: String?, publishedAt: String?, trainedWords: [String],
        goneSince: String?, files: [VersionFile], images: [VersionImage], installedPaths: [String]
    ) {
        self.versionID = versionID
        self.name = name
        self.baseModel = baseModel
        self.publishedAt = publishedAt
        self.trainedWords = trainedWords
        self.goneSince = goneSince
        self.files = files
        self.images = images
        self.installedPaths = installedPaths
    }

    enum CodingKeys: String, CodingKey {
        case versionID = "version_id"
        case name
        case baseModel = "base_model"
        case publishedAt = "published_at"
        case trainedWords = "trained_words"
        case goneSince = "gone_since"
        case files, images
        case installedPaths = "installed_paths"
    }
}

/// A file of a version as CivitAI lists it.
package struct VersionFile: Codable, Sendable, Equatable {
    package var id: Int64
    /// For a download; often not that of the uploaded file.
    @Nullable package var name: String?
    /// `Model`, `Pruned Model`, `VAE`, `Text Encoder` and others.
    @Nullable package var type: String?
    /// Bytes.
    @Nullable package var size: Int64?
    /// `SafeTensor`, `PickleTensor`, `GGUF` and others.
    @Nullable package var format: String?
    /// `fp16`, `fp8` and others.
    @Nullable package var precision: String?
    /// `full` or `pruned`.
    @Nullable package var variant: String?
    @Nullable package var quantization: String?
    package var isPrimary = false
    @Nullable package var pickleScanResult: String?
    @Nullable package var virusScanResult: String?
    /// By CivitAI's names for their kinds, in upper case.
    package var hashes: [String: String] = [:]
    @Nullable package var downloadURL: String?

    package init(id: Int64) { self.id = id }

    enum CodingKeys: String, CodingKey {
        case id, name, type, size, format
        case precision = "fp"
        case variant
        case quantization = "quant_type"
        case isPrimary = "primary"
        case pickleScanResult = "pickle_scan_result"
        case virusScanResult = "virus_scan_result"
        case hashes
        case downloadURL = "download_url"
    }
}

/// An image or a film that the creator shows for a version.
package struct VersionImage: Codable, Sendable, Equatable {
    package var url: String
    /// One of CivitAI's level bits; 0 is unrated.
    @Nullable package var nsfwLevel: Int64?
    /// `image`, `video` and others.
    @Nullable package var type: String?
    @Nullable package var width: Int64?
    @Nullable package var height: Int64?

    package init(url: String, nsfwLevel: Int64?, type: String?, width: Int64?, height: Int64?) {
        self.url = url
        self.nsfwLevel = nsfwLevel
        self.type = type
        self.width = width
        self.height = height
    }

    enum CodingKeys: String, CodingKey {
        case url
        case nsfwLevel = "nsfw_level"
        case type, width, height
    }
}
