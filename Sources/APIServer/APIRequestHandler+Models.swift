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
        case .model: return try model(call)
        case .updates: return try updates(call)
        case .triggers: return try json(triggers(call))
        case .prompts: return try prompts(call)
        default: throw APIProblem(.notFound, "There is nothing at this path.")
        }
    }

    private func model(_ call: Call) throws -> HTTPResponse {
        let id = call.id ?? 0
        let level = call.query["max_nsfw_level"].flatMap { Int64($0) }
        let found = try index.catalog.read { reader -> (StoredModel, [Int64])? in
            guard let model = try reader.model(id: id) else { return nil }
            return (model, try reader.versions(ofModel: id) ?? [])
        }
        guard let (model, versions) = found else { throw Self.unknownModel(id) }
        let text = String(decoding: try WireJSON.encode(ModelAnswer(model)), as: UTF8.self)
        let pages = NumberedElements(index: index, left: versions[...]) { reader, version in
            try reader.version(id: version, maximumNSFWLevel: level).map { ModelVersion($0) }
        }
        // Some models have hundreds of versions with all their images.
        guard text.hasSuffix(Self.noVersions) else {
            throw APIProblem(.internal, "the answer about a model does not end with its versions")
        }
        return try streamed([
            .text(String(text.dropLast(2))), .elements(pages), .text("]}"),
        ])
    }

    private static let noVersions = #""versions":[]}"#

    private func updates(_ call: Call) throws -> HTTPResponse {
        var filter = UpdateFilter()
        filter.type = call.query["type"]
        filter.baseModel = call.query["base"]
        filter.includesOtherBaseModels = call.query["all"] == "true"
        let limit = call.query["limit"].flatMap(Int.init) ?? .max
        let offset = call.query["offset"].flatMap(Int.init) ?? 0
        let wanted = filter
        let all = try index.catalog.read { try $0.updates(wanted, now: Timestamp.text(nanoseconds: WallClock.now)) }
        let page = UpdateElements(index: index, left: all.dropFirst(offset).prefix(limit))
        return try streamed([.text(#"{"total":\#(all.count),"updates":["#), .elements(page), .text("]}")])
    }

    private func triggers(_ call: Call) throws -> TriggersAnswer {
        let file = try selectedFile(FileSelection(query: call.query))
        let (words, source) = file.triggers
        return TriggersAnswer(
            path: file.path.description, pathBase64: file.path.base64UnlessUTF8, words: words, source: source)
    }

    private func prompts(_ call: Call) throws -> HTTPResponse {
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
        return try streamed([
            .text(#"{"prompts":["#), .elements(PromptElements(index: index, level: level, left: versions[...])),
            .text(#"],"total":"#), .count, .text("}"),
        ])
    }

    private static func unknownModel(_ id: Int64) -> APIProblem {
        APIProblem(.notFound, "Nothing is known of the model \(id); kikod-ctl cache \(id) fetches it from CivitAI.")
    }
}

private struct UpdateElements: ElementPages {
    private static let pageSize = 100

    let index: APIIndex
    var left: ArraySlice<ModelUpdate>

    mutating func next() throws -> [[UInt8]] {
        let page = left.prefix(Self.pageSize)
        left = left.dropFirst(Self.pageSize)
        return try index.catalog.read { reader in
            try page.map { update in
                let paths = try reader.installedPaths(ofVersion: update.installed.id)
                return Array(try WireJSON.encode(UpdateObject(update, paths: paths)))
            }
        }
    }
}

/// The prompts of versions by their numbers.
private struct PromptElements: ElementPages {
    let index: APIIndex
    let level: Int64?
    var left: ArraySlice<Int64>

    mutating func next() throws -> [[UInt8]] {
        while let version = left.popFirst() {
            let prompts = try index.catalog.read { try $0.prompts(ofVersion: version, maximumNSFWLevel: level) }
            if !prompts.isEmpty { return try prompts.map { Array(try WireJSON.encode(PromptObject($0))) } }
        }
        return []
    }
}
