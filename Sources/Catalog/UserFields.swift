internal import SQLite

/// What a person says of a content, with `set`; nil parts are not said. It stands above everything else.
package struct StoredUserFields: Sendable, Hashable {
    package var type: String?
    package var baseModel: String?
    /// Empty where none are said.
    package var trainedWords: [String] = []
    package var notes: String?
    package var preferredWeight: Double?

    package init() {}

    /// True when nothing is said.
    package var isEmpty: Bool { self == StoredUserFields() }
}

extension CatalogReader {
    /// What a person says of a content.
    package func userFields(ofContent id: Int64) throws -> StoredUserFields {
        try connection.firstRow(
            "SELECT type, base_model, trained_words, notes, preferred_weight FROM user_fields WHERE content_id = ?",
            [.integer(id)]
        ) { row in
            var fields = StoredUserFields()
            fields.type = row.textOrNil(0)
            fields.baseModel = row.textOrNil(1)
            fields.trainedWords = decodedList(row.textOrNil(2))
            fields.notes = row.textOrNil(3)
            fields.preferredWeight = row.realOrNil(4)
            return fields
        } ?? StoredUserFields()
    }

    /// CivitAI's words for the types of models that are known.
    package func usedModelTypes() throws -> [String] {
        try connection.rows("SELECT DISTINCT type FROM models WHERE type IS NOT NULL") { $0.text(0) }
    }

    /// CivitAI's spelling of a base model that a version has; nil where none has it.
    package func usedBaseModel(_ name: String) throws -> String? {
        try connection.firstRow(
            "SELECT base_model FROM model_versions WHERE base_model = ? COLLATE NOCASE LIMIT 1", [.text(name)]
        ) { $0.text(0) }
    }
}

extension CatalogWriter {
    /// Writes down what a person says of a content, in place of what the person has said before.
    ///
    /// - Returns: false when there is no such content any more.
    package func setUserFields(ofContent id: Int64, _ fields: StoredUserFields, at now: String) throws -> Bool {
        guard !fields.isEmpty else {
            try connection.run("DELETE FROM user_fields WHERE content_id = ?", [.integer(id)])
            return try connection.firstRow("SELECT 1 FROM contents WHERE id = ?", [.integer(id)]) { _ in true } ?? false
        }
        return try connection.run(
            """
            INSERT INTO user_fields (content_id, type, base_model, trained_words, notes, preferred_weight, updated_at)
            SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM contents WHERE id = ?1
            ON CONFLICT (content_id) DO UPDATE SET type = excluded.type, base_model = excluded.base_model,
                trained_words = excluded.trained_words, notes = excluded.notes,
                preferred_weight = excluded.preferred_weight, updated_at = excluded.updated_at
            """,
            [
                .integer(id), Value(fields.type), Value(fields.baseModel), try list(fields.trainedWords),
                Value(fields.notes), Value(fields.preferredWeight), .text(now),
            ]) > 0
    }

    /// What a person has said of a content that turns out to be another one holds for that; of what was said of both,
    /// the later.
    func moveUserFields(fromContent old: Int64, to target: Int64) throws {
        let isLater = "excluded.updated_at >= user_fields.updated_at"
        func merged(_ column: String) -> String {
            "\(column) = iif(\(isLater), coalesce(excluded.\(column), user_fields.\(column)),"
                + " coalesce(user_fields.\(column), excluded.\(column)))"
        }
        let columns = ["type", "base_model", "trained_words", "notes", "preferred_weight"]
        try connection.run(
            """
            INSERT INTO user_fields (content_id, \(columns.joined(separator: ", ")), updated_at)
            SELECT ?2, \(columns.joined(separator: ", ")), updated_at FROM user_fields WHERE content_id = ?1
            ON CONFLICT (content_id) DO UPDATE SET \(columns.map(merged).joined(separator: ", ")),
                updated_at = max(excluded.updated_at, user_fields.updated_at)
            """, [.integer(old), .integer(target)])
    }
}
