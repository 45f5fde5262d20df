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
    /// A table of texts: its columns, and what it is worth to be found in each.
    private struct Table {
        let name: String
        /// The best first.
        let columns: [(name: String, weight: Int)]
        /// The first column is a name: it is worth more where a word of it begins with the term, and still more where the
        /// whole does.
        let beginsWithName: Bool
    }

    private static let files = Table(
        name: "search_files",
        columns: [("name", 100), ("model", 80), ("words", 60), ("creator", 45), ("folder", 40), ("notes", 30)],
        beginsWithName: true)
    private static let versions = Table(
        name: "search_versions", columns: [("name", 70), ("words", 60)], beginsWithName: false)
    private static let models = Table(
        name: "search_models", columns: [("name", 80), ("tags", 50), ("creator", 45), ("description", 10)],
        beginsWithName: true)

    /// Trigrams find no shorter term; for those all texts are looked through.
    private static let shortest = 3
    /// Rows that one question names by their numbers.
    private static let rowsAtOnce = 500

    /// The numbers of all files that have every term, the best first and missing ones last.
    package func search(files terms: SearchTerms, _ filter: SearchFilter) throws -> [Int64] {
        let linked = """
            JOIN civitai_lookups l ON l.version_id = %ID AND l.state = 'found' AND l.role IS NOT 'component'
            JOIN local_files f ON f.content_id = l.content_id
            """
        let scores = try scores(
            terms,
            [
                (Self.files, "s.rowid", ""), (Self.versions, "f.id", linked.replacing("%ID", with: "s.rowid")),
                (
                    Self.models, "f.id",
                    "JOIN model_versions v ON v.model_id = s.rowid " + linked.replacing("%ID", with: "v.id")
                ),
            ])
        var conditions = ["f.root_id IS NOT NULL"]
        var bindings: [Value] = []
        if let type = filter.type {
            conditions.append("f.type = ?")
            bindings.append(.text(type))
        }
        if let baseModel = filter.baseModel {
            conditions.append("f.base_model = ? COLLATE NOCASE")
            bindings.append(.text(baseModel))
        }
        if let level = filter.maximumNSFWLevel { conditions.append(Self.isShown(upTo: level)) }
        return try ranked(
            scores,
            """
            SELECT f.id, f.state = 'missing', length(f.name), 0 FROM local_files f
            WHERE \(conditions.joined(separator: " AND ")) AND f.id IN
            """, bindings)
    }

    /// The numbers of all models of CivitAI that have every term, installed or not, the best first.
    package func search(models terms: SearchTerms, _ filter: SearchFilter) throws -> [Int64] {
        let scores = try scores(
            terms,
            [
                (Self.models, "s.rowid", ""),
                (Self.versions, "v.model_id", "JOIN model_versions v ON v.id = s.rowid"),
            ])
        var conditions = ["1"]
        var bindings: [Value] = []
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
        return try ranked(
            scores,
            """
            SELECT m.id, 0, length(m.name), -coalesce(m.download_count, 0) FROM models m
            WHERE \(conditions.joined(separator: " AND ")) AND m.id IN
            """, bindings)
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

    // MARK: - Ranking

    /// Of everything that has all terms the sum of the best places where each was found; a few bytes for each, and one
    /// term at a time, the longest first, since few have it.
    private func scores(
        _ terms: SearchTerms, _ sources: [(table: Table, id: String, join: String)]
    ) throws -> [Int64: Int] {
        var sums: [Int64: Int]?
        for term in terms.terms.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            var best: [Int64: Int] = [:]
            for (table, id, join) in sources {
                let (sql, bindings) = Self.hits(table, term, id: id, join: join)
                try connection.query(sql, bindings) { row in
                    let (id, weight) = (row.integer(0), Int(clamping: row.integer(1)))
                    guard sums?[id] != nil || sums == nil else { return }
                    best[id] = max(best[id] ?? 0, weight)
                }
            }
            if let known = sums { for id in best.keys { best[id, default: 0] += known[id] ?? 0 } }
            sums = best
            if best.isEmpty { break }
        }
        return sums ?? [:]
    }

    /// What has a term in one of the columns of a table, and what the best of them is worth.
    private static func hits(_ table: Table, _ term: String, id: String, join: String) -> (sql: String, [Value]) {
        var cases = table.columns.map { "WHEN instr(s.\($0.name), ?1) THEN \($0.weight)" }
        if table.beginsWithName, let name = table.columns.first {
            cases =
                [
                    "WHEN instr(s.\(name.name), ?1) = 1 THEN \(name.weight + 20)",
                    "WHEN instr(s.\(name.name), ' ' || ?1) THEN \(name.weight + 10)",
                ] + cases
        }
        let isShort = term.unicodeScalars.count < shortest
        // A normalized term has no sign that means something to MATCH.
        let condition =
            isShort
            ? table.columns.map { "instr(s.\($0.name), ?2)" }.joined(separator: " OR ") : "\(table.name) MATCH ?2"
        return (
            "SELECT \(id), CASE \(cases.joined(separator: " ")) ELSE 0 END FROM \(table.name) s \(join) WHERE \(condition)",
            [.text(term), .text(isShort ? term : "\"\(term)\"")]
        )
    }

    /// Those of the found that a question lets pass, in their order: it tells of each its number, whether it goes behind
    /// the others, the length of its name and what else decides.
    private func ranked(_ scores: [Int64: Int], _ sql: String, _ bindings: [Value]) throws -> [Int64] {
        var places: [(isLast: Int64, score: Int, length: Int64, order: Int64, id: Int64)] = []
        var left = scores.keys.sorted()[...]
        while !left.isEmpty {
            let ids = left.prefix(Self.rowsAtOnce)
            left = left.dropFirst(Self.rowsAtOnce)
            // Always as many of them, so that the statement is the same.
            let padding = Array(repeating: Value.integer(0), count: Self.rowsAtOnce - ids.count)
            let marks = Array(repeating: "?", count: Self.rowsAtOnce).joined(separator: ",")
            try connection.query("\(sql) (\(marks))", bindings + ids.map { .integer($0) } + padding) { row in
                let id = row.integer(0)
                places.append((row.integer(1), -(scores[id] ?? 0), row.integer(2), row.integer(3), id))
            }
        }
        places.sort { $0 < $1 }
        return places.map(\.id)
    }

    /// True of a rating by CivitAI's bits that has one at or below a level.
    private static func isShown(_ rating: String, upTo level: Int64) -> String {
        let bits = [1, 2, 4, 8, 16, 32].filter { $0 <= level }.reduce(0, |)
        return "(coalesce(\(rating), 0) & \(bits) != 0)"
    }

    /// True of a file `f` that is not rated above a level: by what it is linked to or, where it is linked to nothing, by
    /// what lies beside it or its copies.
    private static func isShown(upTo level: Int64) -> String {
        """
        CASE WHEN EXISTS (SELECT 1 FROM civitai_lookups l WHERE l.content_id = f.content_id AND l.state = 'found')
        THEN EXISTS (SELECT 1 FROM civitai_lookups l LEFT JOIN model_versions v ON v.id = l.version_id
                LEFT JOIN models m ON m.id = v.model_id
            WHERE l.content_id = f.content_id AND \(isShown("coalesce(v.nsfw_level, m.nsfw_level)", upTo: level)))
        ELSE NOT EXISTS (SELECT 1 FROM local_files o JOIN sidecars s ON s.file_id = o.id
            WHERE (o.id = f.id OR o.content_id = f.content_id) AND s.source = 'civitai' AND s.nsfw_level IS NOT NULL
                AND NOT \(isShown("s.nsfw_level", upTo: level))) END
        """
    }
}
