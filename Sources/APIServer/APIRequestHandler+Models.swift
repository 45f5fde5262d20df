internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension APIRequestHandler {
    /// What is known of CivitAI's models; called on a thread of its own, since some have hundreds of versions.
    func answerAboutModels(_ call: Call) throws -> HTTPResponse {
        switch call.route.id {
        case .model: return try json(model(call))
        case .updates: return try json(updates(call))
        case .triggers: return try json(triggers(call))
        case .prompts: return try json(prompts(call))
        default: throw APIProblem(.notFound, "There is nothing at this path.")
        }
    }

    private func model(_ call: Call) throws -> ModelAnswer {
        let id = call.id ?? 0
        let level = call.query["max_nsfw_level"].flatMap { Int64($0) }
        guard let model = try index.catalog.read({ try $0.model(id: id, maximumNSFWLevel: level) }) else {
            throw Self.unknownModel(id)
        }
        return ModelAnswer(model)
    }

    private func updates(_ call: Call) throws -> UpdatesAnswer {
        var filter = UpdateFilter()
        filter.type = call.query["type"]
        filter.baseModel = call.query["base"]
        filter.includesOtherBaseModels = call.query["all"] == "true"
        let limit = call.query["limit"].flatMap(Int.init) ?? .max
        let offset = call.query["offset"].flatMap(Int.init) ?? 0
        let wanted = filter
        return try index.catalog.read { reader in
            let all = try reader.updates(wanted, now: Timestamp.text(nanoseconds: WallClock.now))
            let page = try all.dropFirst(offset).prefix(limit).map { update in
                UpdateObject(
                    update, paths: try reader.installedPaths(ofVersion: update.installed.id))
            }
            return UpdatesAnswer(updates: page, total: all.count)
        }
    }

    private func triggers(_ call: Call) throws -> TriggersAnswer {
        let file = try selectedFile(FileSelection(query: call.query))
        let (words, source) = file.triggers
        return TriggersAnswer(
            path: file.path.description, pathBase64: file.path.base64UnlessUTF8, words: words, source: source)
    }

    private func prompts(_ call: Call) throws -> PromptsAnswer {
        let level = call.query["max_nsfw_level"].flatMap { Int64($0) }
        let selection = FileSelection(query: call.query)
        let versions: [Int64]
        if let model = call.query["model_id"].flatMap({ Int64($0) }) {
            guard selection.count == 0 else {
                throw APIProblem(.badRequest, "Either model_id or a file is expected, not both.")
            }
            guard let known = try index.catalog.read({ try $0.versions(ofModel: model) }) else {
                throw Self.unknownModel(model)
            }
            versions = known
        } else {
            let lookup = try selectedFile(selection).lookup
            versions = lookup?.state == .found ? [lookup?.versionID].compactMap(\.self) : []
        }
        return try index.catalog.read { reader in
            PromptsAnswer(
                prompts: try versions.flatMap { try reader.prompts(ofVersion: $0, maximumNSFWLevel: level) }
                    .map(PromptObject.init))
        }
    }

    private static func unknownModel(_ id: Int64) -> APIProblem {
        APIProblem(.notFound, "Nothing is known of the model \(id); kikod-ctl cache \(id) fetches it from CivitAI.")
    }
}
