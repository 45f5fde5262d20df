internal import SQLite

/// What a search is narrowed to. Nil parts do not narrow it.
package struct SearchFilter: Sendable {
    /// A type of kikod's.
    package var type: String?
    /// A word for a base model, in any case.
    package var baseModel: String?
    /// Models of which CivitAI shows nothing at or below this level are left out, and those that nobody has rated.
    package var maximumNSFWLevel: Int64?
    /// CivitAI's words for models of the type.
    package var civitaiTypes: [String] = []

    package init() {}
}

/// A model that was found, in a few words.
package struct FoundModelRecord: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let type: String?
    package let creator: String?
    package let nsfwLevel: Int64?
    package let isInstalled: Bool
    /// Of its versions, in the order of the alphabet.
    package var baseModels: [String] = []
}

/// Full-text search. Where a term is found decides the rank: a name goes before the words, tags and folder, and those
/// before notes and descriptions; of what is alike the shorter name goes first.
extension CatalogReader {
    /// A column of one of the tables of texts, and what it is worth to be found there.
    private struct Column {
        let table: String
        let name: String
        let weight: Int
        /// More than `weight` where a word begins with the term, and still more where the text does.
        var isName = false
    }

    private static let ofFiles = [
        Column(table: "search_files", name: "name", weight: 100, isName: true),
        Column(table: "search_files", name: "model", weight: 80),
        Column(table: "search_files", name: "words", weight: 60),
        Column(table: "search_files", name: "creator", weight: 45),
        Column(table: "search_files", name: "folder", weight: 40),
        Column(table: "search_files", name: "notes", weight: 30),
    ]
    private static let ofVersions = [
        Column(table: "search_versions", name: "name", weight: 70),
        Column(table: "search_versions", name: "words", weight: 60),
    ]
    private static let ofModels = [
        Column(table: "search_models", name: "name", weight: 80, isName: true),
        Column(table: "search_models", name: "tags", weight: 50),
        Column(table: "search_models", name: "creator", weight: 45),
        Column(table: "search_models", name: "description", weight: 10),
    ]

    /// Trigrams find no shorter term; for those all texts are looked through.
    private static let shortest = 3

    /// The numbers of all files that have every term, the best first and missing ones last.
    package func search(files terms: SearchTerms, _ filter: SearchFilter) throws -> [Int64] {
        guard !terms.isEmpty else { return [] }
        var bindings: [Value] = []
        let linked = """
            JOIN civitai_lookups l ON l.version_id = %ID AND l.state = 'found' AND l.role IS NOT 'component'
            JOIN local_files f ON f.content_id = l.content_id
            """
        let viaVersion = linked.replacing("%ID", with: "s.rowid")
        let viaModel = "JOIN model_versions v ON v.model_id = s.rowid " + linked.replacing("%ID", with: "v.id")
        let hits = terms.terms.enumerated().flatMap { index, term in
            Self.ofFiles.map { Self.hits($0, index, term, id: "s.rowid", join: "", &bindings) }
                + Self.ofVersions.map { Self.hits($0, index, term, id: "f.id", join: viaVersion, &bindings) }
                + Self.ofModels.map { Self.hits($0, index, term, id: "f.id", join: viaModel, &bindings) }
        }
        var conditions = ["f.root_id IS NOT NULL"]
        if let type = filter.type {
            conditions.append("f.type = ?")
            bindings.append(.text(type))
        }
        if let baseModel = filter.baseModel {
            conditions.append("f.base_model = ? COLLATE NOCASE")
            bindings.append(.text(baseModel))
        }
        if let level = filter.maximumNSFWLevel {
            conditions.append(
                """
                NOT EXISTS (SELECT 1 FROM civitai_lookups l JOIN models m ON m.id = l.model_id
                    WHERE l.content_id = f.content_id AND l.state = 'found' AND NOT \(Self.isShown("m.nsfw_level", upTo: level)))
                """)
        }
        return try connection.rows(
            """
            WITH \(Self.ranked(hits, terms.terms.count))
            SELECT f.id FROM ranked CROSS JOIN local_files f ON f.id = ranked.id
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY f.state = 'missing', ranked.score DESC, length(f.name), f.file_path
            """, bindings
        ) { $0.integer(0) }
    }

    /// The numbers of all models of CivitAI that have every term, installed or not, the best first.
    package func search(models terms: SearchTerms, _ filter: SearchFilter) throws -> [Int64] {
        guard !terms.isEmpty else { return [] }
        var bindings: [Value] = []
        let viaVersion = "JOIN model_versions v ON v.id = s.rowid"
        let hits = terms.terms.enumerated().flatMap { index, term in
            Self.ofModels.map { Self.hits($0, index, term, id: "s.rowid", join: "", &bindings) }
                + Self.ofVersions.map { Self.hits($0, index, term, id: "v.model_id", join: viaVersion, &bindings) }
        }
        var conditions = ["1"]
        if filter.type != nil {
            let marks = filter.civitaiTypes.map { _ in "?" }.joined(separator: ", ")
            conditions.append("m.type IN (\(marks))")
            bindings += filter.civitaiTypes.map { .text($0) }
        }
        if let baseModel = filter.baseModel {
            conditions.append(
                "EXISTS (SELECT 1 FROM model_versions v WHERE v.model_id = m.id AND v.base_model = ? COLLATE NOCASE)")
            bindings.append(.text(baseModel))
        }
        if let level = filter.maximumNSFWLevel { conditions.append(Self.isShown("m.nsfw_level", upTo: level)) }
        return try connection.rows(
            """
            WITH \(Self.ranked(hits, terms.terms.count))
            SELECT m.id FROM ranked CROSS JOIN models m ON m.id = ranked.id
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY ranked.score DESC, length(m.name), m.download_count DESC, m.id
            """, bindings
        ) { $0.integer(0) }
    }

    /// A model in a few words; nil for one that is not known.
    package func foundModel(id: Int64) throws -> FoundModelRecord? {
        var model = try connection.firstRow(
            """
            SELECT m.name, m.type, c.username, m.nsfw_level,
                EXISTS (SELECT 1 FROM model_versions v JOIN civitai_lookups l ON l.version_id = v.id
                    WHERE v.model_id = m.id AND l.state = 'found' AND l.dormant = 0 AND l.role IS NOT 'component')
            FROM models m LEFT JOIN creators c ON c.id = m.creator_id WHERE m.id = ?
            """, [.integer(id)]
        ) { row in
            FoundModelRecord(
                id: id, name: row.text(0), type: row.textOrNil(1), creator: row.textOrNil(2),
                nsfwLevel: row.integerOrNil(3), isInstalled: row.boolean(4))
        }
        model?.baseModels = try connection.rows(
            """
            SELECT DISTINCT base_model FROM model_versions WHERE model_id = ? AND base_model IS NOT NULL ORDER BY 1
            """, [.integer(id)]
        ) { $0.text(0) }
        return model
    }

    /// Of each term and file, or model, the best place where it was found; of those that have all terms the sum.
    private static func ranked(_ hits: [String], _ count: Int) -> String {
        """
        hits (term, id, weight) AS (\(hits.joined(separator: "\nUNION ALL "))),
        best (id, weight) AS (SELECT id, max(weight) FROM hits GROUP BY term, id),
        ranked (id, score) AS (SELECT id, sum(weight) FROM best GROUP BY id HAVING count(*) = \(count))
        """
    }

    /// What has a term in a column.
    private static func hits(
        _ column: Column, _ index: Int, _ term: String, id: String, join: String, _ bindings: inout [Value]
    ) -> String {
        let text = "s.\(column.name)"
        var weight = String(column.weight)
        if column.isName {
            bindings += [.text(term + "%"), .text("% " + term + "%")]
            weight =
                "CASE WHEN \(text) LIKE ? THEN \(column.weight + 20) WHEN \(text) LIKE ? THEN \(column.weight + 10)"
                + " ELSE \(column.weight) END"
        }
        // A normalized term has no sign that means something to MATCH or LIKE.
        let condition: String
        if term.unicodeScalars.count < shortest {
            // With the sign, or FTS5 would take the term for its own index where it has three bytes.
            condition = "+\(text) LIKE ?"
            bindings.append(.text("%\(term)%"))
        } else {
            condition = "\(column.table) MATCH ?"
            bindings.append(.text("\(column.name) : \"\(term)\""))
        }
        return "SELECT \(index), \(id), \(weight) FROM \(column.table) s \(join) WHERE \(condition)"
    }

    /// True of a rating by CivitAI's bits that has one at or below a level.
    private static func isShown(_ rating: String, upTo level: Int64) -> String {
        let bits = [1, 2, 4, 8, 16, 32].filter { $0 <= level }.reduce(0, |)
        return "(coalesce(\(rating), 0) & \(bits) != 0)"
    }
}
