internal import SQLite

extension CatalogWriter {
    /// What the catalogue has of a file when its reading is over.
    struct ReadFile {
        let content: Int64?
        let scan: Int64?
        let verification: Int64?
        let state: FileState?
        let isDamaged: Bool
        let isReadAgain: Bool
        let changed: Int64

        /// What to make of other bytes than those of the known digest.
        enum Judgement { case believed, damaged, torn }

        /// A damaged file is believed only when somebody has it hashed anew; one whose inode or ctime is in doubt,
        /// whatever it was read for.
        func judgement(of reading: ReadingCircumstances) -> Judgement {
            if isDamaged { return .damaged }
            if isReadAgain { return .believed }
            // Bytes of two states are worse than what is known.
            if reading.isTorn(known: changed) { return .torn }
            return reading.isLater(than: changed) ? .believed : .damaged
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
        /// It waits to be read.
        let isMarked: Bool
    }

    /// The file that was read and its hard links, as far as they are known to hold the same.
    private func links(of job: HashJob, content: Int64) throws -> [Link] {
        try connection.rows(
            """
            SELECT l.id, l.verify_id, l.damaged, l.read_again OR l.lacks_digests
            FROM local_files f JOIN local_files l INDEXED BY local_files_identity
                ON l.inode = f.inode AND l.size = f.size AND l.mtime_ns = f.mtime_ns
                    AND l.file_system_id IS f.file_system_id
            WHERE f.id = ?1 AND l.content_id = ?2 AND (l.id = ?1 OR (l.state = 'indexed' AND l.root_id IS NOT NULL))
            """, [.integer(job.fileID), .integer(content)]
        ) {
            Link(
                id: $0.integer(0), verification: $0.integerOrNil(1), isDamaged: $0.boolean(2), isMarked: $0.boolean(3))
        }
    }

    /// The bytes of an indexed file are those of its digest.
    func noteSame(
        _ job: HashJob, content: Int64, _ reading: ReadingCircumstances, at now: String
    ) throws -> DigestOutcome {
        let answered = try links(of: job, content: content).filter {
            $0.id == job.fileID || $0.isDamaged || $0.isMarked || $0.verification != nil
        }
        for link in answered {
            try connection.run(
                """
                UPDATE local_files SET damaged = 0, error = NULL, verify_id = NULL, attempts = 0, next_attempt_at = NULL,
                    lacks_digests = 0, read_again = 0, updated_at = ?2 WHERE id = ?1
                """, [.integer(link.id), .text(now)])
            try doubtIfTorn(link.id, reading)
        }
        return .stored(files: answered.map(\.id), scans: try countVerified(answered, of: job))
    }

    /// The bytes of an indexed file are not those of its digest, which stays what it was.
    func noteDamage(_ job: HashJob, content: Int64, at now: String) throws -> DigestOutcome {
        let links = try links(of: job, content: content)
        for link in links {
            try connection.run(
                """
                UPDATE local_files SET damaged = 1, error = NULL, verify_id = NULL, attempts = 0, next_attempt_at = NULL,
                    read_again = 0, lacks_digests = 0, updated_at = ?2 WHERE id = ?1
                """, [.integer(link.id), .text(now)])
        }
        let verifications = try countVerified(links, of: job, areDamaged: true)
        return .damaged(files: links.filter { !$0.isDamaged }.map(\.id), scans: verifications)
    }

    /// What people read of a damaged file, as SQL over `local_files f`; NULL for every other file. Programs may tell it
    /// by the first word.
    ///
    /// It is made of the column whenever it is read, so that nothing else that is wrong with the file can replace it.
    static let errorOfDamaged = """
        iif(f.damaged = 1, 'Damaged: its bytes are no longer those of its digest although size and time are the same;'
            || ' kikod-ctl scan --rehash PATH believes them.' || coalesce(' ' || f.error, ''), NULL)
        """

    /// Counts files for the verifications that waited for them; the bytes, which were read once, for each.
    private func countVerified(_ links: [Link], of job: HashJob, areDamaged: Bool = false) throws -> Set<Int64> {
        let files = Dictionary(grouping: links.compactMap(\.verification), by: \.self)
        for (verification, files) in files {
            try connection.run(
                """
                UPDATE scan_history SET files_hashed = files_hashed + ?2,
                    bytes_hashed = min(9223372036854775807, bytes_hashed + ?3),
                    files_damaged = files_damaged + ?4 WHERE id = ?1
                """,
                [
                    .integer(verification), .integer(Int64(files.count)), .integer(job.size),
                    .integer(areDamaged ? Int64(files.count) : 0),
                ])
        }
        return Set(files.keys)
    }

    /// What was read while the inode changed is read once more, and then believed.
    func doubtIfTorn(_ id: Int64, _ reading: ReadingCircumstances) throws {
        guard let before = reading.changedBefore else { return }
        try connection.run(
            "UPDATE local_files SET read_again = 1 WHERE id = ?1 AND (?2 OR ctime_ns > ?3)",
            [.integer(id), Value(before != reading.changedAfter), .integer(before)])
    }

    /// Files that verifications wait for, and whose inode or ctime was in doubt, hold other bytes than before; these
    /// are believed, and the verifications count them as changed.
    func noteChange(_ files: [Int64], of job: HashJob) throws {
        var counted: Set<Int64> = []
        for id in files {
            guard let verification = try readFile(id)?.verification else { continue }
            let isFirst = counted.insert(verification).inserted
            try connection.run(
                """
                UPDATE scan_history SET files_hashed = files_hashed + 1,
                    bytes_hashed = min(9223372036854775807, bytes_hashed + ?2), files_changed = files_changed + 1
                WHERE id = ?1
                """, [.integer(verification), .integer(isFirst ? job.size : 0)])
            try connection.run("UPDATE local_files SET verify_id = NULL WHERE id = ?", [.integer(id)])
        }
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
            UPDATE local_files AS f SET damaged = 1
            FROM local_files AS l INDEXED BY local_files_identity
            WHERE f.id = ? AND f.state = 'indexed' AND l.inode = f.inode AND l.size = f.size AND l.mtime_ns = f.mtime_ns
                AND l.id != f.id AND l.damaged = 1 AND l.content_id = f.content_id
                AND l.file_system_id IS f.file_system_id
            """, [.integer(id)])
    }
}
