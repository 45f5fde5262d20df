internal import Catalog
internal import LinuxSystem
internal import ModelFormats

/// Decides what is answered of a file where its content, its place and what others say of it differ.
enum FileJudge {
    /// The first that says something is believed: content where it is decisive, root or folder, a user's sidecar,
    /// CivitAI's sidecar, what the file says of itself.
    static func judge(_ evidence: FileEvidence) -> FileJudgement {
        var judgement = FileJudgement(isDangerous: evidence.isDangerous)
        let types: [(type: String?, source: String?)] =
            [(evidence.contentType, "content"), (evidence.placeType, evidence.placeTypeSource)]
            + sidecars(evidence).map { ($0.type, "sidecar") } + [(evidence.embeddedType, "metadata")]
        if let (type, source) = types.first(where: { $0.type != nil }) {
            (judgement.type, judgement.typeSource) = (type, source)
        }
        var content = Identification()
        content.baseModel = evidence.contentBaseModel
        content.architecture = evidence.contentArchitecture.flatMap(Architecture.init(rawValue:))
        content.baseModelCandidates = evidence.possibleBaseModels
        let told = sidecars(evidence).compactMap { sidecar in sidecar.baseModel.map { (name: $0, source: "sidecar") } }
        let embedded = evidence.embeddedBaseModels + [evidence.trainedOnBaseModel].compactMap(\.self)
        let choice = BaseModelChoice.choose(
            content: content, candidates: told + embedded.map { (name: $0, source: "metadata") })
        (judgement.baseModel, judgement.baseModelSource) = (choice?.name, choice.map { $0.source ?? "content" })
        return judgement
    }

    /// What the user wrote goes before what CivitAI did.
    private static func sidecars(_ evidence: FileEvidence) -> [FileEvidence.Sidecar] {
        evidence.sidecars.filter { $0.source == .user } + evidence.sidecars.filter { $0.source == .civitai }
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
