/// Whether the public sees a model or a version.
package enum StandInStatus: String, Sendable {
    case draft = "Draft"
    case published = "Published"
    case scheduled = "Scheduled"
    case unpublished = "Unpublished"
    case deleted = "Deleted"
}

/// What CivitAI has done to a model that it still shows.
package enum StandInMode: String, Sendable {
    /// Files and downloads are gone.
    case archived = "Archived"
    /// Images are gone.
    case takenDown = "TakenDown"
}

/// Who published a model.
package struct StandInCreator: Sendable {
    /// The name of the account.
    package var username: String
    /// The URL of a picture.
    package var image: String?

    package init(_ username: String, image: String? = nil) {
        self.username = username
        self.image = image
    }
}

/// A model that the stand-in knows; what a test does not say is as it is for most of them.
package struct StandInModel: Sendable {
    /// CivitAI's number for the model.
    package let id: Int64
    /// The title.
    package var name: String
    /// CivitAI's word, such as `Checkpoint`, `LORA`, `TextualInversion`.
    package var type: String
    /// The creator's order, in which the first is the current one.
    package var versions: [StandInVersion]
    /// Only a published model can be found.
    package var status = StandInStatus.published
    /// nil for most models.
    package var mode: StandInMode?
    /// HTML.
    package var description: String? = "<p>A model.</p>"
    /// nil for a deleted account, whose key the answers leave out.
    package var creator: StandInCreator? = StandInCreator("someone")
    /// In their order.
    package var tags: [String] = []
    /// CivitAI's level bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked.
    package var nsfwLevel = 1
    /// What the author says of it, apart from the level.
    package var isNSFW = false
    /// It shows a real person.
    package var isPersonOfInterest = false
    /// It shows minors.
    package var isMinor = false
    /// It is only shown on the site for all ages.
    package var isSafeOnly = false
    /// `Public`, `Unsearchable`, `Private`, `EarlyAccess`.
    package var availability = "Public"
    /// The number of the creator's account.
    package var userID: Int64 = 1
    /// Whether CivitAI makes images with it.
    package var supportsGeneration = true
    /// What the creator allows.
    package var allowsNoCredit = true
    /// `Image`, `RentCivit`, `Rent`, `Sell`.
    package var allowedCommercialUse = ["Image", "RentCivit", "Rent", "Sell"]
    /// Whether others may change it.
    package var allowsDerivatives = true
    /// Whether others may publish it under another licence.
    package var allowsDifferentLicence = true
    /// nil where the creator hides the figure.
    package var downloads: Int? = 100
    /// How many liked it.
    package var thumbsUp = 10
    /// nil where the creator hides the figure.
    package var tips: Int? = 0

    package init(id: Int64, name: String, type: String = "LORA", versions: [StandInVersion] = []) {
        self.id = id
        self.name = name
        self.type = type
        self.versions = versions
    }

    /// The versions that the public sees.
    var publishedVersions: [StandInVersion] {
        status == .published ? versions.filter { $0.status == .published } : []
    }
}

extension StandInModel {
    /// A LoRA of one version with one file.
    package static func lora(
        id: Int64, version: Int64, name: String, sha256: String, bytes: Int64, fileName: String? = nil
    ) -> StandInModel {
        single("LORA", id, version, name, sha256, bytes, fileName)
    }

    /// A checkpoint of one version with one file.
    package static func checkpoint(
        id: Int64, version: Int64, name: String, sha256: String, bytes: Int64, fileName: String? = nil
    ) -> StandInModel {
        single("Checkpoint", id, version, name, sha256, bytes, fileName)
    }

    /// An embedding of one version with one file.
    package static func embedding(
        id: Int64, version: Int64, name: String, sha256: String, bytes: Int64, fileName: String? = nil
    ) -> StandInModel {
        single("TextualInversion", id, version, name, sha256, bytes, fileName)
    }

    private static func single(
        _ type: String, _ id: Int64, _ version: Int64, _ name: String, _ sha256: String, _ bytes: Int64,
        _ fileName: String?
    ) -> StandInModel {
        let file = StandInFile(name: fileName ?? name + ".safetensors", bytes: bytes, sha256: sha256)
        return StandInModel(id: id, name: name, type: type, versions: [StandInVersion(id: version, files: [file])])
    }
}
