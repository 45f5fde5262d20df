internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing

/// `GET search`.
extension APIRequestHandler {
    private static let usualLimit = 50

    /// How long a search waits for its turn: somebody types, and only the last one is still of interest.
    private static let patience = 10_000

    func search(_ call: Call) throws -> HTTPResponse {
        let query = call.query["q"] ?? ""
        guard !SearchTerms.isTooLong(query) else {
            throw APIProblem(
                .badRequest,
                "q: at most \(SearchTerms.maximumCount) words in at most \(SearchTerms.maximumLength) bytes.")
        }
        let terms = SearchTerms(query)
        var filter = SearchFilter()
        filter.type = call.query["type"]
        filter.baseModel = call.query["base"]
        filter.maximumNSFWLevel = call.query["max_nsfw_level"].flatMap { Int64($0) }
        let limit = call.query["limit"].flatMap(Int.init) ?? Self.usualLimit
        let offset = call.query["offset"].flatMap(Int.init) ?? 0
        guard let turn = searches.take(milliseconds: Self.patience) else {
            throw APIProblem(.unavailable, "Too many searches are under way; try again.")
        }
        let (files, models) = try index.catalog.read { reader in
            if let type = filter.type { filter.civitaiTypes = try reader.civitaiTypes(ofType: type) }
            // Models come with the first page.
            return (
                try reader.search(files: terms, filter), offset == 0 ? try reader.search(models: terms, filter) : []
            )
        }
        withExtendedLifetime(turn) {}
        let circumstances = index.circumstances
        let foundFiles = NumberedElements(index: index, left: files.dropFirst(offset).prefix(limit)) { reader, id in
            try reader.file(id: id).map { FileObject($0, circumstances) }
        }
        let foundModels = NumberedElements(index: index, left: models.prefix(limit)) { reader, id in
            try reader.foundModel(id: id).map { FoundModel($0) }
        }
        return try streamed([
            .text(#"{"files":["#),
            .elements(foundFiles),
            .text(#"],"models":["#), .elements(foundModels),
            .text(#"],"query":"# + String(decoding: try WireJSON.encode(query), as: UTF8.self)),
            .text(#","total":\#(files.count)}"#),
        ])
    }
}

extension FoundModel {
    fileprivate init(_ model: FoundModelRecord) {
        self.init(
            modelID: model.id, name: model.name, type: model.type, creator: model.creator, baseModels: model.baseModels,
            nsfwLevel: model.nsfwLevel, installed: model.isInstalled)
    }
}
