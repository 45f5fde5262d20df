import SQLite

@testable import Catalog

/// Rows about CivitAI, as they would come of its answers.
extension Fixture {
    func run(_ sql: String, _ bindings: [Value] = []) throws {
        try write { _ = try $0.connection.run(sql, bindings) }
    }

    func addModel(_ id: Int64, _ name: String, type: String = "LORA") throws {
        try run(
            "INSERT INTO models (id, name, type, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
            [.integer(id), .text(name), .text(type), .text(Self.now), .text(Self.now)])
    }

    /// - Parameter published: the day in 2025, as in `01-31`.
    func addVersion(
        _ id: Int64, of model: Int64, _ base: String? = "Pony", published: String?, words: [String] = [],
        index: Int64? = nil
    ) throws {
        try run(
            """
            INSERT INTO model_versions (id, model_id, name, base_model, published_at, version_index, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .integer(model), .text("v\(id)"), Value(base),
                Value(published.map { "2025-\($0)T00:00:00.000Z" }), Value(index), .text(Self.now), .text(Self.now),
            ])
        for (position, word) in words.enumerated() {
            try run(
                "INSERT INTO trained_words (version_id, position, word) VALUES (?, ?, ?)",
                [.integer(id), .integer(Int64(position)), .text(word)])
        }
    }

    /// Gives the question about a file's content an outcome.
    func setLookup(_ file: Int64, _ assignments: String) throws {
        try run(
            """
            INSERT OR IGNORE INTO civitai_lookups (content_id) SELECT content_id FROM local_files
            WHERE id = ? AND content_id IS NOT NULL
            """, [.integer(file)])
        try run(
            """
            UPDATE civitai_lookups SET \(assignments)
            WHERE content_id = (SELECT content_id FROM local_files WHERE id = ?)
            """, [.integer(file)])
    }

    func link(_ file: Int64, to version: Int64, of model: Int64, role: String = "model") throws {
        try setLookup(
            file,
            """
            state = 'found', match = 'SHA256', role = '\(role)', model_id = \(model), version_id = \(version),
            checked_at = '\(Self.now)', next_check_at = NULL
            """)
    }

    func addImage(
        _ id: Int64, of version: Int64, position: Int64 = 0, level: Int64?, _ parameters: [String: String] = [:]
    ) throws {
        try run(
            """
            INSERT INTO version_images (id, version_id, position, url, image_key, nsfw_level, type, width, height,
                updated_at)
            VALUES (?1, ?2, ?3, ?4, ?4, ?5, 'image', 512, 768, ?6)
            """,
            [
                .integer(id), .integer(version), .integer(position), .text("https://image/\(id).jpeg"), Value(level),
                .text(Self.now),
            ])
        for (key, value) in parameters {
            try run(
                "INSERT INTO image_generation_params (image_id, key, value) VALUES (?, ?, ?)",
                [.integer(id), .text(key), .text(value)])
        }
    }
}
