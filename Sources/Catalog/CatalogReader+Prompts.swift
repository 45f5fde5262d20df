internal import SQLite

/// How an image was made that the creator shows for a version.
package struct StoredPrompt: Sendable, Hashable {
    package let prompt: String
    package let negativePrompt: String?
    package let sampler: String?
    package let steps: Double?
    package let guidance: Double?
    /// A number of any size.
    package let seed: String?
    /// Width and height, as in `512x768`.
    package let size: String?
    package let imageURL: String
    /// One of CivitAI's level bits; nil or 0 is unrated.
    package let nsfwLevel: Int64?
    package var resources: [StoredResource] = []
}

/// A model that an image was made with.
package struct StoredResource: Sendable, Hashable {
    package let type: String?
    package let name: String?
    package let hash: String?
    package let weight: Double?
    /// The version, where CivitAI knows it.
    package let versionID: Int64?
}

extension CatalogReader {
    /// How the images of a version were made, in the creator's order; those of which no prompt is known are left out.
    ///
    /// - Parameter maximumNSFWLevel: images above it, and those that nobody has rated, are left out.
    package func prompts(ofVersion id: Int64, maximumNSFWLevel: Int64? = nil) throws -> [StoredPrompt] {
        let found = try connection.rows(
            """
            SELECT i.id, p.value, \(["negativePrompt", "sampler", "steps", "cfgScale", "seed", "Size"]
                .map(Self.parameter).joined(separator: ", ")), i.url, i.nsfw_level
            FROM version_images i JOIN image_generation_params p ON p.image_id = i.id AND p.key = 'prompt'
            WHERE i.version_id = ?1 AND trim(p.value) != '' AND \(Self.isWithinLevel) ORDER BY i.position, i.id
            """, [.integer(id), Value(maximumNSFWLevel)]
        ) { row in
            (
                image: row.integer(0),
                prompt: StoredPrompt(
                    prompt: row.text(1), negativePrompt: row.textOrNil(2), sampler: row.textOrNil(3),
                    steps: Self.number(row.textOrNil(4)), guidance: Self.number(row.textOrNil(5)),
                    seed: row.textOrNil(6), size: row.textOrNil(7), imageURL: row.text(8),
                    nsfwLevel: row.integerOrNil(9))
            )
        }
        return try found.map { image, prompt in
            var prompt = prompt
            prompt.resources = try resources(ofImage: image)
            return prompt
        }
    }

    private func resources(ofImage id: Int64) throws -> [StoredResource] {
        try connection.rows(
            """
            SELECT type, name, hash, weight, model_version_id FROM image_resources WHERE image_id = ? ORDER BY position
            """, [.integer(id)]
        ) { row in
            StoredResource(
                type: row.textOrNil(0), name: row.textOrNil(1), hash: row.textOrNil(2), weight: row.realOrNil(3),
                versionID: row.integerOrNil(4))
        }
    }

    private static func parameter(_ key: String) -> String {
        "(SELECT value FROM image_generation_params WHERE image_id = i.id AND key = '\(key)')"
    }

    /// What programs write where a number is meant need not be one.
    private static func number(_ text: String?) -> Double? {
        text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
}
