internal import SQLite

/// What only the answers of Kiko-Creator's API tell of a file.
package struct KikoCreatorDetails: Sendable {
    /// When the file was first seen, and when its row was changed last.
    package let createdAt: String
    package let updatedAt: String
    /// Of the version or, where that has none, of the model; HTML.
    package var description: String?
    package var images: [StoredImage] = []
    package var downloads: Int64?
    package var thumbsUp: Int64?
}

/// How many files Kiko-Creator's API tells of.
package struct KikoCreatorCounts: Sendable {
    package var byType: [String: Int] = [:]
    package var withMetadata = 0
    package var withHashes = 0
}

extension CatalogReader {
    /// nil for a file that is not known any more.
    package func kikoCreatorDetails(of file: FileDetails) throws -> KikoCreatorDetails? {
        var details = try connection.firstRow(
            "SELECT created_at, updated_at FROM local_files WHERE id = ?", [.integer(file.id)]
        ) { KikoCreatorDetails(createdAt: $0.text(0), updatedAt: $0.text(1)) }
        guard file.lookup?.state == .found, let version = file.lookup?.versionID else { return details }
        try connection.query(
            """
            SELECT coalesce(v.description, m.description), v.download_count, v.thumbs_up_count
            FROM model_versions v JOIN models m ON m.id = v.model_id WHERE v.id = ?
            """, [.integer(version)]
        ) { row in
            details?.description = row.textOrNil(0)
            details?.downloads = row.integerOrNil(1)
            details?.thumbsUp = row.integerOrNil(2)
        }
        details?.images = try images(ofVersion: version, nil)
        return details
    }

    package func kikoCreatorCounts() throws -> KikoCreatorCounts {
        var counts = KikoCreatorCounts()
        try connection.query(
            """
            SELECT f.type, count(*), sum(c.sha256 IS NOT NULL), sum(l.state IS 'found')
            FROM local_files f LEFT JOIN contents c ON c.id = f.content_id
                LEFT JOIN civitai_lookups l ON l.content_id = f.content_id
            WHERE f.root_id IS NOT NULL AND f.state != 'missing'
                AND f.type IN ('checkpoint', 'diffusion_model', 'lora', 'embedding') GROUP BY f.type
            """
        ) { row in
            counts.byType[row.text(0)] = Int(clamping: row.integer(1))
            counts.withHashes += Int(clamping: row.integer(2))
            counts.withMetadata += Int(clamping: row.integer(3))
        }
        return counts
    }

    /// The numbers of the files that a filter leaves, in order of their paths.
    package func ids(_ filter: FileFilter) throws -> [Int64] {
        let (condition, bindings) = sql(for: filter)
        // Left to itself, SQLite takes the index of the states and looks through all files for each folder.
        let index = filter.exactFolder == nil ? "" : "INDEXED BY local_files_folder"
        return try connection.rows(
            "SELECT f.id FROM local_files f \(index) \(Self.joinedTables) WHERE \(condition) ORDER BY f.file_path",
            bindings
        ) { $0.integer(0) }
    }

    /// Folders below roots that hold files that a filter leaves, raw bytes in their order.
    package func folders(_ filter: FileFilter) throws -> [[UInt8]] {
        let (condition, bindings) = sql(for: filter)
        return try connection.rows(
            "SELECT DISTINCT f.folder FROM \(Self.filterTables) WHERE \(condition) ORDER BY 1", bindings
        ) { $0.bytes(0) }
    }
}
