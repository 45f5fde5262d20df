internal import Catalog
internal import ModelFormats

/// Decides to which of the versions that CivitAI has for a digest a content is linked, and as what.
enum LinkDecision: Hashable, Sendable {
    case link(ContentLink)
    /// None of them can be it; the sentence says why, for people. nil where there is none at all.
    case none(String?)

    /// The first whose file or model is of the content's type, of those one that is about it and does not only ship it, then
    /// the one with the same file name, then the oldest.
    ///
    /// CivitAI's digests are not always those of the files: a file of another size is another file.
    static func decide(_ evidence: LinkEvidence) -> LinkDecision {
        let possible = evidence.candidates.filter { candidate in
            candidate.match != .sha256 || candidate.file?.sizeKB.map { isSize($0, of: evidence) } ?? true
        }
        let best = possible.min { rank($0, evidence) < rank($1, evidence) }
        guard let best else {
            guard let refused = evidence.candidates.first, let sizeKB = refused.file?.sizeKB else { return .none(nil) }
            return .none(
                "CivitAI's file with this SHA256 (version \(refused.versionID)) has \(bytes(sizeKB)) bytes, not"
                    + " \(evidence.size): it is another one. kikod-ctl link --version links it all the same.")
        }
        return .link(
            ContentLink(
                versionID: best.versionID, modelID: best.modelID, fileID: best.file?.id, match: best.match,
                role: role(best, evidence)))
    }

    /// Whether nothing that is not known could be better: a part of other models may have one of its own.
    static func isBeyondDoubt(_ link: ContentLink, _ evidence: LinkEvidence) -> Bool {
        guard link.role == .model else { return false }
        return evidence.candidates.contains { $0.versionID == link.versionID && isOfType($0, evidence) }
    }

    /// CivitAI sends the 1024th part, as a fraction.
    private static func isSize(_ sizeKB: Double, of evidence: LinkEvidence) -> Bool {
        (sizeKB * 1024).rounded() == Double(evidence.size)
    }

    private static func bytes(_ sizeKB: Double) -> String {
        Int64(exactly: (sizeKB * 1024).rounded()).map(String.init) ?? "other"
    }

    /// Smaller is better.
    private static func rank(_ candidate: LinkEvidence.Candidate, _ evidence: LinkEvidence) -> Rank {
        Rank(
            isOfOtherType: !isOfType(candidate, evidence), isComponent: role(candidate, evidence) == .component,
            isOfOtherName: !hasName(candidate, evidence),
            publishedAt: candidate.publishedAt ?? "~", versionID: candidate.versionID)
    }

    private struct Rank: Comparable {
        let isOfOtherType: Bool
        let isComponent: Bool
        let isOfOtherName: Bool
        /// "~" follows every digit: what was never published comes last.
        let publishedAt: String
        let versionID: Int64

        static func < (left: Rank, right: Rank) -> Bool {
            if left.isOfOtherType != right.isOfOtherType { return right.isOfOtherType }
            if left.isComponent != right.isComponent { return right.isComponent }
            if left.isOfOtherName != right.isOfOtherName { return right.isOfOtherName }
            return (left.publishedAt, left.versionID) < (right.publishedAt, right.versionID)
        }
    }

    // MARK: - Types

    private static func isOfType(_ candidate: LinkEvidence.Candidate, _ evidence: LinkEvidence) -> Bool {
        guard let type = (evidence.contentType ?? evidence.type).flatMap(ModelType.init(rawValue:)) else { return true }
        let told = [
            candidate.file?.type.flatMap(ModelType.init(civitaiFileWord:)),
            candidate.modelType.flatMap(ModelType.init(civitaiWord:)),
        ]
        return told.contains { $0.map { isSame(type, $0) } ?? false }
    }

    /// CivitAI has no word of its own for a transformer or a UNet alone.
    private static func isSame(_ type: ModelType, _ told: ModelType) -> Bool {
        type == told || Set([type, told]) == [.checkpoint, .diffusionModel]
    }

    private static func hasName(_ candidate: LinkEvidence.Candidate, _ evidence: LinkEvidence) -> Bool {
        guard let name = candidate.file?.name else { return false }
        return evidence.names.contains { $0.elementsEqual(name.utf8) }
    }

    /// A VAE or a text encoder that checkpoints ship is none of those checkpoints: what CivitAI says of a checkpoint does
    /// not hold for it.
    private static func role(_ candidate: LinkEvidence.Candidate, _ evidence: LinkEvidence) -> StoredLookup.Role {
        let modelType = candidate.modelType.flatMap(ModelType.init(civitaiWord:))
        let fileType = candidate.file?.type.flatMap(ModelType.init(civitaiFileWord:))
        if let fileType, let modelType, !isSame(fileType, modelType) { return .component }
        let own = evidence.contentType.flatMap(ModelType.init(rawValue:))
        if let own, let modelType, Self.partsOfOthers.contains(own), !isSame(own, modelType) { return .component }
        return .model
    }

    /// What checkpoints are made of, and other models come with.
    private static let partsOfOthers: Set<ModelType> = [.vae, .textEncoder, .clipVision]
}
