internal import Catalog
internal import LinuxSystem
internal import ModelFormats

/// Decides what is answered of a file where its content, its place and what others say of it differ.
enum FileJudge {
    /// The first that says something is believed: a person, content where it is decisive, root or folder, a user's sidecar,
    /// CivitAI, CivitAI's sidecar, what the file says of itself.
    static func judge(_ evidence: FileEvidence) -> FileJudgement {
        var judgement = FileJudgement(isDangerous: evidence.isDangerous)
        let types: [(type: String?, source: String?)] =
            [
                (evidence.userType, "user"), (evidence.contentType, "content"),
                (evidence.placeType, evidence.placeTypeSource),
            ]
            + sidecars(evidence, .user).map { ($0.type, "sidecar") }
            + [(evidence.linked.flatMap(type)?.rawValue, "civitai")]
            + sidecars(evidence, .civitai).map { ($0.type, "sidecar") } + [(evidence.embeddedType, "metadata")]
        if let (type, source) = types.first(where: { $0.type != nil }) {
            (judgement.type, judgement.typeSource) = (type, source)
        }
        var content = Identification()
        content.baseModel = evidence.contentBaseModel
        content.architecture = evidence.contentArchitecture.flatMap(Architecture.init(rawValue:))
        content.baseModelCandidates = evidence.possibleBaseModels
        // A component fits many models, whatever the one is that it was found with.
        let linked = evidence.linked?.role == .model ? evidence.linked?.baseModel : nil
        let candidates: [(name: String?, source: String)] =
            sidecars(evidence, .user).map { ($0.baseModel, "sidecar") } + [(linked, "civitai")]
            + sidecars(evidence, .civitai).map { ($0.baseModel, "sidecar") }
            + (evidence.embeddedBaseModels + [evidence.trainedOnBaseModel]).map { ($0, "metadata") }
        let choice = BaseModelChoice.choose(
            content: content,
            candidates: candidates.compactMap { candidate in candidate.name.map { (name: $0, source: candidate.source) }
            })
        (judgement.baseModel, judgement.baseModelSource) = (choice?.name, choice.map { $0.source ?? "content" })
        if let said = evidence.userBaseModel {
            (judgement.baseModel, judgement.baseModelSource) = (said, "user")
        }
        return judgement
    }

    private static func sidecars(
        _ evidence: FileEvidence, _ source: SidecarRecord.Source
    ) -> [FileEvidence.Sidecar] {
        // Who has undone a link does not want it back by way of a sidecar.
        if source == .civitai, evidence.isUnlinked { return [] }
        return evidence.sidecars.filter { $0.source == source }
    }

    private static func type(_ linked: FileEvidence.Linked) -> ModelType? {
        switch linked.role {
        case .model: linked.modelType.flatMap(ModelType.init(civitaiWord:))
        case .component: linked.fileType.flatMap(ModelType.init(civitaiFileWord:))
        }
    }

    /// Judges files that wait for it, and tells of those that are dangerous to load since now.
    ///
    /// - Returns: false when some are left for another transaction.
    static func judgeFiles(_ writer: CatalogWriter, telling events: inout [IndexEvent]) throws -> Bool {
        for _ in 0..<Self.rounds {
            let files = try writer.takeFilesToJudge(limit: Self.filesAtOnce)
            for evidence in files {
                let judgement = judge(evidence)
                try writer.store(judgement, ofFile: evidence.fileID)
                guard judgement.isDangerous, !evidence.wasDangerous else { continue }
                let place = try writer.place(ofFile: evidence.fileID)
                if let place, place.isPresent {
                    events.append(IndexEvent(.fileDangerous, fileID: evidence.fileID, path: place.path))
                }
            }
            if files.isEmpty { return true }
        }
        return false
    }

    /// A judgement may have others judged anew: those of what was trained on the model.
    private static let rounds = 8
    private static let filesAtOnce = 500
}
