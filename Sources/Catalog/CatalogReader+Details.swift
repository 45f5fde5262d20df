internal import FoundationEssentials
internal import LinuxSystem
internal import SQLite

/// Rows and what belongs to them, as answers show them.
extension CatalogReader {
    /// The files of a statement that selects `detailColumns`.
    func details(_ sql: String, _ bindings: [Value]) throws -> [FileDetails] {
        var files = try connection.rows(sql, bindings, fileDetails).compactMap(\.self)
        for index in files.indices { try complete(&files[index]) }
        return files
    }

    /// Adds what other rows tell; what most files do not have is not asked for.
    private func complete(_ file: inout FileDetails) throws {
        if file.hasRelatives { file.copies = try copies(of: file) }
        if file.hasSidecars || file.hasRelatives {
            file.sidecars = try sidecars(ofFile: file.id, content: file.contentID)
        }
        if let content = file.contentID {
            if file.hasUserFields { file.user = try userFields(ofContent: content) }
            if file.hasCachedPreview { file.cachedPreview = try cachedPreview(ofContent: content) }
        }
        file.lookup = try lookup(of: file)
        file.trainedOnPath = try trainedOnPath(of: file)
    }

    /// The longer things that are known of the content of a file.
    package func extras(of file: FileDetails) throws -> ContentExtras {
        try file.contentID.map { try extras(ofContent: $0) } ?? ContentExtras()
    }

    /// The longer things that are known of a content.
    package func extras(ofContent id: Int64) throws -> ContentExtras {
        var extras = try connection.firstRow(
            "SELECT top_tags, pickle_imports, pickle_dangerous FROM contents WHERE id = ?", [.integer(id)]
        ) { row in
            var extras = ContentExtras()
            extras.topTags = decoded([ContentDescription.Tag].self, row.textOrNil(0)) ?? []
            extras.pickleImports = row.textOrNil(1).map { decodedList($0) }
            extras.dangerousImports = decodedList(row.textOrNil(2))
            return extras
        }
        extras?.metadata = try connection.rows(
            "SELECT key, value FROM safetensor_metadata WHERE content_id = ? ORDER BY key", [.integer(id)]
        ) { ContentDescription.Entry(key: $0.text(0), value: $0.text(1)) }
        return extras ?? ContentExtras()
    }

    /// Other present paths with the same content.
    private func copies(of file: FileDetails) throws -> [FilePath] {
        guard let content = file.contentID else { return [] }
        return try connection.rows(
            """
            SELECT file_path FROM local_files
            WHERE content_id = ? AND id != ? AND state != 'missing' AND root_id IS NOT NULL ORDER BY file_path
            """, [.integer(content), .integer(file.id)]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    private func trainedOnPath(of file: FileDetails) throws -> FilePath? {
        guard let sha256 = file.header.trainedOnSHA256 else { return nil }
        return try connection.firstRow(
            """
            SELECT f.file_path FROM contents c JOIN local_files f ON f.content_id = c.id
            WHERE c.sha256 = ? AND f.root_id IS NOT NULL ORDER BY f.state = 'missing', f.file_path LIMIT 1
            """, [.text(sha256)]
        ) { FilePath(bytes: $0.bytes(0)) } ?? nil
    }

    private func fileDetails(_ row: Row) -> FileDetails? {
        guard let path = FilePath(bytes: row.bytes(1)), let root = FilePath(bytes: row.bytes(2)),
            let state = FileState(rawValue: row.text(6))
        else { return nil }
        return FileDetails(
            id: row.integer(0), path: path, root: root, folder: row.bytes(3), size: row.integer(4),
            modified: row.integer(5), state: state, error: row.textOrNil(7), links: Int(clamping: row.integer(8)),
            isSymbolicLink: row.boolean(9), contentID: row.integerOrNil(10), digests: digests(row),
            header: header(row), identity: identity(row), part: part(row),
            preview: row.bytesOrNil(40).map { path.parent.appending($0) },
            hasSidecars: row.boolean(41), hasRelatives: row.boolean(42), hasUserFields: row.boolean(43),
            hasCachedPreview: row.boolean(44),
            lookup: storedLookup(row, from: Self.firstLookupColumn))
    }

    private func digests(_ row: Row) -> StoredDigests {
        StoredDigests(
            sha256: row.textOrNil(11), autoV1: row.textOrNil(12), autoV2: row.textOrNil(13),
            autoV3: row.textOrNil(14), autoV3Full: row.textOrNil(15), crc32: row.textOrNil(16),
            blake3: row.textOrNil(17))
    }

    private func header(_ row: Row) -> StoredHeader {
        StoredHeader(
            format: row.textOrNil(18), size: row.integerOrNil(19).map { UInt64(clamping: $0) },
            tensorCount: row.integerOrNil(20).map { Int(clamping: $0) }, parameterCount: row.unsignedOrNil(21),
            dtypes: decodedCounts(row.textOrNil(22)), architecture: row.textOrNil(23),
            quantization: row.textOrNil(24), prediction: row.textOrNil(25),
            components: decodedList(row.textOrNil(26)), embeddedWords: decodedList(row.textOrNil(27)),
            trainedOnSHA256: row.textOrNil(28), trainedOnName: row.textOrNil(29), hasThumbnail: row.boolean(30))
    }

    private func identity(_ row: Row) -> StoredIdentity {
        StoredIdentity(
            type: row.textOrNil(31), typeSource: row.textOrNil(32), baseModel: row.textOrNil(33),
            baseModelSource: row.textOrNil(34), baseModelType: row.textOrNil(35), isDangerous: row.boolean(36))
    }

    private func part(_ row: Row) -> FileSurroundings.Part? {
        guard let index = row.integerOrNil(37), let count = row.integerOrNil(38) else { return nil }
        return FileSurroundings.Part(
            index: Int(clamping: index), count: Int(clamping: count), isComplete: row.boolean(39))
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
