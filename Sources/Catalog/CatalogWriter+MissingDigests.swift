internal import SQLite

extension CatalogWriter {
    /// Has the files read once more whose contents lack a digest that is wanted now; one file a content, the damaged
    /// ones not.
    ///
    /// - Returns: how many files that are.
    @discardableResult
    package func queueMissingDigests(_ wanted: WantedDigests) throws -> Int {
        let lacking = wanted.lacks().map { "SELECT id FROM contents INDEXED BY \($0.index) WHERE \($0.condition)" }
        guard !lacking.isEmpty else { return 0 }
        return try connection.run(
            """
            UPDATE local_files SET lacks_digests = 1 WHERE id IN (
                SELECT min(f.id) FROM (\(lacking.joined(separator: " UNION "))) c
                    CROSS JOIN local_files f INDEXED BY local_files_content ON f.content_id = c.id
                WHERE f.state = 'indexed' AND f.damaged = 0 AND f.root_id IS NOT NULL
                GROUP BY c.id HAVING max(max(f.lacks_digests, f.read_again)) = 0)
            """)
    }

    /// Marks a file that was read without a digest that has come to be wanted meanwhile.
    func noteLacking(_ wanted: WantedDigests, beyond asked: WantedDigests, ofFile id: Int64) throws {
        for lack in wanted.lacks(beyond: asked) {
            try connection.run(
                """
                UPDATE local_files SET lacks_digests = 1 WHERE id = ? AND state = 'indexed' AND damaged = 0
                    AND content_id IN (SELECT id FROM contents WHERE id = local_files.content_id AND \(lack.condition))
                """, [.integer(id)])
        }
    }
}
