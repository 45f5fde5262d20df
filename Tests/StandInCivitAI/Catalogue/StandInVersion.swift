/// A version of a model that the stand-in knows.
package struct StandInVersion: Sendable {
    /// CivitAI's number for the version.
    package let id: Int64
    /// The title.
    package var name: String
    /// In the order in which they were uploaded.
    package var files: [StandInFile]
    /// In the order of the posts.
    package var images: [StandInImage] = []
    /// Only a published version can be found.
    package var status = StandInStatus.published
    /// A word of CivitAI's list of base models.
    package var baseModel = "SD 1.5"
    /// `Standard`, `Inpainting`, `Refiner`, `Pix2Pix`.
    package var baseModelType: String? = "Standard"
    /// HTML.
    package var description: String?
    /// What has to be in a prompt; a word may hold commas.
    package var trainedWords: [String] = []
    /// CivitAI's level bits.
    package var nsfwLevel = 1
    /// `Public`, `Unsearchable`, `Private`, `EarlyAccess`.
    package var availability = "Public"
    /// `Created` or `Trained`.
    package var uploadType = "Created"
    /// `Download`, `Generation` and others.
    package var usageControl = "Download"
    /// When it was made, as `2024-01-01T00:00:00.000Z`.
    package var createdAt = "2024-01-01T00:00:00.000Z"
    /// When it was changed.
    package var updatedAt = "2024-01-01T00:00:01.000Z"
    /// When it was published, by which the oldest version for a hash is found.
    package var publishedAt: String? = "2024-01-01T00:00:02.000Z"
    /// The object `paidAccess` as JSON text; nil for a version that is free.
    package var paidAccess: String?
    /// nil where the creator hides the figure.
    package var downloads: Int? = 100
    /// How many liked it.
    package var thumbsUp = 10

    package init(id: Int64, name: String = "v1.0", files: [StandInFile] = []) {
        self.id = id
        self.name = name
        self.files = files
    }

    /// The files that answers list; the others are found by their hashes all the same.
    var listedFiles: [StandInFile] { files.filter { $0.isPublic && !$0.isReplaced } }

    /// The place of the primary file among the listed ones; nil without one.
    var primaryIndex: Int? {
        let listed = listedFiles
        if let chosen = listed.firstIndex(where: { $0.isPrimary == true }) { return chosen }
        let candidates = listed.indices.filter { listed[$0].isPrimary == nil }
        return candidates.first { ["Model", "Pruned Model"].contains(listed[$0].type) } ?? candidates.first
    }
}
