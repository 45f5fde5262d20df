/// A model as CivitAI describes it, or as much of it as the description of a version tells.
///
/// A nil, here and in all records, is something that was not said: it never stands for "none", and never replaces what
/// is known. Words of CivitAI's vocabularies are kept as they are, known or not.
package struct CivitAIModel: Sendable, Hashable {
    package let id: Int64
    package var name: String?
    /// CivitAI's word, such as `Checkpoint`, `LORA`, `TextualInversion`.
    package var type: String?
    /// HTML.
    package var description: String?
    package var isNSFW: Bool?
    /// CivitAI's level bits: 1 PG, 2 PG-13, 4 R, 8 X, 16 XXX, 32 blocked; 0 is unrated.
    package var nsfwLevel: Int64?
    /// It shows a real person.
    package var isPersonOfInterest: Bool?
    package var isMinor: Bool?
    package var isSafeOnly: Bool?
    /// `Archived` or `TakenDown`.
    package var mode: String?
    package var availability: String?
    package var supportsGeneration: Bool?
    package var creator: CivitAICreator?
    package var licence = CivitAILicence()
    package var statistics = CivitAIStatistics()
    package var tags: [String]?
    /// In the creator's order; empty also where the server has lost them for the moment, so it never means "none".
    package var versions: [CivitAIVersion] = []

    package init(id: Int64) { self.id = id }
}

/// Who published a model.
package struct CivitAICreator: Sendable, Hashable {
    package let username: String
    package var imageURL: String?

    package init(username: String, imageURL: String? = nil) {
        self.username = username
        self.imageURL = imageURL
    }
}

/// What the creator allows.
package struct CivitAILicence: Sendable, Hashable {
    package var allowsNoCredit: Bool?
    /// `Image`, `RentCivit`, `Rent`, `Sell`, `None`; older answers write them as one string.
    package var allowedCommercialUse: [String]?
    package var allowsDerivatives: Bool?
    package var allowsDifferentLicence: Bool?

    package init() {}
}

/// Figures of a model or of a version. Creators may hide some.
package struct CivitAIStatistics: Sendable, Hashable {
    package var downloads: Int64?
    package var thumbsUp: Int64?
    package var thumbsDown: Int64?
    package var comments: Int64?
    package var tips: Int64?
    /// The object as it was sent, whose keys vary by year: JSON text.
    package var verbatim: String?

    package init() {}
}
