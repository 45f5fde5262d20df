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
            UPDATE local_files SET verify_id = \(id),
                next_attempt_at = CASE WHEN read_again = 1 THEN next_attempt_at END
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

    /// Has the files read again whose contents lack a digest that is wanted now; one file a content, the damaged ones
    /// not.
    ///
    /// - Parameters:
    ///   - blake3: true where BLAKE3 is wanted.
    ///   - autoV3Limit: AutoV3 is wanted of valid safetensors files of at most so many bytes.
    /// - Returns: how many files that are.
    @discardableResult
    package func queueMissingDigests(blake3: Bool, autoV3UpTo autoV3Limit: Int64) throws -> Int {
        // By indexes that hold only contents without the digest, and mostly nothing.
        var lacking = [
            """
            SELECT id FROM contents INDEXED BY contents_without_autov3
            WHERE autov3_full IS NULL AND sha256 IS NOT NULL AND format = 'safetensors' AND header_size IS NOT NULL
                AND message IS NULL AND size <= \(autoV3Limit) AND header_size <= size - 8
            """
        ]
        if blake3 {
            lacking.append(
                """
                SELECT id FROM contents INDEXED BY contents_without_blake3 WHERE blake3 IS NULL AND sha256 IS NOT NULL
                """)
        }
        return try connection.run(
            """
            UPDATE local_files SET read_again = 1 WHERE id IN (
                SELECT min(f.id) FROM (\(lacking.joined(separator: " UNION "))) c
                    CROSS JOIN local_files f INDEXED BY local_files_content ON f.content_id = c.id
                WHERE f.state = 'indexed' AND f.damaged = 0 AND f.root_id IS NOT NULL
                GROUP BY c.id HAVING max(f.read_again) = 0)
            """)
    }

    // MARK: - Outcomes

    /// What the catalogue has of a file when its reading is over.
    struct ReadFile {
        let content: Int64?
        let scan: Int64?
        let verification: Int64?
        let state: FileState?
        let isDamaged: Bool
        let isReadAgain: Bool
        let changed: Int64

        /// True when what was read is measured by the known digest and does not replace it.
        ///
        /// A damaged file is believed only when somebody has it hashed anew; a file whose inode or ctime is in doubt,
        /// whatever it was read for.
        func isMeasured(for purpose: HashJob.Purpose) -> Bool {
            state == .indexed && purpose != .first && (isDamaged || purpose == .verification && !isReadAgain)
        }
    }

    func readFile(_ id: Int64) throws -> ReadFile? {
        try connection.firstRow(
            """
            SELECT content_id, scan_id, verify_id, state, damaged, read_again, ctime_ns FROM local_files WHERE id = ?
            """, [.integer(id)]
        ) {
            ReadFile(
                content: $0.integerOrNil(0), scan: $0.integerOrNil(1), verification: $0.integerOrNil(2),
                state: FileState(rawValue: $0.text(3)), isDamaged: $0.boolean(4), isReadAgain: $0.boolean(5),
                changed: $0.integer(6))
        }
    }

    /// A name of the inode that was read.
    private struct Link {
        let id: Int64
        let verification: Int64?
        let isDamaged: Bool
    }

    /// The file that was read and its hard links, as far as they are known to hold the same.
    private func links(of job: HashJob, content: Int64) throws -> [Link] {
        try connection.rows(
            """
            SELECT l.id, l.verify_id, l.damaged FROM local_files f JOIN local_files l INDEXED BY local_files_identity
                ON l.inode = f.inode AND l.size = f.size AND l.mtime_ns = f.mtime_ns
                    AND l.file_system_id IS f.file_system_id
            WHERE f.id = ?1 AND l.content_id = ?2 AND (l.id = ?1 OR (l.state = 'indexed' AND l.root_id IS NOT NULL))
            """, [.integer(job.fileID), .integer(content)]
        ) { Link(id: $0.integer(0), verification: $0.integerOrNil(1), isDamaged: $0.boolean(2)) }
    }

    /// The bytes of an indexed file are those of its digest.
    func noteSame(_ job: HashJob, content: Int64, changed: Int64, at now: String) throws -> DigestOutcome {
        let answered = try links(of: job, content: content).filter {
            $0.id == job.fileID || $0.isDamaged || $0.verification != nil
        }
        for link in answered {
            try connection.run(
                """
                UPDATE local_files SET damaged = 0, error = NULL, verify_id = NULL, attempts = 0, next_attempt_at = NULL,
                    read_again = iif(ctime_ns > ?3, 1, 0), updated_at = ?2 WHERE id = ?1
                """, [.integer(link.id), .text(now), .integer(changed)])
        }
        return .stored(files: answered.map(\.id), scans: try countVerified(answered, of: job))
    }

    /// The bytes of an indexed file are not those of its digest, which stays what it was.
    func noteDamage(_ job: HashJob, content: Int64, at now: String) throws -> DigestOutcome {
        let links = try links(of: job, content: content)
        for link in links {
            try connection.run(
                """
                UPDATE local_files SET damaged = 1, error = ?2, verify_id = NULL, attempts = 0, next_attempt_at = NULL,
                    read_again = 0, updated_at = ?3 WHERE id = ?1
                """, [.integer(link.id), .text(Self.damageSentence), .text(now)])
        }
        let verifications = try countVerified(links, of: job, areDamaged: true)
        return .damaged(files: links.filter { !$0.isDamaged }.map(\.id), scans: verifications)
    }

    /// What people read of a damaged file. Programs may tell it by the first word.
    static let damageSentence =
        "Damaged: its bytes are no longer those of its digest although size and time are the same;"
        + " kikod-ctl scan --rehash PATH believes them."

    /// Counts files for the verifications that waited for them; the bytes, which were read once, for each.
    private func countVerified(_ links: [Link], of job: HashJob, areDamaged: Bool = false) throws -> Set<Int64> {
        let files = Dictionary(grouping: links.compactMap(\.verification), by: \.self)
        for (verification, files) in files {
            try connection.run(
                """
                UPDATE scan_history SET files_hashed = files_hashed + ?2, bytes_hashed = bytes_hashed + ?3,
                    files_damaged = files_damaged + ?4 WHERE id = ?1
                """,
                [
                    .integer(verification), .integer(Int64(files.count)), .integer(job.size),
                    .integer(areDamaged ? Int64(files.count) : 0),
                ])
        }
        return Set(files.keys)
    }

    /// A file that a verification waits for, and whose inode or ctime was in doubt, holds other bytes than before; these
    /// are believed, and the verification counts it as changed.
    func noteChange(_ file: ReadFile, of job: HashJob) throws {
        guard let verification = file.verification else { return }
        try connection.run(
            """
            UPDATE scan_history SET files_hashed = files_hashed + 1, bytes_hashed = bytes_hashed + ?2,
                files_changed = files_changed + 1 WHERE id = ?1
            """, [.integer(verification), .integer(job.size)])
        try connection.run("UPDATE local_files SET verify_id = NULL WHERE id = ?", [.integer(job.fileID)])
    }

    /// A verification that waits for a file cannot have it.
    func failVerification(ofFile id: Int64, _ message: String) throws {
        let waiting = try connection.firstRow(
            "SELECT verify_id, coalesce(shown_path, file_path) FROM local_files WHERE id = ? AND verify_id IS NOT NULL",
            [.integer(id)]
        ) { (verification: $0.integer(0), path: $0.text(1)) }
        guard let waiting else { return }
        try addError("\(waiting.path): \(message)", to: waiting.verification)
        try connection.run("UPDATE local_files SET verify_id = NULL WHERE id = ?", [.integer(id)])
    }

    /// A new name of an inode that is known to be damaged is damaged, too.
    func shareDamage(with id: Int64) throws {
        try connection.run(
            """
            UPDATE local_files AS f SET damaged = 1, error = l.error
            FROM local_files AS l INDEXED BY local_files_identity
            WHERE f.id = ? AND f.state = 'indexed' AND l.inode = f.inode AND l.size = f.size AND l.mtime_ns = f.mtime_ns
                AND l.id != f.id AND l.damaged = 1 AND l.content_id = f.content_id
                AND l.file_system_id IS f.file_system_id
            """, [.integer(id)])
    }
}

extension CatalogReader {
    /// Bytes that a verification still has to read: those of hard links once.
    package func bytesToVerify(_ verification: Int64) throws -> Int64 {
        try connection.firstRow(
            """
            SELECT coalesce(sum(size), 0) FROM (
                SELECT DISTINCT inode, file_system_id, content_id, size FROM local_files WHERE verify_id = ?)
            """, [.integer(verification)]
        ) { $0.integer(0) } ?? 0
    }
}
