package import LinuxSystem
internal import SQLite

/// Previews that are fetched from CivitAI.
extension CatalogReader {
    /// A picture of the version that a content is linked to, within the level ?1. What is unrated is above every level;
    /// films are never fetched.
    private static let isShowable =
        "o.version_id = l.version_id AND coalesce(o.type, 'image') = 'image' AND o.nsfw_level BETWEEN 1 AND ?1"

    /// Contents without an image of any kind beside them: of each the first picture of its version within a level.
    package func duePreviews(upToLevel level: Int, at now: String, limit: Int) throws -> [DuePreview] {
        try connection.rows(
            """
            SELECT l.content_id, c.sha256, i.url, i.image_key, coalesce(p.attempts, 0)
            FROM civitai_lookups l JOIN contents c ON c.id = l.content_id
                LEFT JOIN content_previews p ON p.content_id = l.content_id
                JOIN version_images i ON i.id = (
                    SELECT o.id FROM version_images o WHERE \(Self.isShowable) ORDER BY o.position, o.id LIMIT 1)
            WHERE l.state = 'found' AND l.role = 'model' AND l.dormant = 0 AND c.sha256 IS NOT NULL
                AND (p.content_id IS NULL OR p.state = 'error' AND (p.next_check_at <= ?2 OR p.image_key != i.image_key)
                    OR p.state = 'stored' AND NOT EXISTS (SELECT 1 FROM version_images o
                        WHERE o.image_key = p.image_key AND \(Self.isShowable)))
                AND NOT EXISTS (SELECT 1 FROM local_files f WHERE f.content_id = c.id AND f.preview IS NOT NULL)
            ORDER BY l.content_id LIMIT ?3
            """, [.integer(Int64(level)), .text(now), .integer(Int64(limit))]
        ) {
            DuePreview(
                contentID: $0.integer(0), sha256: $0.text(1), url: $0.text(2), imageKey: $0.text(3),
                attempts: Int(clamping: $0.integer(4)))
        }
    }

    /// When the next fetch that failed is to be tried again; nil where none is.
    package func nextPreviewTime(after now: String) throws -> String? {
        try connection.firstRow(
            "SELECT min(next_check_at) FROM content_previews WHERE state = 'error' AND next_check_at > ?", [.text(now)]
        ) { $0.textOrNil(0) } ?? nil
    }

    /// The image of a content that lies in the cache, as long as it is one of the version that it is linked to.
    func cachedPreview(ofContent id: Int64) throws -> CachedPreview? {
        try connection.firstRow(
            """
            SELECT c.sha256, p.media_type, i.nsfw_level FROM content_previews p JOIN contents c ON c.id = p.content_id
                JOIN civitai_lookups l ON l.content_id = p.content_id AND l.state = 'found'
                JOIN version_images i ON i.version_id = l.version_id AND i.image_key = p.image_key
            WHERE p.content_id = ? AND p.state = 'stored'
            """, [.integer(id)]
        ) { CachedPreview(sha256: $0.text(0), mediaType: $0.text(1), nsfwLevel: $0.integerOrNil(2)) }
    }

    /// Present files of a content beside which no image lies.
    package func filesWithoutPreview(ofContent id: Int64) throws -> [FilePath] {
        try connection.rows(
            """
            SELECT file_path FROM local_files
            WHERE content_id = ? AND root_id IS NOT NULL AND state = 'indexed' AND symlink = 0 AND preview IS NULL
            ORDER BY file_path LIMIT 100
            """, [.integer(id)]
        ) { FilePath(bytes: $0.bytes(0)) }.compactMap(\.self)
    }
}
