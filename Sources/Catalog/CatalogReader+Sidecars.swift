internal import SQLite

/// What lies beside files, as answers and judgements need it.
extension CatalogReader {
    /// More sidecars than this of one content are not asked.
    private static let sidecarLimit: Int64 = 16

    private static let sidecarColumns = """
        s.source, s.rank, s.name, s.type, s.base_model, s.description, s.notes, s.activation_text, s.negative_text,
        s.preferred_weight, s.model_id, s.version_id, s.model_name, s.version_name, s.model_type, s.trained_words,
        s.creator, s.nsfw_level, s.page_url, s.sha256, s.blake3
        """

    /// Leaves out what is known to be about another file than one with the content `c`.
    private static let isAboutContent = """
        (s.sha256 IS NULL OR c.sha256 IS NULL
            OR EXISTS (SELECT 1 FROM json_each(s.sha256) WHERE substr(c.sha256, 1, length(value)) = value))
        AND (s.blake3 IS NULL OR c.blake3 IS NULL OR c.blake3 = s.blake3)
        """

    /// What the sidecars of a file and then those of its copies say, of each source as one: of each field the first
    /// one that has it.
    func sidecars(ofFile id: Int64, content: Int64?) throws -> [SidecarRecord] {
        var all = try sidecars(besideFile: id)
        if let content { all += try sidecars(besideFilesOf: content).filter { $0.file != id }.map(\.sidecar) }
        return [SidecarRecord.Source.user, .civitai].compactMap { source in
            SidecarRecord.merged(all.filter { $0.source == source })
        }
    }

    /// Those beside one file, in order of belief.
    func sidecars(besideFile id: Int64) throws -> [SidecarRecord] {
        try connection.rows(
            """
            SELECT \(Self.sidecarColumns) FROM sidecars s JOIN local_files f ON f.id = s.file_id
                LEFT JOIN contents c ON c.id = f.content_id
            WHERE s.file_id = ? AND \(Self.isAboutContent) ORDER BY s.rank
            """, [.integer(id)]
        ) { sidecar($0) }.compactMap(\.self)
    }

    /// Those beside all files with a content, by their paths.
    func sidecars(besideFilesOf content: Int64) throws -> [(file: Int64, sidecar: SidecarRecord)] {
        try connection.rows(
            """
            SELECT \(Self.sidecarColumns), f.id
            FROM local_files f JOIN sidecars s ON s.file_id = f.id JOIN contents c ON c.id = f.content_id
            WHERE f.content_id = ? AND f.root_id IS NOT NULL AND \(Self.isAboutContent)
            ORDER BY f.file_path, s.rank LIMIT \(Self.sidecarLimit)
            """, [.integer(content)]
        ) { row in sidecar(row).map { (file: row.integer(21), sidecar: $0) } }.compactMap(\.self)
    }

    /// Those beside one file as they were written down, whatever they are about.
    func storedSidecars(besideFile id: Int64) throws -> [SidecarRecord] {
        try connection.rows(
            "SELECT \(Self.sidecarColumns) FROM sidecars s WHERE s.file_id = ? ORDER BY s.rank, s.source",
            [.integer(id)]
        ) { sidecar($0) }.compactMap(\.self)
    }

    private func sidecar(_ row: Row) -> SidecarRecord? {
        guard let source = SidecarRecord.Source(rawValue: row.text(0)) else { return nil }
        var sidecar = SidecarRecord(source: source, rank: Int(clamping: row.integer(1)), name: row.bytes(2))
        sidecar.type = row.textOrNil(3)
        sidecar.baseModel = row.textOrNil(4)
        sidecar.description = row.textOrNil(5)
        sidecar.notes = row.textOrNil(6)
        sidecar.activationText = row.textOrNil(7)
        sidecar.negativeText = row.textOrNil(8)
        sidecar.preferredWeight = row.realOrNil(9)
        sidecar.modelID = row.integerOrNil(10)
        sidecar.versionID = row.integerOrNil(11)
        sidecar.modelName = row.textOrNil(12)
        sidecar.versionName = row.textOrNil(13)
        sidecar.modelType = row.textOrNil(14)
        sidecar.trainedWords = decodedList(row.textOrNil(15))
        sidecar.creator = row.textOrNil(16)
        sidecar.nsfwLevel = row.integerOrNil(17)
        sidecar.pageURL = row.textOrNil(18)
        sidecar.sha256 = decodedList(row.textOrNil(19))
        sidecar.blake3 = row.textOrNil(20)
        return sidecar
    }
}

extension SidecarRecord {
    /// One sidecar with of each field what the first one says that has it; nil for none.
    ///
    /// Of what is told about CivitAI only those are taken together that name the same version.
    fileprivate static func merged(_ sidecars: [SidecarRecord]) -> SidecarRecord? {
        guard var all = sidecars.first(where: { $0.versionID != nil || $0.modelID != nil }) ?? sidecars.first else {
            return nil
        }
        for other in sidecars where other.versionID == all.versionID && other.modelID == all.modelID {
            all.type = all.type ?? other.type
            all.baseModel = all.baseModel ?? other.baseModel
            all.description = all.description ?? other.description
            all.notes = all.notes ?? other.notes
            all.activationText = all.activationText ?? other.activationText
            all.negativeText = all.negativeText ?? other.negativeText
            all.preferredWeight = all.preferredWeight ?? other.preferredWeight
            all.modelName = all.modelName ?? other.modelName
            all.versionName = all.versionName ?? other.versionName
            all.modelType = all.modelType ?? other.modelType
            all.creator = all.creator ?? other.creator
            all.nsfwLevel = all.nsfwLevel ?? other.nsfwLevel
            all.pageURL = all.pageURL ?? other.pageURL
            if all.trainedWords.isEmpty { all.trainedWords = other.trainedWords }
        }
        return all
    }
}
