package import LinuxSystem
internal import SQLite

/// Models of CivitAI, installed or not.
extension CatalogReader {
    /// The creator's order; versions of which it is not known come last.
    private static let versionOrder =
        "ORDER BY version_index IS NULL, version_index, published_at IS NULL, published_at DESC, id DESC"

    /// Leaves of the images `i` those whose level is known and no higher. Nothing is above a limit that is not given.
    static let isWithinLevel = "(?2 IS NULL OR i.nsfw_level BETWEEN 1 AND ?2)"

    /// A model with its tags; nil where nothing is known of it.
    package func model(id: Int64) throws -> StoredModel? {
        var model = try storedModel(id)
        model?.tags = try connection.rows(
            "SELECT t.name FROM model_tags x JOIN tags t ON t.id = x.tag_id WHERE x.model_id = ? ORDER BY t.name",
            [.integer(id)]
        ) { $0.text(0) }
        return model
    }

    /// A version with all that is known of it; nil where nothing is.
    ///
    /// - Parameter maximumNSFWLevel: images above it, and those that nobody has rated, are left out.
    package func version(id: Int64, maximumNSFWLevel: Int64? = nil) throws -> StoredVersion? {
        var version = try connection.firstRow(
            "SELECT name, base_model, published_at, gone_since FROM model_versions WHERE id = ?", [.integer(id)]
        ) {
            StoredVersion(
                id: id, name: $0.text(0), baseModel: $0.textOrNil(1), publishedAt: $0.textOrNil(2),
                goneSince: $0.textOrNil(3))
        }
        guard version != nil else { return nil }
        version?.trainedWords = try trainedWords(ofVersion: id)
        version?.files = try versionFiles(id)
        version?.images = try images(ofVersion: id, maximumNSFWLevel)
        version?.installedPaths = try installedPaths(ofVersion: id)
        return version
    }

    /// The versions of a model in their order; nil where the model is not known.
    package func versions(ofModel id: Int64) throws -> [Int64]? {
        let isKnown = try connection.firstRow("SELECT 1 FROM models WHERE id = ?", [.integer(id)]) { _ in true }
        guard isKnown == true else { return nil }
        return try connection.rows(
            "SELECT id FROM model_versions WHERE model_id = ? \(Self.versionOrder)", [.integer(id)]
        ) { $0.integer(0) }
    }

    /// Files of the roots that are linked to a version, the present ones first; without those that the version ships and
    /// is not about.
    package func installedPaths(ofVersion id: Int64) throws -> [FilePath] {
        try connection.rows(
            """
            SELECT f.file_path FROM civitai_lookups l JOIN local_files f ON f.content_id = l.content_id
            WHERE l.version_id = ? AND l.state = 'found' AND f.root_id IS NOT NULL
                AND l.role IS NOT 'component'
            ORDER BY f.state = 'missing', f.file_path
            """, [.integer(id)]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    private func storedModel(_ id: Int64) throws -> StoredModel? {
        try connection.firstRow(
            """
            SELECT m.name, m.type, m.description, c.username, m.nsfw_level, m.allow_no_credit, m.allow_commercial_use,
                m.allow_derivatives, m.allow_different_license, m.download_count, m.thumbs_up_count,
                m.thumbs_down_count, m.comment_count, m.tipped_amount_count, m.gone_since
            FROM models m LEFT JOIN creators c ON c.id = m.creator_id WHERE m.id = ?
            """, [.integer(id)]
        ) { row in
            StoredModel(
                id: id, name: row.text(0), type: row.textOrNil(1), description: row.textOrNil(2),
                creator: row.textOrNil(3), nsfwLevel: row.integerOrNil(4),
                licence: StoredLicence(
                    allowsNoCredit: row.booleanOrNil(5), allowedCommercialUse: decodedList(row.textOrNil(6)),
                    allowsDerivatives: row.booleanOrNil(7), allowsDifferentLicence: row.booleanOrNil(8)),
                statistics: StoredStatistics(
                    downloads: row.integerOrNil(9), thumbsUp: row.integerOrNil(10), thumbsDown: row.integerOrNil(11),
                    comments: row.integerOrNil(12), tips: row.integerOrNil(13)),
                goneSince: row.textOrNil(14))
        }
    }

    private func versionFiles(_ version: Int64) throws -> [StoredVersionFile] {
        var files = try connection.rows(
            """
            SELECT id, name, size_kb, type, format, fp, size, quant_type, is_primary, pickle_scan_result,
                virus_scan_result, download_url
            FROM version_files WHERE version_id = ? ORDER BY is_primary IS NOT 1, id
            """, [.integer(version)]
        ) { row in
            StoredVersionFile(
                id: row.integer(0), name: row.textOrNil(1), sizeKB: row.realOrNil(2), type: row.textOrNil(3),
                format: row.textOrNil(4), precision: row.textOrNil(5), variant: row.textOrNil(6),
                quantization: row.textOrNil(7), isPrimary: row.boolean(8), pickleScanResult: row.textOrNil(9),
                virusScanResult: row.textOrNil(10), downloadURL: row.textOrNil(11))
        }
        for index in files.indices {
            try connection.query(
                "SELECT hash_type, hash_value FROM file_hashes WHERE file_id = ?", [.integer(files[index].id)]
            ) { files[index].hashes[$0.text(0)] = $0.text(1) }
        }
        return files
    }

    func images(ofVersion id: Int64, _ maximumNSFWLevel: Int64?) throws -> [StoredImage] {
        try connection.rows(
            """
            SELECT i.url, i.nsfw_level, i.type, i.width, i.height FROM version_images i
            WHERE i.version_id = ?1 AND \(Self.isWithinLevel) ORDER BY i.position, i.id
            """, [.integer(id), Value(maximumNSFWLevel)]
        ) { row in
            StoredImage(
                url: row.text(0), nsfwLevel: row.integerOrNil(1), type: row.textOrNil(2), width: row.integerOrNil(3),
                height: row.integerOrNil(4))
        }
    }
}

extension Row {
    fileprivate func booleanOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : boolean(column) }
}
