package import LinuxSystem
internal import SQLite

/// Changes of the catalogue, inside one transaction of the writing thread.
package struct CatalogWriter {
    let connection: Connection

    /// Questions that are answered from the state that the transaction has made so far.
    package var reader: CatalogReader { CatalogReader(connection: connection) }

    /// The content that a file is given.
    package enum Content: Sendable {
        /// Not looked at yet.
        case unknown
        /// Looked at for the first time.
        case new(ContentDescription)
        /// The same as that of another file: a hard link, or a link to it.
        case shared(id: Int64)
    }

    // MARK: - Files

    /// Adds a file that was never seen at its path.
    ///
    /// A shared content that has its digest makes the file `indexed` at once. Should the path have a row all the same,
    /// one that belonged to another root or to none when it was asked for, that row becomes the file's.
    @discardableResult
    package func add(
        _ file: ObservedFile, content: Content, held: Bool, scan: Int64?, at now: String
    ) throws -> Int64 {
        let contentID = try resolve(content, size: file.status.size, at: now)
        let state: FileState = try hasDigest(contentID) ? .indexed : .pending
        let added = try connection.run(
            """
            INSERT INTO local_files (file_path, shown_path, root_id, folder, name, place_type, place_type_source, size, mtime_ns,
                ctime_ns, inode, device, file_system_id, birth_time_ns, links, symlink, content_id, state, held,
                scan_id, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (file_path) DO NOTHING
            """,
            placeValues(file) + statusValues(file) + [
                Value(contentID), .text(state.rawValue), Value(held && state == .pending),
                state == .pending ? Value(scan) : nil, .text(now), .text(now),
            ])
        guard added == 0, let known = try fileID(at: file.path) else {
            let id = connection.lastInsertedRowID
            try shareDamage(with: id)
            return id
        }
        let content = contentID.map { Content.shared(id: $0) } ?? .unknown
        try replaceContent(of: known, file, content: content, held: held, scan: scan, at: now)
        return known
    }

    /// The file at a known path holds something else now: its old content leaves it, the new one is to be read.
    package func replaceContent(
        of id: Int64, _ file: ObservedFile, content: Content, held: Bool, scan: Int64?, at now: String
    ) throws {
        let old = try contentID(ofFile: id)
        try keepCopy(of: id, replacedBy: file, at: now)
        let contentID = try keepWords(
            about: old, with: resolve(content, size: file.status.size, at: now), file, at: now)
        let state: FileState = try hasDigest(contentID) ? .indexed : .pending
        try updatePlaceAndStatus(id, file, at: now)
        try loseVerifications(.changed, where: "id = ?", [.integer(id)])
        try connection.run(
            """
            UPDATE local_files SET content_id = ?1, dangerous = iif(content_id IS ?1, dangerous, 0), state = ?,
                error = NULL, held = ?, read_again = 0, lacks_digests = 0, attempts = 0, next_attempt_at = NULL, scan_id = ?, damaged = 0, missing_since = NULL,
                missing_counted_from_ns = NULL, displaced = 0 WHERE id = ?
            """,
            [
                Value(contentID), .text(state.rawValue), Value(held && state == .pending),
                state == .pending ? Value(scan) : nil, .integer(id),
            ])
        try shareDamage(with: id)
        if let old, old != contentID { try dropIfUnused(content: old) }
    }

    /// What people have said of a content that was never hashed, they have said of the file at its path: it goes over to
    /// what that holds now.
    ///
    /// - Returns: the content that the file is given: a new one where there was none that could hold the words.
    private func keepWords(about old: Int64?, with new: Int64?, _ file: ObservedFile, at now: String) throws -> Int64? {
        guard let old, old != new, try !hasDigest(old), try hasWords(about: old) else { return new }
        let target = try new ?? insert(ContentDescription(format: nil), size: file.status.size, at: now)
        try moveWishes(fromContent: old, to: target)
        try moveUserFields(fromContent: old, to: target)
        return target
    }

    /// True where a person has said something of a content, or what it is at CivitAI.
    private func hasWords(about content: Int64) throws -> Bool {
        try connection.firstRow("SELECT \(Self.hasWords("?1"))", [.integer(content)]) { $0.boolean(0) } ?? false
    }

    static func hasWords(_ content: String) -> String {
        """
        (EXISTS (SELECT 1 FROM user_fields WHERE content_id = \(content))
            OR EXISTS (SELECT 1 FROM civitai_lookups
                WHERE content_id = \(content) AND (state = 'unlinked' OR match = 'pinned')))
        """
    }

    /// Where another inode took the path, the file that was there may have moved: what is known of it is kept out of
    /// every answer, at a path that is nobody's, until its inode is seen somewhere.
    private func keepCopy(of id: Int64, replacedBy file: ObservedFile, at now: String) throws {
        let columns = """
            name, folder, type, type_source, place_type, place_type_source, look, size, mtime_ns, ctime_ns, inode, device, file_system_id, birth_time_ns,
            links, symlink, content_id, damaged, created_at
            """
        // No path begins without a slash.
        try connection.run(
            """
            INSERT INTO local_files (\(columns), file_path, state, missing_since, missing_counted_from_ns,
                displaced, updated_at)
            SELECT \(columns), 'displaced ' || lower(hex(randomblob(8))), 'missing', ?2, ?3,
                1, ?2 FROM local_files
            WHERE id = ?1 AND inode != ?4 AND symlink = 0
                AND (SELECT sha256 FROM contents WHERE id = content_id) IS NOT NULL
            """, [.integer(id), .text(now), Value(Timestamp.nanoseconds(now)), Value(unsigned: file.status.inode)])
    }

    /// The file is the one that is known, perhaps under a new path or with another inode; its content stays.
    ///
    /// A file in error is worth another try: what has changed may be the right to read it.
    ///
    /// - Parameter readAgain: true to have it read once more when nothing else waits.
    package func keepContent(of id: Int64, _ file: ObservedFile, readAgain: Bool, at now: String) throws {
        try updatePlaceAndStatus(id, file, at: now)
        try connection.run(
            """
            UPDATE local_files SET missing_since = NULL, missing_counted_from_ns = NULL, displaced = 0,
                read_again = CASE WHEN ?2 THEN 1 ELSE read_again END,
                next_attempt_at = CASE WHEN state = 'error' THEN NULL ELSE next_attempt_at END,
                state = CASE WHEN state = 'error' THEN 'pending'
                             WHEN state != 'missing' THEN state
                             WHEN (SELECT sha256 FROM contents WHERE id = content_id) IS NULL THEN 'pending'
                             ELSE 'indexed' END
            WHERE id = ?1
            """, [.integer(id), Value(readAgain)])
    }

    /// The file is found under another path.
    ///
    /// - Parameters:
    ///   - displaced: the row that has this path. Its file may have moved on, so it is kept out of every answer, at the
    ///     path that is free now, until its inode is seen somewhere or the path is taken.
    ///   - readAgain: true to have it read once more when nothing else waits.
    package func move(
        _ id: Int64, to file: ObservedFile, displacing displaced: Int64?, readAgain: Bool = false, at now: String
    ) throws {
        guard let displaced, displaced != id else {
            return try keepContent(of: id, file, readAgain: readAgain, at: now)
        }
        let old = try connection.firstRow(
            "SELECT file_path, shown_path, folder, name FROM local_files WHERE id = ?", [.integer(id)]
        ) { row in (0..<4).map { row.value($0) } }
        guard let old else { throw CatalogError(.database, "file \(id) is not in the catalogue any more") }
        // No path begins without a slash, so this is nobody's.
        try connection.run(
            "UPDATE local_files SET file_path = 'displaced ' || id WHERE id = ?", [.integer(displaced)])
        try keepContent(of: id, file, readAgain: readAgain, at: now)
        try loseVerifications(.changed, where: "id = ?", [.integer(displaced)])
        try connection.run(
            """
            UPDATE local_files SET file_path = ?, shown_path = ?, folder = ?, name = ?, root_id = NULL,
                state = 'missing', missing_since = ?, missing_counted_from_ns = ?, displaced = 1,
                read_again = 0, scan_id = NULL WHERE id = ?
            """, old + [.text(now), Value(Timestamp.nanoseconds(now)), .integer(displaced)])
    }

    /// Files that are proven not to be where they were. One that has got another path meanwhile is left as it is.
    ///
    /// - Returns: those that were not missing before.
    @discardableResult
    package func markMissing(
        _ files: [(id: Int64, path: FilePath)], at now: String
    ) throws -> [(id: Int64, path: FilePath)] {
        try files.filter { file in
            try loseVerifications(
                .missing, where: "id = ? AND file_path = ?", [.integer(file.id), .textBytes(file.path.bytes)])
            return try connection.run(
                """
                UPDATE local_files SET state = 'missing', missing_since = ?3, missing_counted_from_ns = ?4,
                    updated_at = ?3, read_again = 0, scan_id = NULL, next_attempt_at = NULL
                WHERE id = ?1 AND file_path = ?2 AND state != 'missing'
                """,
                [.integer(file.id), .textBytes(file.path.bytes), .text(now), Value(Timestamp.nanoseconds(now))]) > 0
        }
    }

    /// Every present file below a path is missing, because the whole place is not there.
    ///
    /// - Parameter inner: places below it that are there all the same.
    package func markMissing(
        below path: FilePath, except inner: [FilePath], at now: String
    ) throws -> [(id: Int64, path: FilePath)] {
        let (lower, upper) = pathRange(below: path)
        let files = try connection.rows(
            """
            SELECT id, file_path FROM local_files
            WHERE file_path > ? AND file_path < ? AND state != 'missing' AND root_id IS NOT NULL
            """, [.textBytes(lower), .textBytes(upper)]
        ) { row in FilePath(bytes: row.bytes(1)).map { (id: row.integer(0), path: $0) } }
        let gone = files.compactMap(\.self).filter { file in !inner.contains { file.path.isWithin($0) } }
        return try markMissing(gone, at: now)
    }

    /// A file that is there and cannot be read or asked about now. Its content stays what it was, and a verification
    /// that waits for it has its answer.
    ///
    /// - Parameter unread: true when its content is not known, so that it is in error and not merely noted.
    package func noteTrouble(_ id: Int64, _ message: String, unread: Bool, nextAttempt: String?, at now: String) throws
    {
        try failVerification(ofFile: id, message)
        try connection.run(
            """
            UPDATE local_files SET error = ?2, attempts = attempts + 1, next_attempt_at = ?3, updated_at = ?4,
                scan_id = NULL, read_again = CASE WHEN ?5 THEN 0 ELSE read_again END,
                state = CASE WHEN ?5 THEN 'error' ELSE state END WHERE id = ?1
            """, [.integer(id), .text(message), Value(nextAttempt), .text(now), Value(unread)])
    }

    /// A file in error is worth another try at once.
    package func retry(_ id: Int64, at now: String) throws {
        try connection.run(
            """
            UPDATE local_files SET state = 'pending', next_attempt_at = NULL, updated_at = ?2
            WHERE id = ?1 AND state = 'error'
            """, [.integer(id), .text(now)])
    }

    /// A pending file that could not be reached just now, perhaps because it moved: not before this time again.
    package func postpone(_ id: Int64, until: String) throws {
        try connection.run("UPDATE local_files SET next_attempt_at = ?2 WHERE id = ?1", [.integer(id), .text(until)])
    }

    /// A held file turned out to be complete, or a complete one to be held.
    package func setHeld(_ id: Int64, _ held: Bool, content: ContentDescription?, at now: String) throws {
        try connection.run(
            "UPDATE local_files SET held = ?2, updated_at = ?3 WHERE id = ?1 AND state = 'pending'",
            [.integer(id), Value(held), .text(now)])
        guard let content else { return }
        if let known = try contentID(ofFile: id) { return try describe(content: known, content) }
        let size = try connection.firstRow("SELECT size FROM local_files WHERE id = ?", [.integer(id)]) {
            $0.integer(0)
        }
        let inserted = try insert(content, size: size ?? 0, at: now)
        try connection.run(
            "UPDATE local_files SET content_id = ?2 WHERE id = ?1", [.integer(id), .integer(inserted)])
    }

    /// A file that is not read on purpose: listed without digests and with the reason, or with those that it had.
    package func skipReading(_ id: Int64, _ message: String, at now: String) throws {
        try failVerification(ofFile: id, message)
        try connection.run(
            """
            UPDATE local_files SET scan_id = NULL, read_again = 0, lacks_digests = 0, next_attempt_at = NULL,
                error = CASE WHEN (SELECT sha256 FROM contents WHERE id = content_id) IS NULL THEN ?2
                             WHEN state = 'indexed' THEN error END,
                state = 'indexed', updated_at = ?3
            WHERE id = ?1
            """, [.integer(id), .text(message), .text(now)])
    }

    /// Puts every present file that has no digest back into the queue, after a limit has changed.
    package func queueUnread(at now: String) throws {
        try connection.run(
            """
            UPDATE local_files SET state = 'pending', error = NULL, updated_at = ?1
            WHERE state = 'indexed' AND (SELECT sha256 FROM contents WHERE id = content_id) IS NULL
            """, [.text(now)])
    }

    /// Has present files below a path read again as if they were new: what is found is believed.
    ///
    /// - Returns: how many files that are.
    @discardableResult
    package func queueRehash(below path: FilePath, scan: Int64, at now: String) throws -> Int {
        let (lower, upper) = pathRange(below: path)
        let place: [Value] = [.textBytes(path.bytes), .textBytes(lower), .textBytes(upper)]
        try loseVerifications(
            .rehashed, where: "(file_path = ? OR (file_path > ? AND file_path < ?)) AND root_id IS NOT NULL", place)
        return try connection.run(
            """
            UPDATE local_files SET read_again = 0, lacks_digests = 0, state = 'pending', error = NULL, attempts = 0,
                next_attempt_at = NULL, scan_id = ?1, damaged = 0, updated_at = ?2
            WHERE (file_path = ?3 OR (file_path > ?4 AND file_path < ?5))
                AND state IN ('indexed', 'error') AND root_id IS NOT NULL
            """,
            [.integer(scan), .text(now)] + place)
    }

    // MARK: - Helpers

    private func placeValues(_ file: ObservedFile) -> [Value] {
        [
            .textBytes(file.path.bytes), file.path.isUTF8 ? nil : .text(file.path.description), .integer(file.rootID),
            .textBytes(file.folder), .textBytes(file.path.name), Value(file.placeType),
            Value(file.placeTypeSource),
        ]
    }

    private func statusValues(_ file: ObservedFile) -> [Value] {
        let status = file.status
        return [
            .integer(status.size), .integer(status.modified), .integer(status.changed), Value(unsigned: status.inode),
            Value(unsigned: status.device), Value(file.fileSystemID), Value(status.born),
            .integer(Int64(status.links)), Value(file.isSymbolicLink),
        ]
    }

    private func updatePlaceAndStatus(_ id: Int64, _ file: ObservedFile, at now: String) throws {
        let changed = try connection.run(
            """
            UPDATE local_files SET file_path = ?, shown_path = ?, root_id = ?, folder = ?, name = ?, place_type = ?,
                place_type_source = ?, size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, device = ?, file_system_id = ?,
                birth_time_ns = ?, links = ?, symlink = ?, updated_at = ? WHERE id = ?
            """, placeValues(file) + statusValues(file) + [.text(now), .integer(id)])
        // A decision that went by a row that is gone must not pass for done.
        guard changed == 1 else { throw CatalogError(.database, "file \(id) is not in the catalogue any more") }
    }

    private func fileID(at path: FilePath) throws -> Int64? {
        try connection.firstRow("SELECT id FROM local_files WHERE file_path = ?", [.textBytes(path.bytes)]) {
            $0.integer(0)
        }
    }

    func contentID(ofFile id: Int64) throws -> Int64? {
        try connection.firstRow("SELECT content_id FROM local_files WHERE id = ?", [.integer(id)]) {
            $0.integerOrNil(0)
        } ?? nil
    }

    func hasDigest(_ content: Int64?) throws -> Bool {
        guard let content else { return false }
        return try connection.firstRow("SELECT sha256 IS NOT NULL FROM contents WHERE id = ?", [.integer(content)]) {
            $0.boolean(0)
        } ?? false
    }

    private func resolve(_ content: Content, size: Int64, at now: String) throws -> Int64? {
        switch content {
        case .unknown: nil
        // It may have become one with another content meanwhile; then the file is read.
        case .shared(let id):
            try connection.firstRow("SELECT id FROM contents WHERE id = ?", [.integer(id)]) { $0.integer(0) }
        case .new(let description): try insert(description, size: size, at: now)
        }
    }

    func insert(_ description: ContentDescription, size: Int64, at now: String) throws -> Int64 {
        try connection.run(
            "INSERT INTO contents (size, created_at) VALUES (?, ?)", [.integer(size), .text(now)])
        let id = connection.lastInsertedRowID
        try describe(content: id, description)
        return id
    }

    /// A content that was never read to its end is worth nothing without a file. One with a digest is kept for ever.
    func dropIfUnused(content id: Int64) throws {
        try connection.run(
            """
            DELETE FROM contents WHERE id = ?1 AND sha256 IS NULL
                AND NOT EXISTS (SELECT 1 FROM local_files WHERE content_id = ?1)
            """, [.integer(id)])
    }
}

/// The smallest and the first too large path of everything below a directory, for a range over `file_path`.
func pathRange(below path: FilePath) -> (lower: [UInt8], upper: [UInt8]) {
    let prefix = path == .root ? [] : path.bytes
    // "/" is followed by "0" in ASCII.
    return (prefix + [UInt8(ascii: "/")], prefix + [UInt8(ascii: "0")])
}
