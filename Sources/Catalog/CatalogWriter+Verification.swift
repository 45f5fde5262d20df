package import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// A verification that was begun.
    package struct BegunVerification: Sendable, Hashable {
        /// Its row of `scan_history`.
        package let id: Int64
        /// Files that are to be read.
        package let files: Int
        /// Bytes that are to be read: those of hard links once.
        package let bytes: Int64
    }

    /// Has every indexed file with a digest at or below a path, or of all the roots, read and compared with that digest.
    ///
    /// A file waits for one verification at a time. One that an older verification still waits for is taken over: the
    /// older row no longer counts it among the files that it saw, and says so among its errors, so that nobody takes it
    /// for verified there. Call `completeScans` in the same transaction: this row is complete at once where there is
    /// nothing to read, and an older one where everything was taken from it.
    ///
    /// - Parameters:
    ///   - path: a file or a directory; nil for all of the roots.
    ///   - roots: the roots from which something can be read now.
    ///   - offline: places inside of them from which nothing can be read now.
    package func beginVerification(
        of path: FilePath?, ofRoots roots: Set<Int64>, outside offline: [FilePath] = [], at now: String
    ) throws -> BegunVerification {
        try connection.run(
            "INSERT INTO scan_history (kind, root, started_at, walked_at) VALUES ('verify', ?1, ?2, ?2)",
            [Value(path?.description), .text(now)])
        let id = connection.lastInsertedRowID
        let reader = CatalogReader(connection: connection)
        var wanted = """
            state = 'indexed' AND root_id IN (\(reader.numbers(roots)))\(condition(outside: offline))
                AND (SELECT sha256 FROM contents WHERE id = content_id) IS NOT NULL
            """
        var bindings: [Value] = []
        if let path {
            let (lower, upper) = pathRange(below: path)
            wanted += " AND (file_path = ? OR (file_path > ? AND file_path < ?))"
            bindings = [.textBytes(path.bytes), .textBytes(lower), .textBytes(upper)]
        }
        let taken = try connection.rows(
            """
            SELECT verify_id, count(*) FROM local_files WHERE verify_id IS NOT NULL AND \(wanted) GROUP BY verify_id
            """, bindings
        ) { (verification: $0.integer(0), files: $0.integer(1)) }
        let files = try connection.run(
            """
            UPDATE local_files SET verify_id = \(id), next_attempt_at = NULL
            WHERE \(wanted)
            """, bindings)
        for older in taken {
            try connection.run(
                "UPDATE scan_history SET files_seen = files_seen - ? WHERE id = ?",
                [.integer(older.files), .integer(older.verification)])
            try addError(
                "\(older.files == 1 ? "1 file was" : "\(older.files) files were") left to verification \(id), which was"
                    + " begun later", to: older.verification)
        }
        try connection.run(
            "UPDATE scan_history SET files_seen = ? WHERE id = ?", [.integer(Int64(files)), .integer(id)])
        return BegunVerification(id: id, files: files, bytes: try reader.bytesToVerify(id))
    }
}

extension CatalogReader {
    /// Bytes that a verification still has to read: those of hard links once.
    package func bytesToVerify(_ verification: Int64) throws -> Int64 {
        try connection.firstRow(
            """
            SELECT CAST(total(size) AS INTEGER) FROM (
                SELECT DISTINCT inode, file_system_id, content_id, size FROM local_files WHERE verify_id = ?)
            """, [.integer(verification)]
        ) { $0.integer(0) } ?? 0
    }
}
