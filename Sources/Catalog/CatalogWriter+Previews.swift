internal import SQLite

extension CatalogWriter {
    /// The image of a content is there.
    ///
    /// - Parameter isBeside: true where it lies beside the files, false where it lies in the cache.
    package func notePreview(
        _ preview: DuePreview, mediaType: String, bytes: Int, isBeside: Bool, at now: String
    ) throws {
        try connection.run(
            """
            INSERT INTO content_previews (content_id, state, image_key, media_type, bytes, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET state = ?2, image_key = ?3, media_type = ?4, bytes = ?5, updated_at = ?6,
                attempts = 0, next_check_at = NULL, message = NULL
            """,
            [
                .integer(preview.contentID), .text(isBeside ? "beside" : "stored"), .text(preview.imageKey),
                .text(mediaType), .integer(Int64(bytes)), .text(now),
            ])
    }

    /// The image could not be had.
    package func notePreviewFailure(_ preview: DuePreview, message: String, next: String, at now: String) throws {
        try connection.run(
            """
            INSERT INTO content_previews (content_id, state, image_key, attempts, next_check_at, message, updated_at)
            VALUES (?1, 'error', ?2, 1, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET state = 'error', image_key = ?2, attempts = attempts + 1, next_check_at = ?3, message = ?4,
                updated_at = ?5
            """,
            [.integer(preview.contentID), .text(preview.imageKey), .text(next), .text(message), .text(now)])
    }

    /// The image of a content is not in the cache any more; it may be fetched again.
    package func forgetPreview(ofContent id: Int64) throws {
        try connection.run("DELETE FROM content_previews WHERE content_id = ? AND state = 'stored'", [.integer(id)])
    }

    /// Forgets images above a level.
    ///
    /// - Returns: the digests of their contents.
    package func forgetPreviews(aboveLevel level: Int) throws -> [String] {
        let above = """
            state = 'stored' AND NOT EXISTS (SELECT 1 FROM version_images i
                WHERE i.image_key = content_previews.image_key AND i.nsfw_level BETWEEN 1 AND ?)
            """
        let digests = try connection.rows(
            "SELECT (SELECT sha256 FROM contents WHERE id = content_id) FROM content_previews WHERE \(above)",
            [.integer(Int64(level))]
        ) { $0.text(0) }
        try connection.run("DELETE FROM content_previews WHERE \(above)", [.integer(Int64(level))])
        return digests
    }
}
