package import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// A place is online, and is this directory.
    ///
    /// For as long as it was offline, `keep_missing` has not counted for what was missing there.
    package func notePlace(_ place: PlaceRecord, now: Int64) throws {
        let offlineSince =
            try connection.firstRow(
                "SELECT offline_since_ns FROM places WHERE path = ?", [.textBytes(place.path.bytes)]
            ) { $0.integerOrNil(0) } ?? nil
        if let offlineSince, now > offlineSince {
            let (lower, upper) = pathRange(below: place.path)
            try connection.run(
                """
                UPDATE local_files SET missing_counted_from_ns = min(?1, missing_counted_from_ns + ?2)
                WHERE state = 'missing' AND file_path > ?3 AND file_path < ?4
                """, [.integer(now), .integer(now - offlineSince), .textBytes(lower), .textBytes(upper)])
        }
        try connection.run(
            """
            INSERT INTO places (path, kind, file_system_id, inode) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, file_system_id = excluded.file_system_id,
                inode = excluded.inode, offline_since_ns = NULL
            """,
            [
                .textBytes(place.path.bytes), .text(place.kind.rawValue), Value(place.fileSystemID),
                Value(unsigned: place.inode),
            ])
    }

    /// A place is offline from now on, if it was not before.
    package func notePlaceOffline(_ path: FilePath, now: Int64) throws {
        try connection.run(
            "UPDATE places SET offline_since_ns = coalesce(offline_since_ns, ?2) WHERE path = ?1",
            [.textBytes(path.bytes), .integer(now)])
    }

    /// There is no such place any more: what lies at its path is part of what surrounds it.
    package func forgetPlace(_ path: FilePath) throws {
        try connection.run("DELETE FROM places WHERE path = ?", [.textBytes(path.bytes)])
    }

    /// Takes everything below a path out of every answer: it is found under another path now.
    package func uncover(below path: FilePath) throws {
        let (lower, upper) = pathRange(below: path)
        let covered = "file_path > ? AND file_path < ? AND root_id IS NOT NULL"
        let place: [Value] = [.textBytes(lower), .textBytes(upper)]
        try loseVerifications(.uncovered, where: covered, place)
        try connection.run(
            "UPDATE local_files SET root_id = NULL, held = 0, scan_id = NULL WHERE \(covered)", place)
    }

    /// False of a file about whose content people have said something, where that can be recognised by its path alone.
    static let mayBeForgotten = """
        NOT ((SELECT sha256 FROM contents c WHERE c.id = local_files.content_id) IS NULL
            AND \(hasWords("local_files.content_id")))
        """

    /// Removes the rows of files that have been missing for longer than they are to be kept, at most `limit` of them.
    /// What they held stays known; so a file stays about whose content people have said something, and which can be
    /// recognised by its path alone.
    ///
    /// - Parameters:
    ///   - moment: files that went missing at this time or earlier go, in nanoseconds since 1970.
    ///   - offline: places in which nothing is removed.
    package func removeMissing(since moment: Int64, outside offline: [FilePath], limit: Int) throws -> [FilePath] {
        let rows = try connection.rows(
            """
            SELECT id, file_path, content_id FROM local_files
            WHERE state = 'missing' AND missing_counted_from_ns <= ? AND (root_id IS NOT NULL OR displaced = 1)
                AND \(Self.mayBeForgotten)
                \(condition(outside: offline))
            ORDER BY missing_counted_from_ns LIMIT ?
            """, [.integer(moment), .integer(Int64(limit))]
        ) { (id: $0.integer(0), path: FilePath(bytes: $0.bytes(1)), content: $0.integerOrNil(2)) }
        for row in rows {
            try connection.run("DELETE FROM local_files WHERE id = ?", [.integer(row.id)])
            if let content = row.content { try dropIfUnused(content: content) }
        }
        return rows.compactMap(\.path)
    }
}
