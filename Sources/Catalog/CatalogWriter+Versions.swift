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
        try connection.run(
            "UPDATE model_versions SET gone_since = NULL WHERE id = ? AND gone_since IS NOT NULL",
            [.integer(version.id)])
        // Early access ends by not being said any more, by an answer that would say it.
        if version.earlyAccess != nil || version.tellsEarlyAccess {
            try connection.run(
                """
                UPDATE model_versions SET early_access = ?2, early_access_ends_at = ?3
                WHERE id = ?1 AND (early_access, early_access_ends_at) IS NOT (?2, ?3)
                """,
                [
                    .integer(version.id), Value(version.earlyAccess != nil), Value(version.earlyAccess?.endsAt),
                ])
        }
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
        var listed: [Int64] = []
        for (position, image) in images.enumerated() {
            try store(image, at: position, ofVersion: id, now)
            let row = try connection.firstRow(
                "SELECT id FROM version_images WHERE version_id = ? AND image_key = ?",
                [.integer(id), .text(image.key)]
            ) { $0.integer(0) }
            guard let row else { continue }
            listed.append(row)
            try setGeneration(of: image, row: row)
        }
        try connection.run(
            """
            UPDATE version_images SET position = position + ?2
            WHERE version_id = ?1 AND position < ?2 AND id NOT IN (\(listed.map(String.init).joined(separator: ",")))
            """, [.integer(id), .integer(Self.unlistedPosition)])
    }

    /// Written only where something is new: a daily refresh mostly tells what is known.
    private func store(_ image: CivitAIImage, at position: Int, ofVersion id: Int64, _ now: String) throws {
        let values: [(column: String, value: Value)] = [
            ("url", .text(image.url)), ("position", .integer(Int64(position))), ("width", Value(image.width)),
            ("height", Value(image.height)), ("nsfw_level", Value(image.nsfwLevel)), ("type", Value(image.type)),
            ("blurhash", Value(image.blurHash)), ("has_meta", Value(image.hasMetadata)),
            ("has_positive_prompt", Value(image.hasPositivePrompt)), ("on_site", Value(image.isMadeOnSite)),
            ("minor", Value(image.isMinor)), ("poi", Value(image.isPersonOfInterest)),
            ("availability", Value(image.availability)), ("remix_of_id", Value(image.remixOfID)),
        ]
        let columns = values.map(\.column)
        let places = columns.indices.map { "?\($0 + 4)" }
        let sets = zip(columns, places).map { "\($0) = coalesce(\($1), \($0))" }
        let changes = zip(columns, places).map { "(\($1) IS NOT NULL AND \($1) IS NOT \($0))" }
        try connection.run(
            """
            INSERT INTO version_images (version_id, image_key, updated_at, \(columns.joined(separator: ", ")))
            VALUES (?1, ?2, ?3, \(places.joined(separator: ", ")))
            ON CONFLICT (version_id, image_key) DO UPDATE SET updated_at = ?3, \(sets.joined(separator: ", "))
            WHERE \(changes.joined(separator: " OR "))
            """, [.integer(id), .text(image.key), .text(now)] + values.map(\.value))
    }

    private func setGeneration(of image: CivitAIImage, row: Int64) throws {
        for (key, value) in image.parameters ?? [:] {
            try connection.run(
                """
                INSERT INTO image_generation_params (image_id, key, value) VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET value = excluded.value WHERE value != excluded.value
                """, [.integer(row), .text(key), .text(value)])
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
