package import CivitAIRecords
internal import SQLite

/// What CivitAI says of models. Nothing is erased: what is not said keeps what is known.
extension CatalogWriter {
    /// Writes down a whole model with its versions. Versions that it does not list any more are marked as gone, unless it
    /// lists none at all, which CivitAI does when it has lost them for a moment.
    ///
    /// - Parameter next: when to ask for it again, if it is kept fresh.
    package func store(_ model: CivitAIModel, raw: CompressedText?, next: String, at now: String) throws {
        try upsert(model, at: now)
        for (index, version) in model.versions.enumerated() {
            var version = version
            version.index = version.index ?? Int64(index)
            try store(version, ofModel: model.id, raw: nil, at: now)
        }
        if !model.versions.isEmpty {
            let listed = model.versions.map { String($0.id) }.joined(separator: ",")
            try connection.run(
                """
                UPDATE model_versions SET gone_since = ?2, updated_at = ?2
                WHERE model_id = ?1 AND gone_since IS NULL AND id NOT IN (\(listed))
                """, [.integer(model.id), .text(now)])
        }
        try connection.run(
            """
            UPDATE models SET raw = coalesce(?2, raw), checked_at = ?3, attempts = 0, gone_since = NULL,
                next_check_at = \(Self.ifKeptFresh("?4")) WHERE id = ?1
            """, [.integer(model.id), Value(blob: raw?.bytes), .text(now), .text(next)])
    }

    /// A model is kept fresh while a content of it is installed that it is about.
    private static func ifKeptFresh(_ next: String) -> String {
        """
        iif(EXISTS (SELECT 1 FROM civitai_lookups l WHERE l.model_id = models.id AND l.state = 'found'
            AND l.role = 'model' AND l.dormant = 0), \(next), NULL)
        """
    }

    /// Writes down a version, and of its model what the answer tells.
    package func store(_ version: CivitAIVersion, raw: CompressedText?, at now: String) throws {
        guard let modelID = version.modelID else { return }
        try upsert(version.model ?? CivitAIModel(id: modelID), at: now)
        try store(version, ofModel: modelID, raw: raw, at: now)
    }

    /// CivitAI has these models no more, or not for us. What is known of them stays.
    ///
    /// - Parameter next: when to ask again for those that are installed.
    package func noteGone(models ids: [Int64], next: String, at now: String) throws {
        for id in ids {
            try connection.run(
                """
                UPDATE models SET gone_since = coalesce(gone_since, ?2), checked_at = ?2, attempts = 0, updated_at = ?2,
                    next_check_at = \(Self.ifKeptFresh("?3")) WHERE id = ?1
                """, [.integer(id), .text(now), .text(next)])
        }
    }

    /// A question about a model came to nothing.
    package func noteFailure(ofModel id: Int64, next: String) throws {
        try connection.run(
            "UPDATE models SET attempts = attempts + 1, next_check_at = ?2 WHERE id = ?1", [.integer(id), .text(next)])
    }

    // MARK: - Models

    private func upsert(_ model: CivitAIModel, at now: String) throws {
        let creator = try model.creator.flatMap { try upsert($0, at: now) }
        let (licence, figures) = (model.licence, model.statistics)
        let commercial: Value = try licence.allowedCommercialUse.map { try list($0, emptyIsNull: false) } ?? nil
        try upsertRow(
            "models",
            [
                ("id", .integer(model.id)), ("name", Value(model.name)), ("type", Value(model.type)),
                ("description", Value(model.description)), ("nsfw", Value(model.isNSFW)),
                ("nsfw_level", Value(model.nsfwLevel)), ("poi", Value(model.isPersonOfInterest)),
                ("minor", Value(model.isMinor)), ("sfw_only", Value(model.isSafeOnly)), ("mode", Value(model.mode)),
                ("availability", Value(model.availability)),
                ("supports_generation", Value(model.supportsGeneration)), ("creator_id", Value(creator)),
                ("allow_no_credit", Value(licence.allowsNoCredit)), ("allow_commercial_use", commercial),
                ("allow_derivatives", Value(licence.allowsDerivatives)),
                ("allow_different_license", Value(licence.allowsDifferentLicence)),
                ("download_count", Value(figures.downloads)), ("thumbs_up_count", Value(figures.thumbsUp)),
                ("thumbs_down_count", Value(figures.thumbsDown)), ("comment_count", Value(figures.comments)),
                ("tipped_amount_count", Value(figures.tips)), ("stats", Value(figures.verbatim)),
            ], required: ["name": .text("Model \(model.id)")], at: now)
        if let tags = model.tags, !tags.isEmpty { try setTags(tags, ofModel: model.id) }
    }

    private func upsert(_ creator: CivitAICreator, at now: String) throws -> Int64? {
        try connection.run(
            """
            INSERT INTO creators (username, image_url, updated_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (username) DO UPDATE SET image_url = excluded.image_url, updated_at = excluded.updated_at
            WHERE excluded.image_url IS NOT NULL AND excluded.image_url IS NOT image_url
            """, [.text(creator.username), Value(creator.imageURL), .text(now)])
        return try connection.firstRow("SELECT id FROM creators WHERE username = ?", [.text(creator.username)]) {
            $0.integer(0)
        }
    }

    private func setTags(_ tags: [String], ofModel id: Int64) throws {
        let known = Set(
            try connection.rows(
                "SELECT t.name FROM model_tags m JOIN tags t ON t.id = m.tag_id WHERE m.model_id = ?", [.integer(id)]
            ) { $0.text(0) })
        if known == Set(tags) { return }
        try connection.run("DELETE FROM model_tags WHERE model_id = ?", [.integer(id)])
        for tag in tags {
            try connection.run("INSERT OR IGNORE INTO tags (name) VALUES (?)", [.text(tag)])
            try connection.run(
                "INSERT OR IGNORE INTO model_tags (model_id, tag_id) SELECT ?, id FROM tags WHERE name = ?",
                [.integer(id), .text(tag)])
        }
    }

    // MARK: - Rows

    /// Inserts a row or adds to it what is said now; NULL says nothing. The row is left alone where nothing is new.
    ///
    /// - Parameters:
    ///   - values: columns with their values, the key `id` first.
    ///   - required: what a new row has in columns about which nothing was said.
    func upsertRow(
        _ table: String, _ values: [(column: String, value: Value)], required: [String: Value] = [:],
        hasCreation: Bool = true, at now: String
    ) throws {
        let columns = values.map(\.column)
        let times = hasCreation ? ["created_at", "updated_at"] : ["updated_at"]
        let places = (1...values.count).map { place in
            required[columns[place - 1]].map { "coalesce(?\(place), \(literal($0)))" } ?? "?\(place)"
        }
        let time = "?\(values.count + 1)"
        let rest = columns.indices.dropFirst()
        let sets = rest.map { "\(columns[$0]) = coalesce(?\($0 + 1), \(columns[$0]))" } + ["updated_at = \(time)"]
        let changes = rest.map { "(?\($0 + 1) IS NOT NULL AND ?\($0 + 1) IS NOT \(columns[$0]))" }
        try connection.run(
            """
            INSERT INTO \(table) (\((columns + times).joined(separator: ", ")))
            VALUES (\((places + times.map { _ in time }).joined(separator: ", ")))
            ON CONFLICT (id) DO UPDATE SET \(sets.joined(separator: ", ")) WHERE \(changes.joined(separator: " OR "))
            """, values.map(\.value) + [.text(now)])
    }

    /// A value of the program's own as SQL.
    private func literal(_ value: Value) -> String {
        switch value {
        case .text(let text): "'\(text.replacing("'", with: "''"))'"
        case .integer(let number): String(number)
        default: "NULL"
        }
    }
}
