internal import LinuxSystem
internal import SQLite

extension CatalogWriter {
    /// What became of the digests of a file.
    package enum DigestOutcome: Sendable, Hashable {
        /// The row no longer says what was read: the file changed or went meanwhile, and the digests are worthless.
        case discarded
        /// Stored; these files are indexed now.
        case stored(files: [Int64], scans: Set<Int64>)
        /// A second reading found other bytes than the first, and they are believed of these files.
        case foundOther(files: [Int64], content: Int64)
        /// An indexed file does not hold the bytes of its digest, which stays; these files, the one that was read and
        /// its hard links, were not known to be damaged before.
        case damaged(files: [Int64], scans: Set<Int64>)
    }

    /// True while the row still stands for the file that a job was made for; otherwise its outcome says nothing of it.
    package func isCurrent(_ job: HashJob) throws -> Bool {
        try connection.firstRow(
            "SELECT 1 FROM local_files WHERE id = ? AND size = ? AND mtime_ns = ? AND inode = ? AND state != 'missing'",
            [.integer(job.fileID), .integer(job.size), .integer(job.modified), Value(unsigned: job.inode)]
        ) { _ in true } ?? false
    }

    /// Stores what reading a file to its end has told, if the row still stands for the file that was read.
    ///
    /// A digest that is known already makes two contents one. Hard links share their content, so they are answered too.
    ///
    /// - Parameters:
    ///   - reading: how it was read. A file whose inode changed meanwhile is read once more.
    ///   - wanted: what a content is to have now. A file that was read without it is read once more, too.
    package func store(
        _ digests: ContentDigests, of job: HashJob, read reading: ReadingCircumstances = ReadingCircumstances(),
        description: ContentDescription, wanted: WantedDigests = WantedDigests(), at now: String
    ) throws -> DigestOutcome {
        guard let present = try readFile(job.fileID), try isCurrent(job) else { return .discarded }
        let outcome = try store(digests, of: job, present, reading, description, at: now)
        try noteLacking(wanted, beyond: reading.asked, ofFile: job.fileID)
        return outcome
    }

    private func store(
        _ digests: ContentDigests, of job: HashJob, _ present: ReadFile, _ reading: ReadingCircumstances,
        _ description: ContentDescription, at now: String
    ) throws -> DigestOutcome {
        let known = try contentID(ofDigest: digests.sha256)
        if let content = present.content, present.state == .indexed, job.purpose != .first, try hasDigest(content) {
            if known == content {
                try write(digests, to: content)
                return try noteSame(job, content: content, reading, at: now)
            }
            switch present.judgement(of: reading) {
            case .damaged: return try noteDamage(job, content: content, at: now)
            case .torn:
                try doubtIfTorn(job.fileID, reading)
                return .stored(files: [], scans: [])
            case .believed: break
            }
        }
        let target: Int64
        if let known {
            target = known
            try improveDescription(of: known, description)
        } else if let content = present.content, try !hasDigest(content) {
            // What a part is, the look that saw the parts beside it has told, and those may be others by now.
            if try !isDescribedPart(job.fileID, by: description.version) {
                try describe(content: content, description)
            }
            target = content
        } else {
            target = try insert(description, size: job.size, at: now)
        }
        try write(digests, to: target)
        if let moment = reading.lookupNotBefore {
            try putOffLookup(ofContent: target, until: Timestamp.text(nanoseconds: moment))
        }
        let moved = try pointFiles(of: job, reading, from: present.content, to: target, at: now)
        var scans = try noteHashed(moved, bytes: job.size, isAskedAbout: try isAskedAbout(content: target))
        if let scan = present.scan { scans.insert(scan) }
        if let old = present.content, old != target {
            if try hasDigest(old) {
                let files = moved.map(\.id)
                try noteChange(files, of: job)
                return .foundOther(files: files, content: target)
            }
            try moveWishes(fromContent: old, to: target)
            try moveUserFields(fromContent: old, to: target)
            try dropIfUnused(content: old)
        }
        return .stored(files: moved.map(\.id), scans: scans)
    }

    private func contentID(ofDigest sha256: String) throws -> Int64? {
        try connection.firstRow("SELECT id FROM contents WHERE sha256 = ?", [.text(sha256)]) { $0.integer(0) }
    }

    private func isDescribedPart(_ id: Int64, by version: Int64) throws -> Bool {
        try connection.firstRow(
            """
            SELECT 1 FROM local_files f JOIN contents c ON c.id = f.content_id
            WHERE f.id = ? AND f.part_count IS NOT NULL AND f.look IS NOT NULL AND c.described_by >= ?
            """, [.integer(id), .integer(version)]
        ) { _ in true } ?? false
    }

    /// Fills in digests; one that is there is never replaced by nothing.
    private func write(_ digests: ContentDigests, to content: Int64) throws {
        try connection.run(
            """
            UPDATE contents SET sha256 = ?, autov1 = coalesce(?, autov1), autov2 = ?, autov3 = coalesce(?, autov3),
                autov3_full = coalesce(?, autov3_full), crc32 = ?, blake3 = coalesce(?, blake3) WHERE id = ?
            """,
            [
                .text(digests.sha256), Value(digests.autoV1), .text(digests.autoV2), Value(digests.autoV3),
                Value(digests.autoV3Full), .text(digests.crc32), Value(digests.blake3), .integer(content),
            ])
    }

    private struct AnsweredFile {
        let id: Int64
        let scan: Int64?
    }

    /// The file that was read, and every other link to it that waits to be read, is damaged or in doubt, get the content.
    ///
    /// Copies share a content too, but one of them may be damaged: what was read of one says nothing of the others.
    private func pointFiles(
        of job: HashJob, _ reading: ReadingCircumstances, from old: Int64?, to target: Int64, at now: String
    ) throws -> [AnsweredFile] {
        let sharesUnread = try old.map { try $0 == target || !hasDigest($0) } ?? false
        let files = try connection.rows(
            """
            SELECT id, scan_id FROM local_files
            WHERE id = ?1 OR (content_id = ?3 AND size = ?4 AND mtime_ns = ?5
                            AND (?2 AND state IN ('pending', 'error')
                                OR state = 'indexed' AND (damaged = 1 OR read_again = 1))
                            AND (inode, file_system_id) IS (SELECT inode, file_system_id FROM local_files WHERE id = ?1))
            """,
            [
                .integer(job.fileID), Value(sharesUnread), Value(old), .integer(job.size), .integer(job.modified),
            ]
        ) { AnsweredFile(id: $0.integer(0), scan: $0.integerOrNil(1)) }
        for file in files {
            try connection.run(
                """
                UPDATE local_files SET content_id = ?2, state = 'indexed', error = NULL, held = 0,
                    damaged = 0, lacks_digests = 0, read_again = iif(?4, 0, read_again),
                    attempts = 0, next_attempt_at = NULL, scan_id = NULL, updated_at = ?3 WHERE id = ?1
                """, [.integer(file.id), .integer(target), .text(now), Value(job.purpose != .first)])
            try doubtIfTorn(file.id, reading)
        }
        return files
    }

    private func noteHashed(_ files: [AnsweredFile], bytes: Int64, isAskedAbout: Bool) throws -> Set<Int64> {
        let scans = Set(files.compactMap(\.scan))
        for scan in scans {
            try connection.run(
                """
                UPDATE scan_history SET files_hashed = files_hashed + 1, lookups = lookups + ?3,
                    bytes_hashed = min(9223372036854775807, bytes_hashed + ?1) WHERE id = ?2
                """,
                [.integer(bytes), .integer(scan), Value(isAskedAbout)])
        }
        return scans
    }

    /// True for a content about which CivitAI has not been asked yet.
    private func isAskedAbout(content id: Int64) throws -> Bool {
        try connection.firstRow(
            """
            SELECT 1 FROM civitai_lookups WHERE content_id = ? AND state = 'pending' AND checked_at IS NULL AND attempts = 0
            """, [.integer(id)]
        ) { _ in true } ?? false
    }
}
