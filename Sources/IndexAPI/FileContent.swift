/// The digests of a content under CivitAI's names and in its spelling; one that does not apply is left out.
package struct FileHashes: Codable, Sendable, Equatable {
    package var sha256: String?
    package var autoV1: String?
    package var autoV2: String?
    package var autoV3: String?
    package var crc32: String?
    package var blake3: String?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case autoV1 = "AutoV1"
        case autoV2 = "AutoV2"
        case autoV3 = "AutoV3"
        case blake3 = "BLAKE3"
        case crc32 = "CRC32"
        case sha256 = "SHA256"
    }
}

/// What a file's header tells of its tensors.
package struct FileHeader: Codable, Sendable, Equatable {
    /// Bytes of safetensors' JSON; for GGUF the bytes before the tensor data.
    @Nullable package var size: Int64?
    @Nullable package var tensorCount: Int64?
    @Nullable package var parameterCount: Int64?
    /// Number of tensors of each element type.
    @Nullable package var dtypes: [String: Int64]?
    @Nullable package var architecture: String?
    @Nullable package var quantization: String?
    /// `epsilon`, `v` or `flow`.
    @Nullable package var prediction: String?
    /// Of `unet`, `vae` and `text_encoder` those that the file holds.
    @Nullable package var components: [String]?

    package init() {}

    enum CodingKeys: String, CodingKey {
        case architecture, components, dtypes
        case parameterCount = "parameter_count"
        case prediction, quantization, size
        case tensorCount = "tensor_count"
    }
}

/// The place of a file among the parts of one model.
package struct FilePart: Codable, Sendable, Equatable {
    /// From 1.
    package var index: Int
    package var count: Int
    /// True when every part is there.
    package var complete: Bool

    package init(index: Int, count: Int, complete: Bool) {
        self.index = index
        self.count = count
        self.complete = complete
    }

    enum CodingKeys: String, CodingKey { case index, count, complete }
}

/// A tag of the training images and how often it occurs.
package struct TagCount: Codable, Sendable, Equatable {
    package var tag: String
    package var count: Int64

    package init(tag: String, count: Int64) {
        self.tag = tag
        self.count = count
    }

    enum CodingKeys: String, CodingKey { case tag, count }
}

/// What a pickle would load.
package struct PickleReport: Codable, Sendable, Equatable {
    /// Every imported name.
    package var imports: [String]
    /// The imported names that can do harm.
    package var dangerous: [String]

    package init(imports: [String], dangerous: [String]) {
        self.imports = imports
        self.dangerous = dangerous
    }

    enum CodingKeys: String, CodingKey { case imports, dangerous }
}
