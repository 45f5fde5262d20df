internal import FoundationEssentials
package import LinuxSystem
internal import SQLite

extension CatalogWriter {
    // MARK: - Scans

    /// Opens a row of `scan_history`; its number.
    package func beginScan(kind: String, root: FilePath, at now: String) throws -> Int64 {
        try connection.run(
            "INSERT INTO scan_history (kind, root, started_at) VALUES (?, ?, ?)",
            [.text(kind), .text(root.description), .text(now)])
        return connection.lastInsertedRowID
    }

    /// The walk of a scan is over. The row is complete as soon as nothing that it found waits to be read.
    ///
    /// - Parameter path: what was walked; how many models of which type lie there is counted in the catalogue.
    package func endWalk(
        of scan: Int64, below path: FilePath?, _ counts: ScanCounts, errors: [String], at now: String
    ) throws {
        let types = try path.map(presentTypes) ?? [:]
        try connection.run(
            """
            UPDATE scan_history SET walked_at = ?, files_seen = ?, files_added = ?, files_changed = ?, files_moved = ?,
                files_missing = ?, checkpoints_found = ?, loras_found = ?, embeddings_found = ?, errors = ?
            WHERE id = ?
            """,
            [
                .text(now), integer(counts.seen), integer(counts.added), integer(counts.changed),
                integer(counts.moved), integer(counts.missing),
                .integer(types["checkpoint", default: 0] + types["diffusion_model", default: 0]),
                .integer(types["lora", default: 0]), .integer(types["embedding", default: 0]),
                errors.isEmpty ? nil : .text(try jsonText(errors)), .integer(scan),
            ])
    }

    /// Present files at a path and below it by type.
    private func presentTypes(below path: FilePath) throws -> [String: Int64] {
        let (lower, upper) = pathRange(below: path)
        let types = try connection.rows(
            """
            SELECT type, count(*) FROM local_files
            WHERE (file_path = ? OR (file_path > ? AND file_path < ?)) AND state != 'missing' AND root_id IS NOT NULL
                AND type IS NOT NULL GROUP BY type
            """, [.textBytes(path.bytes), .textBytes(lower), .textBytes(upper)]
        ) { ($0.text(0), $0.integer(1)) }
        return Dictionary(types) { $1 }
    }

    /// Completes every scan and verification that was walked and waits for no file any more; their numbers.
    @discardableResult
    package func completeScans(now nanoseconds: Int64) throws -> [Int64] {
        let now = Timestamp.text(nanoseconds: nanoseconds)
        let done = try connection.rows(
            """
            SELECT id, started_at, kind FROM scan_history WHERE completed_at IS NULL AND walked_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM local_files
                                WHERE scan_id = scan_history.id AND state = 'pending' AND root_id IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM local_files WHERE verify_id = scan_history.id)
            """
        ) { (id: $0.integer(0), startedAt: $0.text(1), kind: $0.text(2)) }
        for row in done {
            if row.kind == "verify" { try tellLosses(of: row.id) }
            try connection.run(
                """
                UPDATE scan_history SET completed_at = ?2,
                    duration_ms = CAST(round((julianday(?2) - julianday(?3)) * 86400000) AS INTEGER) WHERE id = ?1
                """, [.integer(row.id), .text(now), .text(row.startedAt)])
        }
        if done.contains(where: { $0.kind != "verify" }) {
            try setMetadata("last_scan", now, at: now)
            // All less those that no root covers: both are told by indexes, and the second are few.
            let total = try connection.firstRow(
                """
                SELECT (SELECT count(*) FROM local_files WHERE state != 'missing')
                    - (SELECT count(*) FROM local_files WHERE state != 'missing' AND root_id IS NULL)
                """
            ) { $0.integer(0) }
            try setMetadata("total_models", String(total ?? 0), at: now)
        }
        return done.map(\.id)
    }

    /// Closes what a process that ended left open. What waited for a verification waits for it no more.
    package func closeInterruptedScans(at now: String) throws {
        try connection.run("UPDATE local_files SET scan_id = NULL WHERE scan_id IS NOT NULL")
        try connection.run("UPDATE local_files SET verify_id = NULL WHERE verify_id IS NOT NULL")
        let open = try connection.rows(
            "SELECT id, kind, files_hashed, files_seen FROM scan_history WHERE completed_at IS NULL"
        ) { (id: $0.integer(0), kind: $0.text(1), hashed: $0.integer(2), seen: $0.integer(3)) }
        for row in open {
            var sentence = "interrupted: kikod ended before this scan was complete"
            if row.kind == "verify" {
                try tellLosses(of: row.id)
                sentence =
                    "interrupted: kikod ended before this verification was complete; files verified:"
                    + " \(row.hashed), not verified: \(max(0, row.seen - row.hashed))"
            }
            try addError(sentence, to: row.id, limit: .max)
            try connection.run(
                "UPDATE scan_history SET completed_at = ? WHERE id = ?", [.text(now), .integer(row.id)])
        }
    }

    /// Adds a sentence to the errors of a row; from some number on it only says that there are more.
    func addError(_ sentence: String, to scan: Int64, limit: Int = 100) throws {
        let known =
            try connection.firstRow("SELECT errors FROM scan_history WHERE id = ?", [.integer(scan)]) {
                $0.textOrNil(0)
            } ?? nil
        var errors = known.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) } ?? []
        guard errors.count <= limit else { return }
        errors.append(errors.count < limit ? sentence : "and more; kikod-ctl errors lists the files")
        try connection.run(
            "UPDATE scan_history SET errors = ? WHERE id = ?", [.text(try jsonText(errors)), .integer(scan)])
    }

    /// Forgets a scan that turned out to have nothing to tell.
    package func discardScan(_ scan: Int64) throws {
        try connection.run("DELETE FROM scan_history WHERE id = ?", [.integer(scan)])
    }

    // MARK: - Metadata of the application

    package func setMetadata(_ key: String, _ value: String, at now: String) throws {
        try connection.run(
            """
            INSERT INTO app_metadata (key, value, updated_at) VALUES (?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
                WHERE value != excluded.value OR key = 'last_scan'
            """, [.text(key), .text(value), .text(now)])
    }

    func noteSchemaVersion(_ version: Int, at now: String) throws {
        try setMetadata("schema_version", String(version), at: now)
    }

    private func integer(_ number: Int) -> Value { .integer(Int64(number)) }

    private func jsonText(_ errors: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(errors), as: UTF8.self)
    }
}
