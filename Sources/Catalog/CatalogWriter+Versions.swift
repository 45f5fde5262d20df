internal import CivitAIRecords
internal import SQLite

/// Versions of models, with what belongs to each.
extension CatalogWriter {
    /// Images that are not listed any more stand behind those that are.
    private static let unlistedPosition: Int64 = 1_000_000

    func store(_ version: CivitAIVersion, ofModel modelID: Int64, raw: CompressedText?, at now: String) throws {
        let figures = version.statistics
        try upsertRow(
            "model_versions",
            [
                ("id", .integer(version.id)), ("model_id", .integer(modelID)), ("name", Value(version.name)),
                ("version_index", Value(version.index)), ("base_model", Value(version.baseModel)),
                ("base_model_type", Value(version.baseModelType)), ("description", Value(version.description)),
                ("status", Value(version.status)), ("availability", Value(version.availability)),
                ("air", Value(version.air)), ("usage_control", Value(version.usageControl)),
                ("upload_type", Value(version.uploadType)), ("training_status", Value(version.trainingStatus)),
                ("training_details", Value(version.trainingDetails)), ("nsfw_level", Value(version.nsfwLevel)),
                ("published_at", Value(version.publishedAt)), ("paid_access", Value(version.paidAccess)),
                ("download_url", Value(version.downloadURL)), ("download_count", Value(figures.downloads)),
                ("thumbs_up_count", Value(figures.thumbsUp)), ("thumbs_down_count", Value(figures.thumbsDown)),
                ("stats", Value(figures.verbatim)), ("version_created_at", Value(version.createdAt)),
                ("version_updated_at", Value(version.updatedAt)), ("raw", Value(blob: raw?.bytes)),
            ], required: ["name": .text("Version \(version.id)")], at: now)
        // Early access ends by not being said any more; it is no loss of knowledge.
        try connection.run(
            """
            UPDATE model_versions SET early_access = ?2, early_access_ends_at = ?3, gone_since = NULL
            WHERE id = ?1 AND (early_access, early_access_ends_at, gone_since) IS NOT (?2, ?3, NULL)
            """,
            [
                .integer(version.id), Value(version.earlyAccess != nil), Value(version.earlyAccess?.endsAt),
            ])
        if let words = version.trainedWords, !words.isEmpty { try setWords(words, ofVersion: version.id) }
        for file in version.files ?? [] { try store(file, ofVersion: version.id, at: now) }
        if let images = version.images, !images.isEmpty { try setImages(images, ofVersion: version.id, at: now) }
    }

    private func setWords(_ words: [String], ofVersion id: Int64) throws {
        let known = try connection.rows(
            "SELECT word FROM trained_words WHERE version_id = ? ORDER BY position", [.integer(id)]
        ) { $0.text(0) }
        if known == words { return }
        try connection.run("DELETE FROM trained_words WHERE version_id = ?", [.integer(id)])
        for (position, word) in words.enumerated() {
            try connection.run(
                "INSERT INTO trained_words (version_id, position, word) VALUES (?, ?, ?)",
                [.integer(id), .integer(Int64(position)), .text(word)])
        }
    }

    private func store(_ file: CivitAIFile, ofVersion id: Int64, at now: String) throws {
        try upsertRow(
            "version_files",
            [
                ("id", .integer(file.id)), ("version_id", .integer(id)), ("name", Value(file.name)),
                ("size_kb", Value(file.sizeKB)), ("type", Value(file.type)), ("format", Value(file.format)),
                ("fp", Value(file.precision)), ("size", Value(file.variant)), ("quant_type", Value(file.quantization)),
                ("is_primary", Value(file.isPrimary)), ("pickle_scan_result", Value(file.pickleScanResult)),
                ("pickle_scan_message", Value(file.pickleScanMessage)),
                ("virus_scan_result", Value(file.virusScanResult)),
                ("virus_scan_message", Value(file.virusScanMessage)), ("scanned_at", Value(file.scannedAt)),
                ("metadata", Value(file.metadata)), ("download_url", Value(file.downloadURL)),
            ], hasCreation: false, at: now)
        for (kind, digits) in file.hashes.sorted(by: { $0.key < $1.key }) {
            try connection.run(
                """
                INSERT INTO file_hashes (file_id, hash_type, hash_value) VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET hash_value = excluded.hash_value WHERE hash_value != excluded.hash_value
                """, [.integer(file.id), .text(kind), .text(digits)])
        }
    }

    // MARK: - Images

    private func setImages(_ images: [CivitAIImage], ofVersion id: Int64, at now: String) throws {
        try connection.run(
            "UPDATE version_images SET position = position + ?2 WHERE version_id = ?1 AND position < ?2",
            [.integer(id), .integer(Self.unlistedPosition)])
        for (position, image) in images.enumerated() {
            try connection.run(
                """
                INSERT INTO version_images (version_id, url, position, width, height, nsfw_level, type, blurhash, has_meta,
                    has_positive_prompt, on_site, minor, poi, availability, remix_of_id, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
                ON CONFLICT (version_id, url) DO UPDATE SET position = ?3, width = coalesce(?4, width),
                    height = coalesce(?5, height), nsfw_level = coalesce(?6, nsfw_level), type = coalesce(?7, type),
                    blurhash = coalesce(?8, blurhash), has_meta = coalesce(?9, has_meta),
                    has_positive_prompt = coalesce(?10, has_positive_prompt), on_site = coalesce(?11, on_site),
                    minor = coalesce(?12, minor), poi = coalesce(?13, poi),
                    availability = coalesce(?14, availability), remix_of_id = coalesce(?15, remix_of_id),
                    updated_at = ?16
                """,
                [
                    .integer(id), .text(image.url), .integer(Int64(position)), Value(image.width), Value(image.height),
                    Value(image.nsfwLevel), Value(image.type), Value(image.blurHash), Value(image.hasMetadata),
                    Value(image.hasPositivePrompt), Value(image.isMadeOnSite), Value(image.isMinor),
                    Value(image.isPersonOfInterest), Value(image.availability), Value(image.remixOfID), .text(now),
                ])
            guard image.parameters?.isEmpty == false || image.resources?.isEmpty == false else { continue }
            let row = try connection.firstRow(
                "SELECT id FROM version_images WHERE version_id = ? AND url = ?", [.integer(id), .text(image.url)]
            ) { $0.integer(0) }
            if let row { try setGeneration(of: image, row: row) }
        }
    }

    private func setGeneration(of image: CivitAIImage, row: Int64) throws {
        if let parameters = image.parameters, !parameters.isEmpty {
            let known = Dictionary(
                try connection.rows(
                    "SELECT key, value FROM image_generation_params WHERE image_id = ?", [.integer(row)]
                ) { ($0.text(0), $0.text(1)) }, uniquingKeysWith: { first, _ in first })
            if known != parameters {
                try connection.run("DELETE FROM image_generation_params WHERE image_id = ?", [.integer(row)])
                for (key, value) in parameters {
                    try connection.run(
                        "INSERT INTO image_generation_params (image_id, key, value) VALUES (?, ?, ?)",
                        [.integer(row), .text(key), .text(value)])
                }
            }
        }
        guard let resources = image.resources, !resources.isEmpty else { return }
        try connection.run("DELETE FROM image_resources WHERE image_id = ?", [.integer(row)])
        for (position, resource) in resources.enumerated() {
            try connection.run(
                """
                INSERT INTO image_resources (image_id, position, type, name, hash, weight, model_version_id)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(row), .integer(Int64(position)), Value(resource.type), Value(resource.name),
                    Value(resource.hash), Value(resource.weight), Value(resource.versionID),
                ])
        }
    }
}
