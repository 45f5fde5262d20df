/// What a file beside a model says of it.
package struct SidecarRecord: Sendable, Hashable {
    /// Whose words they are.
    package enum Source: String, Sendable {
        /// The user's, written down by a program that makes images.
        case user
        /// CivitAI's, written down by a program that manages models.
        case civitai
    }

    package let source: Source
    /// The first one that says something of a thing is believed; two of a file differ in source or rank.
    package let rank: Int
    /// The name of the sidecar.
    package let name: [UInt8]
    package var type: String?
    package var baseModel: String?
    package var description: String?
    package var notes: String?
    package var activationText: String?
    package var negativeText: String?
    package var preferredWeight: Double?
    package var modelID: Int64?
    package var versionID: Int64?
    package var modelName: String?
    package var versionName: String?
    package var modelType: String?
    package var trainedWords: [String] = []
    package var creator: String?
    package var nsfwLevel: Int64?
    package var pageURL: String?
    /// Of the files of which it may be about one, or the first digits of them, in lower case; what is about others is
    /// not believed. Empty where it does not say.
    package var sha256: [String] = []
    package var blake3: String?

    /// Bytes of its texts.
    package var textSize: Int {
        ([description, notes, activationText, negativeText].compactMap(\.self) + trainedWords)
            .reduce(0) { $0 + $1.utf8.count }
    }

    package init(source: Source, rank: Int, name: [UInt8]) {
        self.source = source
        self.rank = rank
        self.name = name
    }
}

/// What lies beside a file, as the last look at it found it.
package struct FileSurroundings: Sendable, Hashable {
    /// The place of a file among the parts of one model.
    package struct Part: Sendable, Hashable {
        /// From 1.
        package let index: Int
        package let count: Int
        /// True when every part is there.
        package let isComplete: Bool

        package init(index: Int, count: Int, isComplete: Bool) {
            self.index = index
            self.count = count
            self.isComplete = isComplete
        }
    }

    /// What the look went by; another value says that it is to be repeated. nil where it could not see all.
    package var look: Int64?
    package var sidecars: [SidecarRecord] = []
    /// The name of an image.
    package var preview: [UInt8]?
    /// nil for a file that is a model by itself.
    package var part: Part?

    package init(look: Int64?) { self.look = look }
}
