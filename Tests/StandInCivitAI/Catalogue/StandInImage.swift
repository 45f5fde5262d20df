/// A model that an image was made with.
package struct StandInResource: Sendable {
    /// `model`, `lora`, `embed` and others.
    package var type: String
    /// nil where only the version is known.
    package var name: String?
    /// As programs write it into images: a part of a hash.
    package var hash: String?
    /// How strong it was.
    package var weight: Double?
    /// The version, where the image was made on CivitAI.
    package var versionID: Int64?

    package init(
        type: String, name: String? = nil, hash: String? = nil, weight: Double? = nil, versionID: Int64? = nil
    ) {
        self.type = type
        self.name = name
        self.hash = hash
        self.weight = weight
        self.versionID = versionID
    }
}

/// An image of a version that the stand-in knows, and serves.
package struct StandInImage: Sendable {
    /// CivitAI's number for the image, which no answer tells but by the URL's file name.
    package let id: Int64
    /// One of CivitAI's level bits; 0 is unrated.
    package var level = 1
    /// `image`, `video`, `audio`.
    package var type = "image"
    /// In pixels.
    package var width = 512
    /// In pixels.
    package var height = 768
    /// A blur hash.
    package var hash: String? = "U5IiO6s-4Vn+0~EO^5xa00VsL#IU_O?E7yWC"
    /// The object `meta` as JSON text; nil where the image has none.
    package var meta: String?
    /// What is added to `meta`.
    package var resources: [StandInResource] = []
    /// The folder of a recorded image.
    var folder: String?
    /// The file name of a recorded image.
    var fileName: String?

    package init(id: Int64, level: Int = 1) {
        self.id = id
        self.level = level
    }
}
