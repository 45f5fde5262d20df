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
    /// for verified there. What cannot be read now is told among the errors of the new row; what is gone, or larger than
    /// the configuration wants to read, is not. Call `completeScans` in the same transaction: this row is complete at
    /// once where there is nothing to read, and an older one where everything was taken from it.
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
        let (place, bindings) = Self.placeCondition(atOrBelow: path)
        let wanted = """
            \(Self.isComparable)\(place) AND root_id IN (\(reader.numbers(roots)))\(condition(outside: offline))
            """
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
        try tellLeftOut(of: id, path, ofRoots: roots, outside: offline)
        return BegunVerification(id: id, files: files, bytes: try reader.bytesToVerify(id))
    }

    /// A file of the roots that is there, as far as is known, with a digest to compare its bytes with.
    fileprivate static let isComparable = """
        state = 'indexed' AND root_id IS NOT NULL AND (SELECT sha256 FROM contents WHERE id = content_id) IS NOT NULL
        """

    /// A file with a digest that is there or may come back; those of a place that is away are missing.
    private static let isKnown = """
        state IN ('indexed', 'missing') AND root_id IS NOT NULL
            AND (SELECT sha256 FROM contents WHERE id = content_id) IS NOT NULL
        """

    fileprivate static func placeCondition(atOrBelow path: FilePath?) -> (sql: String, bindings: [Value]) {
        guard let path else { return ("", []) }
        let (lower, upper) = pathRange(below: path)
        return (
            " AND (file_path = ? OR (file_path > ? AND file_path < ?))",
            [.textBytes(path.bytes), .textBytes(lower), .textBytes(upper)]
        )
    }

    /// Says in the row of a verification what it cannot read.
    private func tellLeftOut(
        of verification: Int64, _ path: FilePath?, ofRoots roots: Set<Int64>, outside offline: [FilePath]
    ) throws {
        let (place, bindings) = Self.placeCondition(atOrBelow: path)
        func tell(_ offline: FilePath?, _ files: Int64) throws {
            guard let offline, files > 0 else { return }
            let left = files == 1 ? "1 file there is" : "\(files) files there are"
            try addError("\(offline) is offline: \(left) not verified", to: verification)
        }
        let reader = CatalogReader(connection: connection)
        let offlineRoots = try connection.rows(
            """
            SELECT (SELECT path FROM roots WHERE id = root_id), count(*) FROM local_files
            WHERE \(Self.isKnown)\(place) AND root_id NOT IN (\(reader.numbers(roots))) GROUP BY root_id
            """, bindings
        ) { (path: FilePath(bytes: $0.bytes(0)), files: $0.integer(1)) }
        for root in offlineRoots { try tell(root.path, root.files) }
        for inner in offline where !offline.contains(where: { $0 != inner && inner.isWithin($0) }) {
            let (innerPlace, innerBindings) = Self.placeCondition(atOrBelow: inner)
            let files = try connection.firstRow(
                """
                SELECT count(*) FROM local_files
                WHERE \(Self.isKnown)\(place)\(innerPlace) AND root_id IN (\(reader.numbers(roots)))
                """, bindings + innerBindings
            ) { $0.integer(0) }
            try tell(inner, files ?? 0)
        }
        let others = try connection.rows(
            """
            SELECT iif(state = 'error', 'in error', state) AS reason, count(*) FROM local_files
            WHERE root_id IS NOT NULL AND state IN ('pending', 'error')\(place) GROUP BY reason ORDER BY reason
            """, bindings
        ) { "\($0.text(0)): \($0.integer(1))" }
        guard !others.isEmpty else { return }
        try addError("files that cannot be compared with a digest; \(others.joined(separator: ", "))", to: verification)
    }
}

extension CatalogReader {
    /// True when a file at or below a path has a digest that its bytes can be compared with.
    package func hasComparableFiles(atOrBelow path: FilePath) throws -> Bool {
        let (place, bindings) = CatalogWriter.placeCondition(atOrBelow: path)
        return try connection.firstRow(
            "SELECT 1 FROM local_files WHERE \(CatalogWriter.isComparable)\(place) LIMIT 1", bindings
        ) { _ in true } ?? false
    }

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
