package import LinuxSystem
internal import SQLite

/// Which files a list names. Nil parts do not narrow it.
package struct FileFilter: Sendable {
    /// A word for a base model.
    package var baseModel: String?
    /// A list of states; `hashing` is the caller's to add, by the ids that are being read.
    package var states: [FileState]?
    package var type: String?
    /// One of several types.
    package var types: [String]?
    /// Exact path.
    package var path: FilePath?
    /// A folder below a root and everything below it; empty for the files of the roots themselves. Any case.
    package var folder: String?
    /// The folder itself, raw bytes.
    package var exactFolder: [UInt8]?
    /// Only files with a digest, or without one.
    package var isHashed: Bool?
    /// Only files that CivitAI knows, or those that it does not know yet.
    package var isFound: Bool?
    /// Base name or stem, or, with a slash, the end of a path. Any case.
    package var name: String?
    /// Pending files with these numbers, besides those in `states`, or without them: the ones that are being read.
    /// A file that is read for the second time is none of them; it is answered as what it is known to be.
    package var ids: Set<Int64>?
    package var withoutIDs: Set<Int64>?
    /// Only files that somebody should look at: in error, with a sentence about what is wrong, or dangerous to load.
    package var troubledOnly = false
    /// The state of the question to CivitAI.
    package var lookup: LookupCondition?

    package init() {}
}

extension CatalogReader {
    static let detailColumns = """
        f.id, f.file_path, r.path, f.folder, f.size, f.mtime_ns, f.state,
        coalesce(\(CatalogWriter.errorOfDamaged), f.error, c.message), f.links, f.symlink, f.content_id,
        c.sha256, c.autov1, c.autov2, c.autov3, c.autov3_full, c.crc32, c.blake3,
        c.format, c.header_size, c.tensor_count, c.parameter_count, c.dtypes, c.architecture, c.quantization,
        c.prediction, c.components, c.embedded_words, c.trained_on_sha256, c.trained_on_name, c.has_thumbnail,
        f.type, f.type_source, f.base_model, f.base_model_source, c.base_model_type, f.dangerous,
        coalesce(f.part_index, c.split_index), coalesce(f.part_count, c.split_count), f.part_complete, f.preview,
        EXISTS (SELECT 1 FROM sidecars WHERE file_id = f.id),
        EXISTS (SELECT 1 FROM local_files WHERE content_id = f.content_id AND id != f.id),
        EXISTS (SELECT 1 FROM user_fields WHERE content_id = f.content_id),
        EXISTS (SELECT 1 FROM content_previews WHERE content_id = f.content_id),
        \(lookupColumns)
        """
    /// What a filter asks about, behind the files `f`.
    static let joinedTables =
        "CROSS JOIN roots r ON r.id = f.root_id LEFT JOIN contents c ON c.id = f.content_id"
    static let filterTables = "local_files f \(joinedTables)"
    static let detailTables = "\(filterTables) \(lookupTables)"
    /// The first of `lookupColumns` among `detailColumns`.
    static let firstLookupColumn = 45

    private static let selectDetails = "SELECT \(detailColumns) FROM \(detailTables)"
    private static let selectByContent = "\(selectDetails) WHERE f.content_id = ?"

    /// Files in order of their paths.
    ///
    /// - Parameter after: the path after which the page starts, so that a long list is read in pages of bounded size.
    package func files(
        _ filter: FileFilter, after: FilePath? = nil, limit: Int, offset: Int = 0
    ) throws -> [FileDetails] {
        let (sql, bindings) = pageSQL(for: filter, after: after)
        return try details(sql, bindings + [.integer(Int64(limit)), .integer(Int64(offset))])
    }

    /// What selects a page; limit and offset are still to be bound.
    func pageSQL(for filter: FileFilter, after: FilePath? = nil) -> (sql: String, bindings: [Value]) {
        var (condition, bindings) = sql(for: filter)
        if let after {
            condition += " AND f.file_path > ?"
            bindings.append(.textBytes(after.bytes))
        }
        // Another index would have all that fits sorted anew for every page.
        let sql = """
            SELECT \(Self.detailColumns) FROM local_files f INDEXED BY sqlite_autoindex_local_files_1 \(Self.joinedTables) \(Self.lookupTables)
            WHERE \(condition) ORDER BY f.file_path LIMIT ? OFFSET ?
            """
        return (sql, bindings)
    }

    /// How many files a filter leaves.
    package func count(_ filter: FileFilter) throws -> Int {
        let (condition, bindings) = sql(for: filter)
        // Without the other tables it is told by an index.
        let tables = filter.troubledOnly || filter.lookup != nil ? Self.filterTables : "local_files f"
        return try connection.firstRow("SELECT count(*) FROM \(tables) WHERE \(condition)", bindings) {
            Int(clamping: $0.integer(0))
        } ?? 0
    }

    /// One file by its number.
    package func file(id: Int64) throws -> FileDetails? {
        try details("\(Self.selectDetails) WHERE f.id = ?", [.integer(id)]).first
    }

    /// Files whose content has this hash, the present ones first, and the kinds of hash that matched.
    ///
    /// - Parameter hash: lower-case hexadecimal digits. Every kind and SHA-256 prefix that the length allows is tried.
    package func lookup(_ hash: String) throws -> (matched: [String], files: [FileDetails]) {
        let digits = hash.utf8.count
        guard Self.lookups.indices.contains(digits), let lookup = Self.lookups[digits] else { return ([], []) }
        let found = try connection.rows(lookup.sql, [.text(hash), .text(hash + "g")]) { row in
            (kind: row.text(0), content: row.integer(1))
        }
        var files: [FileDetails] = []
        for content in Set(found.map(\.content)).sorted() {
            // SQLite would build a sorter for all these columns, though hardly ever is there a second row.
            files += try details(Self.selectByContent, [.integer(content)]).sorted { $0.path < $1.path }
        }
        let matched = lookup.kinds.filter { kind in
            found.contains { match in match.kind == kind && files.contains { $0.contentID == match.content } }
        }
        guard files.contains(where: { $0.state == .missing }) else { return (matched, files) }
        return (matched, files.filter { $0.state != .missing } + files.filter { $0.state == .missing })
    }

    /// For each number of digits the kinds of hash that have so many, and what finds the contents with such a hash; nil
    /// where there is no kind.
    private static let lookups = (0...64).map { digits -> (kinds: [String], sql: String)? in
        let kinds = lookupConditions(digits: digits)
        guard !kinds.isEmpty else { return nil }
        let selects = kinds.map { "SELECT '\($0.kind)', id FROM contents WHERE \($0.condition)" }
        return (kinds.map(\.kind), selects.joined(separator: " UNION ALL "))
    }

    /// The kinds of hash with so many digits; a prefix of SHA-256 is a range, since "g" follows every digit.
    static func lookupConditions(digits: Int) -> [(kind: String, condition: String)] {
        var conditions: [(String, String)] = []
        switch digits {
        case 64: conditions.append(("SHA256", "sha256 = ?1 AND ?2 IS NOT NULL"))
        case 8..<64: conditions.append(("SHA256", "sha256 >= ?1 AND sha256 < ?2"))
        default: return []
        }
        if digits == 8 {
            conditions.append(("AutoV1", "autov1 = ?1 AND ?2 IS NOT NULL"))
            conditions.append(("CRC32", "crc32 = ?1 AND ?2 IS NOT NULL"))
        }
        if digits == 10 { conditions.append(("AutoV2", "autov2 = ?1 AND ?2 IS NOT NULL")) }
        if digits == 12 { conditions.append(("AutoV3", "autov3 = ?1 AND ?2 IS NOT NULL")) }
        if digits == 64 {
            conditions.append(("BLAKE3", "blake3 = ?1 AND ?2 IS NOT NULL"))
            // The column with an index narrows the search to the few contents whose first digits agree.
            conditions.append(("AutoV3", "autov3 = substr(?1, 1, 12) AND autov3_full = ?1 AND ?2 IS NOT NULL"))
        }
        return conditions
    }

    // MARK: - Helpers

    func sql(for filter: FileFilter) -> (condition: String, bindings: [Value]) {
        var conditions = ["f.root_id IS NOT NULL"]
        var bindings: [Value] = []
        func add(_ condition: String, _ values: Value...) {
            conditions.append(condition)
            bindings += values
        }
        if let states = filter.states {
            var alternatives = states.map { _ in "f.state = ?" }
            bindings += states.map { .text($0.rawValue) }
            if let ids = filter.ids { alternatives.append(Self.pending(ids)) }
            let any = alternatives.isEmpty ? "0" : alternatives.joined(separator: " OR ")
            conditions.append("(\(any))")
        } else if let ids = filter.ids {
            conditions.append(Self.pending(ids))
        }
        if let excluded = filter.withoutIDs, !excluded.isEmpty { conditions.append("NOT \(Self.pending(excluded))") }
        if let type = filter.type { add("f.type = ?", .text(type)) }
        if let types = filter.types {
            conditions.append("f.type IN (\(types.map { _ in "?" }.joined(separator: ", ")))")
            bindings += types.map { .text($0) }
        }
        if let folder = filter.exactFolder {
            // With the roots, so that the index is of use.
            add("f.root_id IN (SELECT id FROM roots) AND f.folder = ?", .textBytes(folder))
        }
        if let isHashed = filter.isHashed { add("c.sha256 IS \(isHashed ? "NOT " : "")NULL") }
        if let isFound = filter.isFound {
            add(
                """
                \(isFound ? "" : "NOT ")EXISTS (SELECT 1 FROM civitai_lookups l
                    WHERE l.content_id = f.content_id AND l.state = 'found')
                """)
        }
        if let baseModel = filter.baseModel { add("f.base_model = ? COLLATE NOCASE", .text(baseModel)) }
        if let path = filter.path { add("f.file_path = ?", .textBytes(path.bytes)) }
        if let folder = filter.folder { addFolder(folder, add) }
        if let name = filter.name { addName(name, add) }
        if let lookup = filter.lookup {
            let (condition, binding) = Self.sql(for: lookup)
            add(condition, binding)
        }
        if filter.troubledOnly {
            add(
                """
                (f.state = 'error' OR f.error IS NOT NULL OR f.damaged = 1 OR f.dangerous = 1
                    OR c.message IS NOT NULL)
                """)
        }
        return (conditions.joined(separator: " AND "), bindings)
    }

    private static func pending(_ ids: Set<Int64>) -> String {
        "(f.state = 'pending' AND f.id IN (\(ids.sorted().map(String.init).joined(separator: ","))))"
    }

    private func addFolder(_ folder: String, _ add: (String, Value...) -> Void) {
        let wanted = Self.slashed(folder)
        guard !wanted.isEmpty else { return add("f.folder = ''") }
        // A name on Linux may hold a backslash, which is answered to as well as a slash is.
        let folder = "replace(f.folder, '\\', '/')"
        add(
            "(\(folder) = ? COLLATE NOCASE OR \(folder) LIKE ? ESCAPE '\\')", .text(wanted),
            .text(Self.like(wanted) + "/%"))
    }

    private func addName(_ name: String, _ add: (String, Value...) -> Void) {
        if name.contains("/") || name.contains("\\") {
            add(
                "(\(Self.isBaseNameOrStem) OR replace(f.file_path, '\\', '/') LIKE ? ESCAPE '\\')",
                .text(name), .text(Self.like(name) + ".%"), .integer(Int64(name.unicodeScalars.count) + 2),
                .text("%/" + Self.like(Self.slashed(name))))
        } else {
            add(
                Self.isBaseNameOrStem, .text(name), .text(Self.like(name) + ".%"),
                .integer(Int64(name.unicodeScalars.count) + 2))
        }
    }

    /// The stem is what stands before the last dot; "a.b" is the stem of "a.b.safetensors".
    private static let isBaseNameOrStem =
        "(f.name = ? COLLATE NOCASE OR (f.name LIKE ? ESCAPE '\\' AND instr(substr(f.name, ?), '.') = 0))"

    private static func slashed(_ text: String) -> String {
        var parts = text.replacing("\\", with: "/")[...]
        while parts.first == "/" { parts = parts.dropFirst() }
        while parts.last == "/" { parts = parts.dropLast() }
        return String(parts)
    }

    private static func like(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}
