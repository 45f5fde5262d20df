internal import CivitAIRecords
internal import LinuxSystem
internal import SQLite

/// The texts that `search` answers from.
extension CatalogWriter {
    /// Of longer descriptions only so much is searched, in characters.
    private static let descriptionLimit = 16_000
    private static let entriesAtOnce: Int64 = 500

    private enum Kind: String {
        case file, version, model
    }

    /// Writes the texts anew of which something was changed.
    ///
    /// - Returns: false when `limit` left some of them.
    func updateSearch(limit: Int = .max) throws -> Bool {
        var left = limit
        while left > 0 {
            let entries = try connection.rows(
                "SELECT kind, id FROM search_queue LIMIT ?", [.integer(min(Self.entriesAtOnce, Int64(left)))]
            ) { (kind: Kind(rawValue: $0.text(0)), id: $0.integer(1)) }
            if entries.isEmpty { return true }
            for (kind, id) in entries {
                guard let kind else { continue }
                try updateSearch(kind, id)
                try connection.run(
                    "DELETE FROM search_queue WHERE kind = ? AND id = ?", [.text(kind.rawValue), .integer(id)])
            }
            left -= entries.count
        }
        return false
    }

    private func updateSearch(_ kind: Kind, _ id: Int64) throws {
        switch kind {
        case .file:
            try replace(
                "search_files", ["name", "folder", "model", "words", "creator", "notes"], id,
                try reader.searchedTexts(ofFile: id))
        case .version: try replace("search_versions", ["name", "words"], id, try reader.searchedTexts(ofVersion: id))
        case .model:
            try replace(
                "search_models", ["name", "creator", "tags", "description"], id,
                try reader.searchedTexts(ofModel: id, descriptionLimit: Self.descriptionLimit))
        }
    }

    /// Writes only what differs: a refresh mostly tells what was known.
    private func replace(_ table: StaticString, _ columns: [String], _ id: Int64, _ texts: [String]?) throws {
        let texts = texts?.map(SearchText.normalized)
        let names = columns.joined(separator: ", ")
        let known = try connection.firstRow("SELECT \(names) FROM \(table) WHERE rowid = ?", [.integer(id)]) { row in
            columns.indices.map { row.text($0) }
        }
        // By their bytes: texts that Swift takes for the same need not be the same to SQLite.
        guard known?.map({ Array($0.utf8) }) != texts?.map({ Array($0.utf8) }) else { return }
        if known != nil { try connection.run("DELETE FROM \(table) WHERE rowid = ?", [.integer(id)]) }
        guard let texts else { return }
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try connection.run(
            "INSERT INTO \(table) (rowid, \(names)) VALUES (?, \(marks))", [.integer(id)] + texts.map { .text($0) })
    }
}

extension CatalogReader {
    /// Name, folder, model, words, creator and notes; nil for a file that is not known any more.
    fileprivate func searchedTexts(ofFile id: Int64) throws -> [String]? {
        let found = try connection.firstRow(
            """
            SELECT f.name, f.folder, f.content_id, c.embedded_words,
                EXISTS (SELECT 1 FROM local_files o JOIN sidecars s ON s.file_id = o.id
                    WHERE o.id = f.id OR o.content_id = f.content_id),
                EXISTS (SELECT 1 FROM user_fields u WHERE u.content_id = f.content_id)
            FROM local_files f LEFT JOIN contents c ON c.id = f.content_id WHERE f.id = ?
            """, [.integer(id)]
        ) { row in
            (
                texts: [escapedText(row.bytes(0)), escapedText(row.bytes(1))], content: row.integerOrNil(2),
                words: decodedList(row.textOrNil(3)), hasSidecars: row.boolean(4), hasUserFields: row.boolean(5)
            )
        }
        guard let found else { return nil }
        // What lies beside it is searched as far as it is answered.
        let file = found.hasSidecars ? try file(id: id) : nil
        let (told, user) = (file?.civitaiSidecar, file?.sidecars.first { $0.source == .user })
        let own =
            found.hasUserFields
            ? try found.content.map { try userFields(ofContent: $0) } ?? StoredUserFields() : StoredUserFields()
        let names = [told?.modelName, told?.versionName].compactMap(\.self)
        let words =
            own.trainedWords + [user?.activationText].compactMap(\.self) + (told?.trainedWords ?? []) + found.words
        let notes = [own.notes, user?.notes, user?.description].compactMap(\.self)
        return found.texts
            + [
                names.joined(separator: "\n"), words.joined(separator: "\n"), told?.creator ?? "",
                notes.joined(separator: "\n"),
            ]
    }

    /// Name and trained words; nil for a version that is not known any more.
    fileprivate func searchedTexts(ofVersion id: Int64) throws -> [String]? {
        let name = try connection.firstRow("SELECT name FROM model_versions WHERE id = ?", [.integer(id)]) {
            $0.text(0)
        }
        return try name.map { [$0, try trainedWords(ofVersion: id).joined(separator: "\n")] }
    }

    /// Name, creator, tags and description; nil for a model that is not known any more.
    fileprivate func searchedTexts(ofModel id: Int64, descriptionLimit: Int) throws -> [String]? {
        try connection.firstRow(
            """
            SELECT m.name, c.username, m.description,
                (SELECT group_concat(t.name, char(10)) FROM model_tags x JOIN tags t ON t.id = x.tag_id
                    WHERE x.model_id = m.id)
            FROM models m LEFT JOIN creators c ON c.id = m.creator_id WHERE m.id = ?
            """, [.integer(id)]
        ) { row in
            let description = row.textOrNil(2).map(PlainText.of) ?? ""
            return [
                row.text(0), row.textOrNil(1) ?? "", row.textOrNil(3) ?? "",
                String(description.prefix(descriptionLimit)),
            ]
        }
    }
}
