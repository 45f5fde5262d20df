import SQLite

@testable import APIServer
@testable import Catalog

/// Rows about CivitAI, as they would come of its answers.
extension APIFixture {
    /// Runs SQL statements that are separated by semicolons at line ends.
    func run(_ sql: String) async throws {
        let catalog = catalog
        let statements = sql.split(separator: ";\n").map(String.init).filter { $0.contains { $0 > " " } }
        try await onThread {
            try catalog.write { writer in for statement in statements { try writer.connection.run(statement) } }
        }
    }

    /// The model 1 with the versions 10 and, newer, 11.
    func addModel() async throws {
        try await run(
            """
            INSERT INTO creators (id, username, updated_at) VALUES (5, 'anna', '');
            INSERT INTO models (id, name, type, description, nsfw_level, creator_id, created_at, updated_at)
            VALUES (1, 'Model', 'LORA', '<p>A <b>model</b> &amp; more</p><p>for you</p>', 3, 5, '', '');
            INSERT INTO model_versions
                (id, model_id, name, base_model, published_at, version_index, created_at, updated_at)
            VALUES (10, 1, 'v1', 'Pony', '2025-01-01T00:00:00.000Z', 1, '', ''),
                (11, 1, 'v2', 'Pony', '2025-02-01T00:00:00.000Z', 0, '', '');
            INSERT INTO trained_words (version_id, position, word) VALUES (10, 0, 'first word'), (10, 1, 'second');
            INSERT INTO version_images (id, version_id, position, url, image_key, nsfw_level, updated_at)
            VALUES (100, 10, 0, 'https://image/100', '100', 1, ''), (101, 10, 1, 'https://image/101', '101', 4, ''),
                (102, 11, 0, 'https://image/102', '102', 0, '');
            INSERT INTO image_generation_params (image_id, key, value)
            VALUES (100, 'prompt', 'a cat'), (100, 'steps', '30'), (100, 'cfgScale', '7.5'), (101, 'prompt', 'a dog'),
                (102, 'prompt', 'a bird')
            """)
    }

    /// Gives the question about a file's content an outcome.
    func setLookup(_ file: Int64, _ assignments: String) async throws {
        try await run(
            """
            UPDATE civitai_lookups SET \(assignments)
            WHERE content_id = (SELECT content_id FROM local_files WHERE id = \(file))
            """)
    }

    /// Links a file to version 10 of model 1.
    func link(_ file: Int64, role: String = "model") async throws {
        try await setLookup(
            file,
            """
            state = 'found', match = 'SHA256', role = '\(role)', model_id = 1, version_id = 10,
            checked_at = '2025-03-01T00:00:00.000Z', next_check_at = NULL
            """)
    }
}
