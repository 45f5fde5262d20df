/// One version of a model.
package struct CivitAIVersion: Sendable, Hashable {
    package let id: Int64
    /// The model that it belongs to; nil where only the answer around it tells.
    package var modelID: Int64?
    package var name: String?
    /// Its place in the creator's order, from 0; not an order in time.
    package var index: Int64?
    /// A word of CivitAI's list of base models, which grows.
    package var baseModel: String?
    /// `Standard`, `Inpainting`, `Refiner`, `Pix2Pix`.
    package var baseModelType: String?
    /// HTML.
    package var description: String?
    /// `Published` and others.
    package var status: String?
    package var availability: String?
    /// `urn:air:…`, CivitAI's name for the version.
    package var air: String?
    package var usageControl: String?
    package var uploadType: String?
    package var trainingStatus: String?
    /// The object as it was sent: JSON text.
    package var trainingDetails: String?
    /// Times as `2025-01-01T00:00:00.000Z`.
    package var createdAt: String?
    package var updatedAt: String?
    package var publishedAt: String?
    /// nil where the version is free for everybody, or nothing is said about it.
    package var earlyAccess: CivitAIEarlyAccess?
    /// Whether the answer is of the kind that says it where a version is not free.
    package var tellsEarlyAccess = false
    /// The object as it was sent: JSON text.
    package var paidAccess: String?
    /// CivitAI's level bits; 0 is unrated.
    package var nsfwLevel: Int64?
    /// Each as it is, whatever commas it holds.
    package var trainedWords: [String]?
    package var statistics = CivitAIStatistics()
    package var downloadURL: String?
    package var files: [CivitAIFile]?
    package var images: [CivitAIImage]?
    /// What an answer about the version alone says of its model.
    package var model: CivitAIModel?

    package init(id: Int64) { self.id = id }
}

/// A version that has to be paid for, for ever or for a while.
package struct CivitAIEarlyAccess: Sendable, Hashable {
    /// When everybody may have it; nil where that is not said.
    package var endsAt: String?

    package init(endsAt: String?) { self.endsAt = endsAt }
}

/// A file of a version.
package struct CivitAIFile: Sendable, Hashable {
    package let id: Int64
    /// The name for a download, which is often not that of the uploaded file.
    package var name: String?
    package var sizeKB: Double?
    /// CivitAI's word: `Model`, `Pruned Model`, `VAE`, `Text Encoder`, `Training Data` and others.
    package var type: String?
    /// `SafeTensor`, `PickleTensor`, `GGUF` and others.
    package var format: String?
    /// `fp16`, `fp8` and others.
    package var precision: String?
    /// `full` or `pruned`.
    package var variant: String?
    package var quantization: String?
    package var isPrimary: Bool?
    package var pickleScanResult: String?
    package var pickleScanMessage: String?
    package var virusScanResult: String?
    package var virusScanMessage: String?
    package var scannedAt: String?
    /// Digests by CivitAI's names for their kinds, in upper case.
    package var hashes: [String: String] = [:]
    package var downloadURL: String?
    /// The object as it was sent: JSON text.
    package var metadata: String?

    package init(id: Int64) { self.id = id }

    /// The size in bytes, of which CivitAI sends the 1024th part as a fraction; nil where it sends none that can be.
    package var bytes: Int64? {
        sizeKB.flatMap { $0 >= 0 ? Int64(exactly: ($0 * 1024).rounded()) : nil }
    }
}
