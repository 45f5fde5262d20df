internal import SQLite

extension CatalogWriter {
    /// Newer versions of these models than those that are installed, of which nobody has been told; from now on they
    /// count as told.
    package func takeUpdateNews(ofModels ids: [Int64], at now: String) throws -> [UpdateNews] {
        var filter = UpdateFilter()
        filter.models = ids
        return try reader.updates(filter, now: now).compactMap { update in
            let changed = try connection.run(
                """
                INSERT INTO announced_updates (model_id, base_model, version_id, announced_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET version_id = excluded.version_id, announced_at = excluded.announced_at
                WHERE version_id != excluded.version_id
                """,
                [.integer(update.modelID), .text(update.baseModel), .integer(update.latest.id), .text(now)])
            guard changed > 0, let file = try reader.installedFile(ofVersion: update.installed.id) else { return nil }
            return UpdateNews(
                modelName: update.modelName, versionName: update.latest.name, baseModel: update.baseModel,
                fileID: file.id, path: file.path)
        }
    }
}
