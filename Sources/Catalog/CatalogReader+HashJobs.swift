package import LinuxSystem
internal import SQLite

extension CatalogReader {
    /// The next files of a root to be read for a purpose, the smallest first.
    ///
    /// - Parameters:
    ///   - excluded: files that are known to the caller.
    ///   - offline: places inside of the root from which nothing can be read now.
    ///   - avoided: devices whose files are passed over.
    package func hashJobs(
        _ purpose: HashJob.Purpose, ofRoot root: Int64, limit: Int, now: String, withoutFiles excluded: Set<Int64> = [],
        outside offline: [FilePath] = [], withoutDevices avoided: Set<UInt64> = []
    ) throws -> [HashJob] {
        var jobs: [HashJob] = []
        // A link to a file that is being read is answered by that reading.
        var links = Set(
            try connection.rows("SELECT content_id, inode FROM local_files WHERE id IN (\(numbers(excluded)))") {
                [$0.integer(0), $0.integer(1)]
            })
        try connection.query(
            """
            SELECT \(Self.jobColumns) FROM local_files \(Self.queue(of: purpose))
                AND root_id = ?1 AND (next_attempt_at IS NULL OR next_attempt_at <= ?2)
                AND id NOT IN (\(numbers(excluded))) AND device NOT IN (\(numbers(Set(avoided.map { Int64(bitPattern: $0) }))))
                \(condition(outside: offline))
            ORDER BY size, id LIMIT ?3
            """, [.integer(root), .text(now), .integer(Int64(limit))]
        ) { row in
            guard let job = Self.job(row, purpose) else { return }
            // Hard links share a content and an inode: reading one of them answers all.
            if let content = job.contentID, !links.insert([content, Int64(bitPattern: job.inode)]).inserted { return }
            jobs.append(job)
        }
        return jobs
    }

    /// The files with these numbers that wait to be read for the first time, in the order of the numbers given.
    package func hashJobs(
        ofFiles ids: [Int64], now: String, ofRoots roots: Set<Int64>, outside offline: [FilePath] = []
    ) throws -> [HashJob] {
        let jobs = try connection.rows(
            """
            SELECT \(Self.jobColumns) FROM local_files
            WHERE id IN (\(numbers(Set(ids)))) AND state IN ('pending', 'error') AND held = 0
                AND (next_attempt_at IS NULL OR next_attempt_at <= ?)
                AND root_id IN (\(numbers(roots)))\(condition(outside: offline))
            """, [.text(now)]
        ) { Self.job($0, .first) }
        let found = Dictionary(jobs.compactMap(\.self).map { ($0.fileID, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { found[$0] }
    }

    /// When one of the files that wait for their next attempt may be read; nil when none waits.
    package func nextAttempt(
        withoutFiles excluded: Set<Int64>, ofRoots roots: Set<Int64>, outside offline: [FilePath] = [],
        purposes: [HashJob.Purpose]
    ) throws -> String? {
        guard !roots.isEmpty, !purposes.isEmpty else { return nil }
        let place = "root_id IN (\(numbers(roots))) AND id NOT IN (\(numbers(excluded)))\(condition(outside: offline))"
        let queues = purposes.map {
            "SELECT min(next_attempt_at) AS next FROM local_files \(Self.queue(of: $0)) AND \(place)"
        }
        return try connection.firstRow("SELECT min(next) FROM (\(queues.joined(separator: " UNION ALL ")))") {
            $0.textOrNil(0)
        } ?? nil
    }

    func numbers(_ ids: Set<Int64>) -> String { ids.sorted().map(String.init).joined(separator: ",") }

    private static let jobColumns = "id, file_path, root_id, content_id, size, mtime_ns, inode, attempts, device"

    /// The files that wait to be read for a purpose, by the index that holds no others.
    private static func queue(of purpose: HashJob.Purpose) -> String {
        switch purpose {
        case .first: "INDEXED BY local_files_to_hash WHERE state IN ('pending', 'error') AND held = 0"
        case .again: "INDEXED BY local_files_to_read WHERE read_again = 1"
        case .verification:
            "INDEXED BY local_files_to_verify WHERE verify_id IS NOT NULL AND state = 'indexed'"
        case .completion:
            // What is in doubt as well is read for that, which answers both.
            "INDEXED BY local_files_to_complete WHERE lacks_digests = 1 AND read_again = 0 AND state = 'indexed'"
        }
    }

    private static func job(_ row: Row, _ purpose: HashJob.Purpose) -> HashJob? {
        guard let path = FilePath(bytes: row.bytes(1)) else { return nil }
        return HashJob(
            fileID: row.integer(0), path: path, rootID: row.integer(2), contentID: row.integerOrNil(3),
            size: row.integer(4), modified: row.integer(5), inode: row.unsigned(6),
            device: row.unsigned(8), attempts: Int(clamping: row.integer(7)), purpose: purpose)
    }
}
