package import LinuxSystem
internal import SQLite

/// A content that several present files have.
package struct DuplicateContent: Sendable, Hashable {
    package let sha256: String
    /// Bytes of one file.
    package let size: Int64
    /// Bytes that are there more than once: links to a file, of whichever kind, take no room of their own. Saturated.
    package let wasted: Int64
}

/// One of the files that have a content.
package struct DuplicateFile: Sendable, Hashable {
    package let path: FilePath
    /// As in `FileStatus`, the same for all names of an inode.
    package let device: UInt64
    package let inode: UInt64
    package let isSymbolicLink: Bool
}

/// What is there twice. Of a long list the numbers come first and then the files in pages, so that no answer has to be
/// held as a whole.
extension CatalogReader {
    /// Contents that several files have, by number: what wastes most first, then by digest.
    package func duplicateContents() throws -> [Int64] {
        var found: [(wasted: Int64, digest: UInt64, id: Int64)] = []
        try connection.query(
            """
            SELECT c.id, c.sha256, c.size, sum(f.id = \(Self.firstNameOfItsInode))
            \(Self.fromContentsOfSeveral)
            """
        ) { row in
            // So many digits tell two contents apart wherever only an order is asked for.
            let digest = UInt64(row.text(1).prefix(16), radix: 16) ?? 0
            found.append((Self.wasted(size: row.integer(2), inodes: row.integer(3)), digest, row.integer(0)))
        }
        found.sort { ($1.wasted, $0.digest) < ($0.wasted, $1.digest) }
        return found.map(\.id)
    }

    /// Contents that several files have, in the order of an index, so that SQLite need not sort them.
    private static let fromContentsOfSeveral = """
        FROM local_files f INDEXED BY local_files_content CROSS JOIN contents c ON c.id = f.content_id
        WHERE f.content_id IN (
                SELECT content_id FROM local_files WHERE content_id IS NOT NULL
                GROUP BY content_id HAVING count(*) > 1)
            AND c.sha256 IS NOT NULL AND \(isKnown("f"))
        GROUP BY f.content_id HAVING count(*) > 1
        """

    /// Bytes of all contents that are there more than once. Saturated.
    package func wastedBytes() throws -> Int64 {
        var wasted: Int64 = 0
        try connection.query(
            """
            SELECT c.size, sum(f.id = \(Self.firstNameOfItsInode))
            \(Self.fromContentsOfSeveral)
            """
        ) { row in
            let (sum, overflow) = wasted.addingReportingOverflow(
                Self.wasted(size: row.integer(0), inodes: row.integer(1)))
            wasted = overflow ? .max : sum
        }
        return wasted
    }

    /// What several files have in common; nil where fewer than two have the content now.
    package func duplicate(ofContent id: Int64) throws -> DuplicateContent? {
        try connection.firstRow(
            """
            SELECT c.sha256, c.size, sum(f.id = \(Self.firstNameOfItsInode))
            FROM contents c CROSS JOIN local_files f INDEXED BY local_files_content ON f.content_id = c.id
            WHERE c.id = ? AND c.sha256 IS NOT NULL AND \(Self.isKnown("f")) GROUP BY c.id HAVING count(*) > 1
            """, [.integer(id)]
        ) {
            DuplicateContent(
                sha256: $0.text(0), size: $0.integer(1),
                wasted: Self.wasted(size: $0.integer(1), inodes: $0.integer(2)))
        }
    }

    /// The files that have a content, by path.
    ///
    /// - Parameter after: the path after which the page starts.
    package func duplicateFiles(ofContent id: Int64, after: FilePath?, limit: Int) throws -> [DuplicateFile] {
        try connection.rows(
            """
            SELECT f.file_path, i.device, f.inode, f.symlink
            FROM (SELECT * FROM local_files f INDEXED BY local_files_content
                  WHERE content_id = ? AND file_path > ? AND \(Self.isKnown("f")) ORDER BY file_path LIMIT ?) f
                CROSS JOIN local_files i ON i.id = \(Self.firstNameOfItsInode)
            ORDER BY f.file_path
            """, [.integer(id), .textBytes(after?.bytes ?? []), .integer(Int64(limit))]
        ) { row in
            FilePath(bytes: row.bytes(0)).map {
                DuplicateFile(
                    path: $0, device: row.unsigned(1), inode: row.unsigned(2), isSymbolicLink: row.boolean(3))
            }
        }.compactMap(\.self)
    }

    // MARK: - The same weights

    /// The SHA-256 of nothing, which is the AutoV3 of every file that is only a header.
    private static let digestOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// Sets of different contents with the same bytes behind their headers, each by the number of one of them; by AutoV3.
    ///
    /// The whole digest decides: the twelve digits that CivitAI keeps are few enough to be forged.
    package func contentsWithSameWeights() throws -> [Int64] {
        var found: [Int64] = []
        var short: String?
        /// The contents of one AutoV3 by their whole digest: the first, and whether it is the only one.
        var sets: [String: (first: Int64, isOne: Bool)] = [:]
        func close() {
            found += sets.sorted { $0.key < $1.key }.filter { !$0.value.isOne }.map(\.value.first)
            sets = [:]
        }
        try connection.query(
            """
            SELECT c.autov3, c.autov3_full, c.id FROM contents c INDEXED BY contents_autov3
            WHERE c.autov3 IN (
                    SELECT autov3 FROM contents WHERE autov3 IS NOT NULL GROUP BY autov3 HAVING count(*) > 1)
                AND c.autov3 IS NOT NULL AND c.autov3_full != '\(Self.digestOfNothing)' AND c.sha256 IS NOT NULL
                AND EXISTS (SELECT 1 FROM local_files f INDEXED BY local_files_content
                            WHERE f.content_id = c.id AND \(Self.isKnown("f")))
            ORDER BY c.autov3
            """
        ) { row in
            if row.text(0) != short {
                close()
                short = row.text(0)
            }
            let set = sets[row.text(1)]
            sets[row.text(1)] = (set?.first ?? row.integer(2), set == nil)
        }
        close()
        return found
    }

    /// The AutoV3 of a content in lower case, as CivitAI cuts it; nil where it has none.
    package func autoV3(ofContent id: Int64) throws -> String? {
        try connection.firstRow("SELECT autov3 FROM contents WHERE id = ?", [.integer(id)]) { $0.textOrNil(0) } ?? nil
    }

    /// Files with the same bytes behind their headers as a content has, by path.
    ///
    /// - Parameter after: the path after which the page starts.
    package func filesWithSameWeights(asContent id: Int64, after: FilePath?, limit: Int) throws -> [FilePath] {
        try connection.rows(
            """
            SELECT f.file_path
            FROM contents o CROSS JOIN contents c INDEXED BY contents_autov3
                    ON c.autov3 = o.autov3 AND c.autov3_full = o.autov3_full AND c.sha256 IS NOT NULL
                CROSS JOIN local_files f INDEXED BY local_files_content ON f.content_id = c.id
            WHERE o.id = ? AND c.autov3 IS NOT NULL AND f.file_path > ? AND \(Self.isKnown("f"))
            ORDER BY f.file_path LIMIT ?
            """, [.integer(id), .textBytes(after?.bytes ?? []), .integer(Int64(limit))]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }

    // MARK: - Helpers

    /// True of a row that holds its content as far as is known: not of one that is to be read first, cannot be read, is
    /// gone, or holds other bytes than those of its digest. What is believed here may be deleted elsewhere.
    private static func isKnown(_ row: String) -> String {
        "\(row).state = 'indexed' AND \(row).damaged = 0 AND \(row).root_id IS NOT NULL"
    }

    /// The lowest number among the rows of a content that are names of the same inode as row `f`, or links to it.
    ///
    /// Device numbers and weak ids of file systems change with a reboot while the rows of unchanged files do not, and the
    /// file system of a link is that of its directory. So the time of birth tells inodes of the same number apart; only
    /// where none is kept, the file system does and, for links, the time of modification. A file with one name has no
    /// other, whatever the number: some file systems make their inode numbers up.
    private static let firstNameOfItsInode = """
        (SELECT l.id FROM local_files l INDEXED BY local_files_identity
         WHERE l.inode = f.inode AND l.size = f.size AND l.content_id = f.content_id AND \(isKnown("l"))
            AND (l.id = f.id
                OR (l.links > 1 OR f.links > 1 OR l.symlink = 1 OR f.symlink = 1)
                    AND l.birth_time_ns IS f.birth_time_ns
                    AND (f.birth_time_ns IS NOT NULL
                        OR l.mtime_ns = f.mtime_ns
                            AND (l.symlink = 1 OR f.symlink = 1
                                OR coalesce(l.file_system_id, l.device) IS coalesce(f.file_system_id, f.device))))
         ORDER BY l.id LIMIT 1)
        """

    private static func wasted(size: Int64, inodes: Int64) -> Int64 {
        let (wasted, overflow) = size.multipliedReportingOverflow(by: max(0, inodes - 1))
        return overflow ? .max : wasted
    }
}
