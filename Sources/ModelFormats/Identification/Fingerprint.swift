/// One layout of tensors and what it means: a line of the tables.
///
/// The first line of a table that matches wins, so the more special ones stand before the general.
struct Fingerprint: Sendable {
    /// What a layout says of the base model, in CivitAI's words.
    enum BaseModel: Sendable {
        /// Any of the architecture's; its plain name is the answer.
        case plain
        /// This word, though it may be one of the others.
        case named(String, or: [String])
        /// One of these, and no way to tell which.
        case oneOf([String])
    }

    let architecture: Architecture?
    let baseModel: BaseModel
    /// A refiner, say; nil for what is told by the number of channels.
    let baseModelType: String?
    let conditions: [Condition]
    /// Which public code or documentation says that these names and shapes mean this.
    let evidence: String

    init(
        _ architecture: Architecture?, _ baseModel: BaseModel, baseModelType: String? = nil,
        _ conditions: [Condition], _ evidence: String
    ) {
        self.architecture = architecture
        self.baseModel = baseModel
        self.baseModelType = baseModelType
        self.conditions = conditions
        self.evidence = evidence
    }

    /// A layout that fits every model of an architecture.
    init(_ architecture: Architecture?, _ conditions: [Condition], _ evidence: String) {
        self.init(architecture, .plain, conditions, evidence)
    }

    func matches(_ patterns: TensorPatterns, inAdapter: Bool = false) -> Bool {
        conditions.allSatisfy { $0.isTrue(of: patterns, inAdapter: inAdapter) }
    }

    /// The answer; nil where there is none.
    var name: String? {
        switch baseModel {
        case .plain: architecture?.words.first
        case .named(let word, _): word
        case .oneOf: nil
        }
    }

    /// Every word that the layout allows.
    var candidates: [String] {
        switch baseModel {
        case .plain: architecture?.words ?? []
        case .named(let word, let others): [word] + others
        case .oneOf(let words): words
        }
    }
}

extension Fingerprint {
    /// Whole diffusion networks.
    static let networks = unets + pictureTransformers + videoTransformers
}

extension Fingerprint.BaseModel {
    /// This word and no other.
    static func exactly(_ word: String) -> Fingerprint.BaseModel { .named(word, or: []) }
}
