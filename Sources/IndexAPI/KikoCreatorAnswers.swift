/// The answers of the API of Kiko-Creator, as programs know it that were written for it; `origins` of the documentation
/// says what differs. Its words are in camel case and in snake case, as they were.

/// A file as a row of Kiko-Creator's database.
package struct KikoCreatorModel: Codable, Sendable, Equatable {
    package var id: Int64
    /// The file name.
    package var name: String
    package var path: String
    /// Below the root.
    package var folder: String
    /// `checkpoint`, `lora` or `embedding`.
    package var type: String
    /// Bytes.
    package var size: Int64
    /// SHA-256 in upper case.
    @Nullable package var hash: String?
    package var fileModifiedAt: String
    /// When it was first seen.
    package var scannedAt: String
    package var updatedAt: String
    /// CivitAI's number of the version.
    @Nullable package var civitaiID: Int64?
    @Nullable package var civitaiModelID: Int64?
    @Nullable package var civitaiModelName: String?
    @Nullable package var description: String?
    @Nullable package var baseModel: String?
    package var trainedWords: [String] = []
    package var images: [KikoCreatorImage] = []
    @Nullable package var thumbnailPath: String?
    /// Figures of the version by CivitAI's names.
    package var stats: [String: Int64] = [:]
    /// When CivitAI answered last.
    @Nullable package var metadataFetchedAt: String?

    package init(
        id: Int64, name: String, path: String, folder: String, type: String, size: Int64, fileModifiedAt: String,
        scannedAt: String, updatedAt: String
    ) {
        self.id = id
        self.name = name
        self.path = path
        self.folder = folder
        self.type = type
        self.size = size
        self.fileModifiedAt = fileModifiedAt
        self.scannedAt = scannedAt
        self.updatedAt = updatedAt
    }

    enum CodingKeys: String, CodingKey {
        case id, name, path, folder, type, size, hash
        case fileModifiedAt = "file_modified_at"
        case scannedAt = "scanned_at"
        case updatedAt = "updated_at"
        case civitaiID = "civitai_id"
        case civitaiModelID = "civitai_model_id"
        case civitaiModelName = "civitai_model_name"
        case description
        case baseModel = "base_model"
        case trainedWords = "trained_words"
        case images
        case thumbnailPath = "thumbnail_path"
        case stats
        case metadataFetchedAt = "metadata_fetched_at"
    }
}

/// An image in CivitAI's words.
package struct KikoCreatorImage: Codable, Sendable, Equatable {
    package var url: String
    @Nullable package var nsfwLevel: Int64?
    @Nullable package var width: Int64?
    @Nullable package var height: Int64?
    @Nullable package var type: String?

    package init(url: String, nsfwLevel: Int64?, width: Int64?, height: Int64?, type: String?) {
        self.url = url
        self.nsfwLevel = nsfwLevel
        self.width = width
        self.height = height
        self.type = type
    }

    enum CodingKeys: String, CodingKey { case url, nsfwLevel, width, height, type }
}

/// The answer to `GET /api/models` and `/api/models/needs-metadata`.
package struct KikoCreatorModelsAnswer: Codable, Sendable, Equatable {
    package var success: Bool
    package var models: [KikoCreatorModel]
    /// Models in this answer.
    package var count: Int
    /// Models that fit, whatever `limit` and `offset` leave of them.
    package var total: Int

    enum CodingKeys: String, CodingKey { case success, models, count, total }
}

/// The answer to `GET /api/models/by-path` and `/api/models/by-hash`.
package struct KikoCreatorModelAnswer: Codable, Sendable, Equatable {
    package var success: Bool
    package var model: KikoCreatorModel

    package init(model: KikoCreatorModel) {
        success = true
        self.model = model
    }

    enum CodingKeys: String, CodingKey { case success, model }
}

/// The answer to `GET /api/models/by-folder`.
package struct KikoCreatorFoldersAnswer: Codable, Sendable, Equatable {
    package var success: Bool
    package var folders: [String]
    /// By folder; `(root)` are the roots' own files.
    package var modelsByFolder: [String: [KikoCreatorModel]]
    package var totalModels: Int

    /// What the folder of the roots' own files is called.
    package static let rootFolder = "(root)"

    enum CodingKeys: String, CodingKey { case success, folders, modelsByFolder, totalModels }
}

/// The answer to `GET /api/models/grouped`.
package struct KikoCreatorGroupsAnswer: Codable, Sendable, Equatable {
    package struct Groups: Codable, Sendable, Equatable {
        package var checkpoints: [KikoCreatorModel]
        package var loras: [KikoCreatorModel]
        package var embeddings: [KikoCreatorModel]

        enum CodingKeys: String, CodingKey { case checkpoints, loras, embeddings }
    }

    package struct Counts: Codable, Sendable, Equatable {
        package var checkpoints: Int
        package var loras: Int
        package var embeddings: Int
        package var total: Int

        package init(checkpoints: Int, loras: Int, embeddings: Int) {
            self.checkpoints = checkpoints
            self.loras = loras
            self.embeddings = embeddings
            total = checkpoints + loras + embeddings
        }

        enum CodingKeys: String, CodingKey { case checkpoints, loras, embeddings, total }
    }

    package var success: Bool
    package var models: Groups
    package var counts: Counts

    enum CodingKeys: String, CodingKey { case success, models, counts }
}

/// The answer to `GET /api/models/stats`.
package struct KikoCreatorStatsAnswer: Codable, Sendable, Equatable {
    package struct Stats: Codable, Sendable, Equatable {
        package var checkpoint = 0
        package var lora = 0
        package var embedding = 0
        package var withMetadata = 0
        package var withHashes = 0
        /// The sum of the three types.
        package var total = 0
        @Nullable package var lastScan: String?

        package init() {}

        enum CodingKeys: String, CodingKey {
            case checkpoint, lora, embedding
            case withMetadata = "with_metadata"
            case withHashes = "with_hashes"
            case total
            case lastScan = "last_scan"
        }
    }

    package var success: Bool
    package var stats: Stats

    package init(stats: Stats) {
        success = true
        self.stats = stats
    }

    enum CodingKeys: String, CodingKey { case success, stats }
}

/// The answer to `GET /api/models/scan-history`.
package struct KikoCreatorHistoryAnswer: Codable, Sendable, Equatable {
    package var success: Bool
    package var history: [ScanRecord]
    package var count: Int
    package var total: Int

    package init(history: [ScanRecord], total: Int) {
        success = true
        self.history = history
        count = history.count
        self.total = total
    }

    enum CodingKeys: String, CodingKey { case success, history, count, total }
}
