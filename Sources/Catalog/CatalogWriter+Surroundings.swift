internal import SQLite

/// What lies beside files.
extension CatalogWriter {
    /// Writes down what a look found beside a file, in place of what was known.
    package func setSurroundings(ofFile id: Int64, _ surroundings: FileSurroundings) throws {
        let part = surroundings.part
        try connection.run(
            """
            UPDATE local_files SET look = ?2, preview = ?3, part_index = ?4, part_count = ?5, part_complete = ?6
            WHERE id = ?1
            """,
            [
                .integer(id), Value(surroundings.look), Value(textBytes: surroundings.preview),
                Value(part.map { Int64($0.index) }), Value(part.map { Int64($0.count) }), Value(part?.isComplete),
            ])
        // Rewriting what is the same would have files judged for nothing.
        let known = try CatalogReader(connection: connection).storedSidecars(besideFile: id)
        if Set(known) == Set(surroundings.sidecars) { return }
        try connection.run("DELETE FROM sidecars WHERE file_id = ?", [.integer(id)])
        for sidecar in surroundings.sidecars { try add(sidecar, ofFile: id) }
    }

    private func add(_ sidecar: SidecarRecord, ofFile id: Int64) throws {
        try connection.run(
            """
            INSERT INTO sidecars (file_id, source, rank, name, type, base_model, description, notes, activation_text,
                negative_text, preferred_weight, model_id, version_id, model_name, version_name, model_type,
                trained_words, creator, nsfw_level, page_url, sha256, blake3)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .text(sidecar.source.rawValue), .integer(Int64(sidecar.rank)),
                .textBytes(sidecar.name), Value(sidecar.type), Value(sidecar.baseModel), Value(sidecar.description),
                Value(sidecar.notes), Value(sidecar.activationText), Value(sidecar.negativeText),
                Value(sidecar.preferredWeight), Value(sidecar.modelID), Value(sidecar.versionID),
                Value(sidecar.modelName), Value(sidecar.versionName), Value(sidecar.modelType),
                try list(sidecar.trainedWords), Value(sidecar.creator), Value(sidecar.nsfwLevel),
                Value(sidecar.pageURL), try list(sidecar.sha256), Value(sidecar.blake3),
            ])
    }

    /// Writes down anew what a look at the bytes of a known file told, unless it has another content by now.
    package func describe(_ content: Int64, ofFile id: Int64, _ description: ContentDescription) throws {
        guard try contentID(ofFile: id) == content else { return }
        try describe(content: content, description)
    }
}
