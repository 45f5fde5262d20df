internal import FoundationEssentials
internal import SQLite

/// All that speaks for the type and the base model of a file.
package struct FileEvidence: Sendable {
    /// What a sidecar says.
    package struct Sidecar: Sendable {
        package let source: SidecarRecord.Source
        package let type: String?
        package let baseModel: String?
    }

    package let fileID: Int64
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
    /// More sidecars than this of one content are not asked.
    static let sidecarLimit: Int64 = 16

    /// Takes out some of the files of which something is known that was not known when they were judged.
    package func takeFilesToJudge(limit: Int) throws -> [FileEvidence] {
        let ids = try connection.rows(
            "SELECT file_id FROM files_to_judge LIMIT ?", [.integer(Int64(limit))]
        ) { $0.integer(0) }
        return try ids.compactMap { id in
            try connection.run("DELETE FROM files_to_judge WHERE file_id = ?", [.integer(id)])
            return try evidence(ofFile: id)
        }
    }

    private func evidence(ofFile id: Int64) throws -> FileEvidence? {
        let sidecars = try connection.rows(
            """
            SELECT s.source, s.type, s.base_model FROM \(CatalogReader.sidecarTables)
            WHERE \(CatalogReader.sidecarCondition) AND (s.type IS NOT NULL OR s.base_model IS NOT NULL)
            ORDER BY \(CatalogReader.sidecarOrder) LIMIT \(Self.sidecarLimit)
            """, [.integer(id)]
        ) { row in
            SidecarRecord.Source(rawValue: row.text(0)).map {
                FileEvidence.Sidecar(source: $0, type: row.textOrNil(1), baseModel: row.textOrNil(2))
            }
        }.compactMap(\.self)
        return try connection.firstRow(
            """
            SELECT f.place_type, f.place_type_source, c.content_type, c.content_base_model, c.content_architecture,
                c.embedded_type, c.embedded_base_models, c.pickle_dangerous IS NOT NULL, f.dangerous,
                (SELECT o.base_model FROM contents m JOIN local_files o ON o.content_id = m.id
                    WHERE m.sha256 = c.trained_on_sha256 AND m.id != c.id AND o.root_id IS NOT NULL
                        AND o.base_model IS NOT NULL LIMIT 1),
                c.possible_base_models
            FROM local_files f LEFT JOIN contents c ON c.id = f.content_id WHERE f.id = ?
            """, [.integer(id)]
        ) { row in
            FileEvidence(
                fileID: id, placeType: row.textOrNil(0), placeTypeSource: row.textOrNil(1),
                contentType: row.textOrNil(2), contentBaseModel: row.textOrNil(3),
                contentArchitecture: row.textOrNil(4), possibleBaseModels: decodedList(row.textOrNil(10)),
                embeddedType: row.textOrNil(5),
                embeddedBaseModels: decodedList(row.textOrNil(6)), trainedOnBaseModel: row.textOrNil(9),
                sidecars: sidecars, isDangerous: row.boolean(7), wasDangerous: row.boolean(8))
        }
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

extension CatalogReader {
    /// The sidecars of all files with the content of the file `?1`: its own first, then by path; what is known to be
    /// about another file is left out.
    static let sidecarTables = """
        local_files f JOIN local_files o ON o.id = f.id OR o.content_id = f.content_id
        JOIN sidecars s ON s.file_id = o.id LEFT JOIN contents c ON c.id = f.content_id
        """
    static let sidecarCondition = """
        f.id = ?1 AND o.root_id IS NOT NULL AND (s.sha256 IS NULL OR c.sha256 IS NULL OR substr(c.sha256, 1, length(s.sha256)) = s.sha256)
        AND (s.blake3 IS NULL OR c.blake3 IS NULL OR c.blake3 = s.blake3)
        """
    static let sidecarOrder = "o.id != f.id, o.file_path, s.rank"
}

/// The strings of a JSON array; none for NULL.
func decodedList(_ text: String?) -> [String] {
    text.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
}
