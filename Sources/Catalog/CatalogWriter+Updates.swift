internal import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// Newer versions of these models than those that are installed, of which nobody has been told; from now on they
    /// count as told.
    package func takeUpdateNews(ofModels ids: [Int64], at now: String) throws -> [UpdateNews] {
        try ids.flatMap { try takeUpdateNews(ofModel: $0, at: now) }
    }

    private func takeUpdateNews(ofModel id: Int64, at now: String) throws -> [UpdateNews] {
        struct Found {
            let version: Int64
            let news: UpdateNews?
        }
        let found = try connection.rows(
            """
            WITH installed AS (
                SELECT v.base_model, v.id, v.published_at, min(f.id) AS file_id,
                    row_number() OVER (PARTITION BY v.base_model ORDER BY v.published_at DESC, v.id DESC) AS place
                FROM civitai_lookups l JOIN model_versions v ON v.id = l.version_id
                    JOIN local_files f ON f.content_id = l.content_id AND f.root_id IS NOT NULL
                WHERE l.model_id = ?1 AND l.state = 'found' AND l.role = 'model' AND l.dormant = 0
                    AND v.base_model IS NOT NULL
                GROUP BY v.id
            ), latest AS (
                SELECT v.base_model, v.id, v.name, v.published_at,
                    row_number() OVER (PARTITION BY v.base_model ORDER BY v.published_at DESC, v.id DESC) AS place
                FROM model_versions v
                WHERE v.model_id = ?1 AND v.gone_since IS NULL
                    AND (SELECT gone_since FROM models WHERE id = ?1) IS NULL AND coalesce(v.status, 'Published') = 'Published'
                    AND v.published_at IS NOT NULL AND v.base_model IS NOT NULL
            )
            SELECT n.id, m.name, n.name, n.base_model, f.id, f.file_path
            FROM installed i JOIN latest n ON n.base_model = i.base_model AND n.place = 1
                JOIN models m ON m.id = ?1 JOIN local_files f ON f.id = i.file_id
            WHERE i.place = 1 AND (n.published_at, n.id) > (coalesce(i.published_at, ''), i.id)
                AND NOT EXISTS (SELECT 1 FROM announced_updates a
                    WHERE a.model_id = ?1 AND a.base_model = n.base_model AND a.version_id = n.id)
            """, [.integer(id)]
        ) { row in
            Found(
                version: row.integer(0),
                news: FilePath(bytes: row.bytes(5)).map {
                    UpdateNews(
                        modelName: row.text(1), versionName: row.text(2), baseModel: row.text(3),
                        fileID: row.integer(4), path: $0)
                })
        }
        for update in found {
            guard let news = update.news else { continue }
            try connection.run(
                """
                INSERT INTO announced_updates (model_id, base_model, version_id, announced_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET version_id = excluded.version_id, announced_at = excluded.announced_at
                """, [.integer(id), .text(news.baseModel), .integer(update.version), .text(now)])
        }
        return found.compactMap(\.news)
    }
}
