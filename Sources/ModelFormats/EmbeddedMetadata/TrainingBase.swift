/// The model that another was trained on, as its trainer wrote it down.
package struct TrainingBase: Hashable, Sendable {
    /// SHA-256 of the file, in lower case.
    package let sha256: String?
    /// A shorter digest, in lower case: AutoV1 (8 digits), or the beginning of the SHA-256 (10 or 12).
    package let shortHash: String?
    /// The file's name, or the path or repository that the trainer was given.
    package let name: String?

    /// nil when the metadata tell nothing (kohya-ss/sd-scripts: train_network.py, which writes `NOFILE` and the like
    /// where it has no digest).
    init?(_ fields: MetadataFields) {
        let hash = fields.first("ss_new_sd_model_hash")
        sha256 = hash.flatMap { Digest.sha256($0) }
        shortHash =
            [hash, fields.first("ss_sd_model_hash")].lazy
            .compactMap { $0.flatMap { Digest.hexadecimal($0, lengths: [8, 10, 12]) } }.first
        name = fields.first("ss_sd_model_name")
        if sha256 == nil, shortHash == nil, name == nil { return nil }
    }
}
