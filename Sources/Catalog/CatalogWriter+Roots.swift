package import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// Makes these the configured roots, and gives every file to the innermost root that holds it.
    ///
    /// - Parameters:
    ///   - covers: false for a path below a root that the configuration excludes all the same. Files that
    ///     nothing covers any more keep their rows and leave every answer; they return when they are covered again.
    ///   - coversLinks: false where files that are symbolic links are not covered.
    ///   - privateRoots: no hash of what lies in one of these is ever sent; what was seen in one that is configured no more
    ///     stays private, unless all of its files lie in other roots now.
    ///   - rules: names what `covers` goes by. As long as roots, rules and `coversLinks` are the same, no file is
    ///     asked about again, unless one is left with a root that is configured no more.
    /// - Returns: the roots, in the order given.
    package func setRoots(
        _ roots: [(path: FilePath, type: String?)], privateRoots: Set<FilePath> = [], rules: String,
        coversLinks: Bool = true, at now: String,
        covers: (_ path: FilePath, _ root: FilePath) -> Bool
    ) throws -> [RootRecord] {
        try connection.run("UPDATE roots SET configured = 0")
        var records: [RootRecord] = []
        for root in roots {
            try connection.run(
                """
                INSERT INTO roots (path, type, civitai) VALUES (?1, ?2, ?3)
                ON CONFLICT (path) DO UPDATE SET type = excluded.type, civitai = excluded.civitai, configured = 1
                """,
                [.textBytes(root.path.bytes), Value(root.type), Value(!privateRoots.contains(root.path))])
            let record = try connection.firstRow(
                "SELECT id, path, type FROM roots WHERE path = ?", [.textBytes(root.path.bytes)],
                rootRecord)
            if let record = record.flatMap(\.self) { records.append(record) }
        }
        let numbers = records.map { "\($0.id)" }.joined(separator: " ")
        let coverage = "\(numbers)\nlinks: \(coversLinks)\n\(rules)"
        if try reader.metadata("coverage") != coverage || holdsFilesOfOtherRoots() {
            try assignFiles(to: records, coversLinks: coversLinks, covers: covers)
            try setMetadata("coverage", coverage, at: now)
        }
        try forgetFormerPrivacy()
        return records
    }

    private func forgetFormerPrivacy() throws {
        try connection.run(
            """
            DELETE FROM private_contents WHERE root_id IN (SELECT id FROM roots WHERE configured = 0)
                AND EXISTS (SELECT 1 FROM local_files f WHERE f.content_id = private_contents.content_id)
                AND NOT EXISTS (SELECT 1 FROM local_files f
                    WHERE f.content_id = private_contents.content_id AND f.root_id IS NULL)
            """)
    }

    private func holdsFilesOfOtherRoots() throws -> Bool {
        try connection.firstRow(
            "SELECT 1 FROM roots r JOIN local_files f ON f.root_id = r.id WHERE r.configured = 0 LIMIT 1"
        ) { _ in true } ?? false
    }

    private func assignFiles(
        to roots: [RootRecord], coversLinks: Bool, covers: (_ path: FilePath, _ root: FilePath) -> Bool
    ) throws {
        // From the innermost root outwards, so that the first that holds a path is the right one.
        let innermostFirst = roots.sorted { $0.path.bytes.count > $1.path.bytes.count }
        let links = coversLinks ? [] : try reader.places().filter { $0.kind == .link }.map(\.path)
        var changes: [(id: Int64, root: Int64?, folder: [UInt8])] = []
        try connection.query("SELECT id, file_path, root_id, symlink FROM local_files WHERE displaced = 0") { row in
            guard let path = FilePath(bytes: row.bytes(1)) else { return }
            let innermost = innermostFirst.first { path.isWithin($0.path) }
            let isBehindLink = links.contains { link in
                path.isWithin(link) && !(innermost?.path.isWithin(link) ?? false)
            }
            let isUncoveredLink = !coversLinks && (row.boolean(3) || isBehindLink)
            let root = isUncoveredLink ? nil : innermost.flatMap { covers(path, $0.path) ? $0 : nil }
            guard root?.id != row.integerOrNil(2) else { return }
            let folder = root.flatMap { path.parent.relative(to: $0.path) } ?? []
            changes.append((row.integer(0), root?.id, folder))
        }
        for change in changes {
            if change.root == nil { try loseVerifications(.uncovered, where: "id = ?", [.integer(change.id)]) }
            try connection.run(
                "UPDATE local_files SET root_id = ?1, folder = ?2 WHERE id = ?3",
                [Value(change.root), .textBytes(change.folder), .integer(change.id)])
        }
    }

    /// Remembers when a root was last reconciled from end to end.
    package func noteScan(ofRoot id: Int64, at now: String) throws {
        try connection.run("UPDATE roots SET last_scan_at = ? WHERE id = ?", [.text(now), .integer(id)])
    }
}

/// A row of id, path, type.
func rootRecord(_ row: Row) -> RootRecord? {
    guard let path = FilePath(bytes: row.bytes(1)) else { return nil }
    return RootRecord(id: row.integer(0), path: path, type: row.textOrNil(2))
}
