internal import FoundationEssentials
package import LinuxSystem
internal import SQLite

/// Questions to the catalogue, all answered from one state.
package struct CatalogReader {
    let connection: Connection

    static let knownColumns = """
        id, file_path, root_id, size, mtime_ns, ctime_ns, inode, file_system_id, birth_time_ns, content_id, state, held,
        error, place_type, symlink, links, read_again, look, place_type_source,
        damaged
        """

    /// What is known of a path.
    package func file(at path: FilePath) throws -> KnownFile? {
        try connection.firstRow(
            "SELECT \(Self.knownColumns) FROM local_files WHERE file_path = ?", [.textBytes(path.bytes)], knownFile
        ).flatMap(\.self)
    }

    /// Files with this inode number, size and modification time, whatever their paths: the same file, or links to it.
    package func files(inode: UInt64, size: Int64, modified: Int64) throws -> [KnownFile] {
        try connection.rows(
            "SELECT \(Self.knownColumns) FROM local_files WHERE inode = ? AND size = ? AND mtime_ns = ?",
            [Value(unsigned: inode), .integer(size), .integer(modified)], knownFile
        ).compactMap(\.self)
    }

    /// How many files of the roots are in each state.
    package func counts() throws -> StateCounts {
        var counts = StateCounts()
        // All rows less those that no root covers: both are told by indexes, and the second are few. The sizes may be
        // more than an integer holds, where `sum` fails; a cast saturates.
        try connection.query(
            """
            SELECT state, sum(number), CAST(total(bytes) AS INTEGER) FROM (
                SELECT state, count(*) AS number, total(size) AS bytes FROM local_files GROUP BY state
                UNION ALL
                SELECT state, -count(*), -total(size) FROM local_files WHERE root_id IS NULL GROUP BY state)
            GROUP BY state
            """
        ) { row in
            let number = Int(clamping: row.integer(1))
            switch FileState(rawValue: row.text(0)) {
            case .pending:
                counts.pending = number
                counts.pendingBytes = row.integer(2)
            case .indexed: counts.indexed = number
            case .error: counts.error = number
            case .missing:
                counts.missing = number
                return
            case nil: return
            }
            let (bytes, overflow) = counts.bytes.addingReportingOverflow(row.integer(2))
            counts.bytes = overflow ? .max : bytes
        }
        return counts
    }

    /// Present files of each root by its number.
    package func presentCounts() throws -> [Int64: Int] {
        var counts: [Int64: Int] = [:]
        // All rows less the missing ones: both are told by indexes, and the second are few.
        try connection.query(
            """
            SELECT root_id, sum(number) FROM (
                SELECT root_id, count(*) AS number FROM local_files WHERE root_id IS NOT NULL GROUP BY root_id
                UNION ALL
                SELECT root_id, -count(*) FROM local_files INDEXED BY local_files_state
                    WHERE root_id IS NOT NULL AND state = 'missing' GROUP BY root_id)
            GROUP BY root_id HAVING sum(number) > 0
            """
        ) { counts[$0.integer(0)] = Int(clamping: $0.integer(1)) }
        return counts
    }

    /// Paths of present files that are pending and not to be read just now: somebody may still be writing them, or
    /// they changed while they were read and are looked at again first.
    package func heldPaths(
        ofRoots roots: Set<Int64>, outside offline: [FilePath] = [], limit: Int
    ) throws -> [FilePath] {
        guard !roots.isEmpty else { return [] }
        return try connection.rows(
            """
            SELECT file_path FROM local_files
            WHERE state = 'pending' AND (held = 1 OR next_attempt_at IS NOT NULL) AND root_id IN (\(numbers(roots)))
                \(condition(outside: offline))
            ORDER BY file_path LIMIT ?
            """, [.integer(Int64(limit))]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    /// Rows of `scan_history`, the newest first.
    package func scans(limit: Int?, offset: Int = 0) throws -> [StoredScan] {
        try connection.rows(
            "SELECT \(Self.scanColumns) FROM scan_history ORDER BY id DESC LIMIT ? OFFSET ?",
            [.integer(Int64(limit ?? -1)), .integer(Int64(offset))], scanRecord)
    }

    /// The scan that was begun last; a verification is none, since it does not bring the catalogue up to date.
    package func lastScan() throws -> StoredScan? {
        try connection.firstRow(
            "SELECT \(Self.scanColumns) FROM scan_history WHERE kind != 'verify' ORDER BY id DESC LIMIT 1", [],
            scanRecord)
    }

    /// A row of `scan_history` by its number.
    package func scan(id: Int64) throws -> StoredScan? {
        try connection.firstRow(
            "SELECT \(Self.scanColumns) FROM scan_history WHERE id = ?", [.integer(id)], scanRecord)
    }

    /// How many rows `scan_history` has.
    package func scanCount() throws -> Int {
        try connection.firstRow("SELECT count(*) FROM scan_history") { Int(clamping: $0.integer(0)) } ?? 0
    }

    /// A root by its number.
    package func root(id: Int64) throws -> RootRecord? {
        try connection.firstRow(
            "SELECT id, path, type FROM roots WHERE id = ?", [.integer(id)], rootRecord
        ).flatMap(\.self)
    }

    /// A value of `app_metadata`.
    package func metadata(_ key: String) throws -> String? {
        try connection.firstRow("SELECT value FROM app_metadata WHERE key = ?", [.text(key)]) { $0.text(0) }
    }

    private static let scanColumns = """
        id, kind, root, started_at, completed_at, duration_ms, files_seen, files_added, files_changed, files_moved,
        files_missing, checkpoints_found, loras_found, embeddings_found, files_hashed, files_damaged, bytes_hashed,
        lookups, errors
        """

    private func scanRecord(_ row: Row) -> StoredScan {
        var counts = ScanCounts()
        counts.seen = Int(clamping: row.integer(6))
        counts.added = Int(clamping: row.integer(7))
        counts.changed = Int(clamping: row.integer(8))
        counts.moved = Int(clamping: row.integer(9))
        counts.missing = Int(clamping: row.integer(10))
        let errors = row.textOrNil(18).flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
        return StoredScan(
            id: row.integer(0), kind: row.text(1), root: row.textOrNil(2), startedAt: row.text(3),
            completedAt: row.textOrNil(4), durationMilliseconds: row.integerOrNil(5), counts: counts,
            checkpointsFound: row.integer(11), lorasFound: row.integer(12), embeddingsFound: row.integer(13),
            filesHashed: row.integer(14), filesDamaged: row.integer(15), bytesHashed: row.integer(16),
            lookups: row.integer(17), errors: errors ?? [])
    }

    private func knownFile(_ row: Row) -> KnownFile? {
        guard let path = FilePath(bytes: row.bytes(1)), let state = FileState(rawValue: row.text(10)) else {
            return nil
        }
        return KnownFile(
            id: row.integer(0), path: path, rootID: row.integerOrNil(2), size: row.integer(3), modified: row.integer(4),
            changed: row.integer(5), inode: row.unsigned(6), fileSystemID: row.textOrNil(7), born: row.integerOrNil(8),
            contentID: row.integerOrNil(9), state: state, isHeld: row.boolean(11), error: row.textOrNil(12),
            placeType: row.textOrNil(13), placeTypeSource: row.textOrNil(18), isSymbolicLink: row.boolean(14),
            links: Int(clamping: row.integer(15)), isReadAgain: row.boolean(16), isDamaged: row.boolean(19),
            look: row.integerOrNil(17))
    }
}
