internal import SQLite

/// All that speaks for the type and the base model of a file.
package struct FileEvidence: Sendable {
    /// What a sidecar says.
    package struct Sidecar: Sendable {
        package let source: SidecarRecord.Source
        package let type: String?
        package let baseModel: String?
    }

    /// What CivitAI says of the version that the content is linked to.
    package struct Linked: Sendable {
        package let role: StoredLookup.Role
        /// CivitAI's words for the model and for the file of it.
        package let modelType: String?
        package let fileType: String?
        package let baseModel: String?
    }

    package let fileID: Int64
    /// What a person has said.
    package let userType: String?
    package let userBaseModel: String?
    package let placeType: String?
    package let placeTypeSource: String?
    package let contentType: String?
    package let contentBaseModel: String?
    package let contentArchitecture: String?
    package let possibleBaseModels: [String]
    package let embeddedType: String?
    package let embeddedBaseModels: [String]
    /// The base model of the model that it was trained on, where that is known.
    package let trainedOnBaseModel: String?
    /// In order of belief.
    package let sidecars: [Sidecar]
    /// nil for a content that is linked to nothing.
    package let linked: Linked?
    /// Somebody has said that what CivitAI has for it is not what it is.
    package let isUnlinked: Bool
    /// Its pickle imports what is not known to be harmless.
    package let isDangerous: Bool
    /// The same, as it was judged before.
    package let wasDangerous: Bool
}

/// What is answered of a file, judged of all evidence.
package struct FileJudgement: Sendable, Hashable {
    package var type: String?
    package var typeSource: String?
    package var baseModel: String?
    package var baseModelSource: String?
    package var isDangerous: Bool

    package init(isDangerous: Bool) { self.isDangerous = isDangerous }
}

extension CatalogWriter {
    /// Takes out some of the files of which something is known that was not known when they were judged.
    package func takeFilesToJudge(limit: Int) throws -> [FileEvidence] {
        let files = try connection.rows(
            """
            SELECT j.file_id, f.content_id FROM files_to_judge j LEFT JOIN local_files f ON f.id = j.file_id LIMIT ?
            """, [.integer(Int64(limit))]
        ) { (id: $0.integer(0), content: $0.integerOrNil(1)) }
        // Copies have the same evidence but for what lies beside each itself.
        var known: [Int64: [(file: Int64, sidecar: SidecarRecord)]] = [:]
        let reader = CatalogReader(connection: connection)
        return try files.compactMap { file in
            try connection.run("DELETE FROM files_to_judge WHERE file_id = ?", [.integer(file.id)])
            var sidecars = try reader.sidecars(besideFile: file.id)
            if let content = file.content {
                let all = try known[content] ?? reader.sidecars(besideFilesOf: content)
                known[content] = all
                sidecars += all.filter { $0.file != file.id }.map(\.sidecar)
            }
            return try evidence(ofFile: file.id, sidecars)
        }
    }

    private func evidence(ofFile id: Int64, _ sidecars: [SidecarRecord]) throws -> FileEvidence? {
        let sidecars = sidecars.map {
            FileEvidence.Sidecar(source: $0.source, type: $0.type, baseModel: $0.baseModel)
        }
        return try connection.firstRow(
            """
            SELECT f.place_type, f.place_type_source, c.content_type, c.content_base_model, c.content_architecture,
                c.embedded_type, c.embedded_base_models, c.pickle_dangerous IS NOT NULL, f.dangerous,
                (SELECT o.base_model FROM contents m JOIN local_files o ON o.content_id = m.id
                    WHERE m.sha256 = c.trained_on_sha256 AND m.id != c.id AND o.root_id IS NOT NULL
                        AND o.base_model IS NOT NULL LIMIT 1),
                c.possible_base_models, l.state, l.role, m.type, v.base_model, a.type, u.type, u.base_model
            FROM local_files f LEFT JOIN contents c ON c.id = f.content_id
                LEFT JOIN user_fields u ON u.content_id = f.content_id
                LEFT JOIN civitai_lookups l ON l.content_id = f.content_id
                LEFT JOIN model_versions v ON v.id = l.version_id AND l.state = 'found'
                LEFT JOIN models m ON m.id = v.model_id
                LEFT JOIN version_files a ON a.id = l.file_id AND l.state = 'found'
            WHERE f.id = ?
            """, [.integer(id)]
        ) { row in
            FileEvidence(
                fileID: id, userType: row.textOrNil(16), userBaseModel: row.textOrNil(17),
                placeType: row.textOrNil(0), placeTypeSource: row.textOrNil(1),
                contentType: row.textOrNil(2), contentBaseModel: row.textOrNil(3),
                contentArchitecture: row.textOrNil(4), possibleBaseModels: decodedList(row.textOrNil(10)),
                embeddedType: row.textOrNil(5),
                embeddedBaseModels: decodedList(row.textOrNil(6)), trainedOnBaseModel: row.textOrNil(9),
                sidecars: sidecars, linked: linked(row), isUnlinked: row.textOrNil(11) == "unlinked",
                isDangerous: row.boolean(7), wasDangerous: row.boolean(8))
        }
    }

    private func linked(_ row: Row) -> FileEvidence.Linked? {
        guard row.textOrNil(11) == "found", let role = row.textOrNil(12).flatMap(StoredLookup.Role.init(rawValue:))
        else { return nil }
        return FileEvidence.Linked(
            role: role, modelType: row.textOrNil(13), fileType: row.textOrNil(15), baseModel: row.textOrNil(14))
    }

    /// Writes down what is answered of a file.
    package func store(_ judgement: FileJudgement, ofFile id: Int64) throws {
        // Written only where it differs: most judgements find what was found before.
        try connection.run(
            """
            UPDATE local_files SET type = ?2, type_source = ?3, base_model = ?4, base_model_source = ?5, dangerous = ?6
            WHERE id = ?1 AND (type, type_source, base_model, base_model_source, dangerous) IS NOT (?2, ?3, ?4, ?5, ?6)
            """,
            [
                .integer(id), Value(judgement.type), Value(judgement.typeSource), Value(judgement.baseModel),
                Value(judgement.baseModelSource), Value(judgement.isDangerous),
            ])
    }
}
