import Testing

@testable import Catalog
@testable import Indexing

/// Whom the type and the base model of a file are believed of.
@Suite struct FileJudgeTests {
    /// Evidence in a form that is quick to write.
    struct Case: Sendable, CustomTestStringConvertible {
        var content: String?
        var place: (type: String, source: String)?
        var user: String?
        var civitai: (type: String?, baseModel: String?)?
        /// What CivitAI itself says, in its words.
        var said: (type: String?, baseModel: String?)?
        var linked: (role: StoredLookup.Role, type: String?, fileType: String?, baseModel: String?)?
        var isUnlinked = false
        var embeddedType: String?
        var contentBaseModel: String?
        var architecture: String?
        var possible: [String] = []
        var embedded: [String] = []
        var trainedOn: String?

        let type: String?
        let baseModel: String?

        var testDescription: String { "\(type ?? "no type"), \(baseModel ?? "no base model")" }

        var evidence: FileEvidence {
            var sidecars: [FileEvidence.Sidecar] = []
            // The order of the ranks must not matter, only whose words they are.
            if let civitai {
                sidecars.append(.init(source: .civitai, type: civitai.type, baseModel: civitai.baseModel))
            }
            if let user { sidecars.append(.init(source: .user, type: nil, baseModel: user)) }
            return FileEvidence(
                fileID: 1, userType: said?.type, userBaseModel: said?.baseModel, placeType: place?.type,
                placeTypeSource: place?.source, contentType: content,
                contentBaseModel: contentBaseModel, contentArchitecture: architecture, possibleBaseModels: possible,
                embeddedType: embeddedType, embeddedBaseModels: embedded, trainedOnBaseModel: trainedOn,
                sidecars: sidecars,
                linked: linked.map {
                    FileEvidence.Linked(
                        role: $0.role, modelType: $0.type, fileType: $0.fileType, baseModel: $0.baseModel)
                }, isUnlinked: isUnlinked, isDangerous: false, wasDangerous: false)
        }
    }

    private func judged(_ evidence: FileEvidence) -> (type: String?, baseModel: String?) {
        let judgement = FileJudge.judge(evidence)
        func said(_ word: String?, _ source: String?) -> String? { word.map { "\($0) by \(source ?? "nobody")" } }
        #expect((judgement.type == nil) == (judgement.typeSource == nil))
        #expect((judgement.baseModel == nil) == (judgement.baseModelSource == nil))
        return (
            said(judgement.type, judgement.typeSource), said(judgement.baseModel, judgement.baseModelSource)
        )
    }

    private static let types: [Case] = [
        Case(type: nil, baseModel: nil),
        // What a person says stands above all, also above what the bytes say.
        Case(
            content: "lora", place: ("vae", "root"), said: ("embedding", "Pony"), contentBaseModel: "SD 1.5",
            type: "embedding by user", baseModel: "Pony by user"),
        Case(content: "lora", said: (nil, "Pony"), type: "lora by content", baseModel: "Pony by user"),
        Case(
            content: "lora", place: ("vae", "root"), civitai: ("checkpoint", nil), embeddedType: "embedding",
            type: "lora by content", baseModel: nil),
        Case(
            place: ("vae", "root"), civitai: ("checkpoint", nil), embeddedType: "embedding", type: "vae by root",
            baseModel: nil),
        Case(
            place: ("vae", "folder"), civitai: ("checkpoint", nil), embeddedType: "embedding",
            type: "vae by folder", baseModel: nil),
        Case(
            user: "SD 1.5", civitai: ("checkpoint", nil), embeddedType: "embedding", type: "checkpoint by sidecar",
            baseModel: "SD 1.5 by sidecar"),
        Case(embeddedType: "embedding", type: "embedding by metadata", baseModel: nil),
        // CivitAI goes before what others have written down of it, and behind what people say.
        Case(
            civitai: ("checkpoint", nil), linked: (.model, "LoCon", "Model", nil), type: "lora by civitai",
            baseModel: nil),
        Case(place: ("vae", "root"), linked: (.model, "LORA", nil, nil), type: "vae by root", baseModel: nil),
        // A component is what its file is, whatever the model is.
        Case(linked: (.component, "Checkpoint", "VAE", "SD 1.5"), type: "vae by civitai", baseModel: nil),
        Case(linked: (.component, "Checkpoint", "Model", "SD 1.5"), type: nil, baseModel: nil),
        // Who has undone a link does not want it back by way of a sidecar.
        Case(civitai: ("checkpoint", "Pony"), isUnlinked: true, type: nil, baseModel: nil),
    ]

    @Test(arguments: types) func theFirstThatTellsTheTypeIsBelieved(one: Case) {
        let answer = judged(one.evidence)
        #expect(answer == (one.type, one.baseModel))
    }

    private static let sdxl = [
        "SDXL 1.0", "SDXL 0.9", "SDXL 1.0 LCM", "SDXL Lightning", "SDXL Hyper", "SDXL Turbo", "SDXL Distilled", "Pony",
        "Illustrious", "NoobAI", "Playground v2",
    ]

    private static func xl(
        user: String? = nil, civitai: String? = nil, linked: String? = nil, embedded: [String] = [],
        trainedOn: String? = nil, _ answer: String
    ) -> Case {
        Case(
            user: user, civitai: civitai.map { (nil, $0) }, linked: linked.map { (.model, nil, nil, $0) },
            contentBaseModel: "SDXL 1.0", architecture: "sdxl",
            possible: sdxl, embedded: embedded, trainedOn: trainedOn, type: nil, baseModel: answer)
    }

    private static let baseModels: [Case] = [
        xl("SDXL 1.0 by content"),
        // A plain name tells no more than the tensors do, and Other and Unknown tell less.
        xl(user: "SDXL 1.0", "SDXL 1.0 by content"),
        xl(civitai: "Other", "SDXL 1.0 by content"),
        xl(civitai: "Unknown", "SDXL 1.0 by content"),
        xl(user: "SDXL 1.0", civitai: "Pony", embedded: ["SDXL 1.0"], "Pony by sidecar"),
        xl(civitai: "Illustrious", embedded: ["Pony"], "Illustrious by sidecar"),
        xl(user: "NoobAI", civitai: "Illustrious", "NoobAI by sidecar"),
        xl(civitai: "Illustrious", linked: "Pony", embedded: ["NoobAI"], "Pony by civitai"),
        xl(civitai: "Illustrious", linked: "SDXL 1.0", "Illustrious by sidecar"),
        xl(user: "NoobAI", linked: "Pony", "NoobAI by sidecar"),
        xl(linked: "SD 1.5", embedded: ["Pony"], "Pony by metadata"),
        xl(linked: "Brand New XL", "Brand New XL by civitai"),
        xl(civitai: "Other", embedded: ["Pony"], "Pony by metadata"),
        xl(embedded: ["SDXL 1.0", "Pony"], "Pony by metadata"),
        xl(embedded: ["SDXL 1.0"], trainedOn: "Pony", "Pony by metadata"),
        xl(embedded: ["Illustrious"], trainedOn: "Pony", "Illustrious by metadata"),
        // Of another architecture.
        xl(user: "SD 1.5", civitai: "Flux.1 D", embedded: ["SD 3.5"], trainedOn: "Pony V7", "SDXL 1.0 by content"),
        xl(user: "SD 1.5", civitai: "Pony", "Pony by sidecar"),
        // A word that CivitAI made since.
        xl(civitai: "Brand New XL", "Brand New XL by sidecar"),
        // The tensors name one and allow no other.
        Case(
            civitai: (nil, "Pony"), contentBaseModel: "Playground v2", architecture: "sdxl",
            possible: ["Playground v2"], type: nil, baseModel: "Playground v2 by content"),
        // The tensors fit several: the others choose among those.
        Case(
            civitai: (nil, "SDXL 1.0"), possible: ["SD 1.5", "SD 2.1"], embedded: ["SD 2.1"], type: nil,
            baseModel: "SD 2.1 by metadata"),
        // Nothing is known of the tensors.
        Case(civitai: (nil, "Other"), type: nil, baseModel: "Other by sidecar"),
        Case(civitai: (nil, "Other"), embedded: ["SDXL 1.0"], type: nil, baseModel: "SDXL 1.0 by metadata"),
        Case(civitai: (nil, "Unknown"), type: nil, baseModel: nil),
        Case(user: "SDXL 1.0", embedded: ["Pony"], type: nil, baseModel: "Pony by metadata"),
        // A place says nothing of base models.
        Case(place: ("lora", "root"), type: "lora by root", baseModel: nil),
    ]

    @Test(arguments: baseModels) func theFirstSpecificNameThatFitsTheTensorsIsBelieved(one: Case) {
        let answer = judged(one.evidence)
        #expect(answer == (one.type, one.baseModel))
    }
}
