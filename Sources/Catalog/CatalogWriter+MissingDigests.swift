internal import SQLite

extension CatalogWriter {
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
}
