internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

/// The API of Kiko-Creator, for programs that were written for it. It knows three types, and nothing that is missing.
extension APIRequestHandler {
    /// kikod's types by Kiko-Creator's.
    private static let types: KeyValuePairs = [
        "checkpoint": ["checkpoint", "diffusion_model"], "lora": ["lora"], "embedding": ["embedding"],
    ]

    func answerAsKikoCreator(_ call: Call) throws -> HTTPResponse {
        switch call.route.id {
        case .kikoCreatorModels, .kikoCreatorNeedsMetadata: return try kikoCreatorModels(call)
        case .kikoCreatorModelByPath: return try json(kikoCreatorModel(FileSelection(path: call.query["path"])))
        case .kikoCreatorModelByHash: return try json(kikoCreatorModel(FileSelection(hash: call.query["hash"])))
        case .kikoCreatorFolders: return try kikoCreatorFolders(call)
        case .kikoCreatorGroups: return try kikoCreatorGroups()
        case .kikoCreatorStats: return try json(kikoCreatorStats())
        case .kikoCreatorHistory:
            let history = try scanHistory(call)
            return try json(KikoCreatorHistoryAnswer(history: history.scans, total: history.total))
        default: throw APIProblem(.notFound, "There is nothing at this path.")
        }
    }

    private func kikoCreatorModels(_ call: Call) throws -> HTTPResponse {
        var filter = Self.filter(type: call.query["type"])
        if let folder = call.query["folder"] {
            // As the answers show them.
            filter.exactFolder =
                folder == KikoCreatorFoldersAnswer.rootFolder ? [] : unescapedBytes(folder) ?? Array(folder.utf8)
        }
        if call.query["hasMetadata"] == "true" { filter.isFound = true }
        if call.route.id == .kikoCreatorNeedsMetadata { (filter.isHashed, filter.isFound) = (true, false) }
        let wanted = filter
        let ids = try index.catalog.read { try $0.ids(wanted) }
        let page = ids.dropFirst(call.query["offset"].flatMap(Int.init) ?? 0)
            .prefix(call.query["limit"].flatMap(Int.init) ?? .max)
        return try streamed([
            .text(#"{"success":true,"models":["#), .elements(Self.kikoCreatorElements(index, page)),
            .text(#"],"count":"#), .count, .text(#","total":\#(ids.count)}"#),
        ])
    }

    private func kikoCreatorModel(_ selection: FileSelection) throws -> KikoCreatorModelAnswer {
        let file: FileDetails?
        if let hash = selection.hash {
            let (_, files) = try index.catalog.read { try $0.lookup(hash.lowercased()) }
            let known = files.filter { KikoCreatorModel.type(of: $0) != nil }
            guard Set(known.map(\.contentID)).count <= 1 else { throw Self.ambiguous(hash, known) }
            file = known.first
        } else {
            let found = try selectedFile(selection)
            file = KikoCreatorModel.type(of: found) == nil ? nil : found
        }
        guard let file, let model = try index.catalog.read({ try KikoCreatorModel(file, $0) }) else {
            throw APIProblem(.notFound, "Model not found")
        }
        return KikoCreatorModelAnswer(model: model)
    }

    private func kikoCreatorFolders(_ call: Call) throws -> HTTPResponse {
        let filter = Self.filter(type: call.query["type"])
        let (folders, total) = try index.catalog.read { (try $0.folders(filter), try $0.count(filter)) }
        @Sendable func name(_ number: Int) throws -> String {
            let folder = folders[number]
            return try Self.text(folder.isEmpty ? KikoCreatorFoldersAnswer.rootFolder : escapedText(folder))
        }
        return try streamed([
            .text(#"{"success":true,"folders":["#),
            .each(folders.indices) { [.text(($0 > 0 ? "," : "") + (try name($0)))] },
            .text(#"],"totalModels":\#(total),"modelsByFolder":{"#),
            .each(folders.indices) { number in
                var filter = filter
                filter.exactFolder = folders[number]
                return [
                    .text((number > 0 ? "," : "") + (try name(number)) + ":["),
                    .elements(try kikoCreatorElements(filter)), .text("]"),
                ]
            }, .text("}}"),
        ])
    }

    private func kikoCreatorGroups() throws -> HTTPResponse {
        let counts = try kikoCreatorStats().stats
        var sections = [JSONSection.text(#"{"success":true,"models":{"#)]
        for (number, type) in Self.types.enumerated() {
            sections += [
                .text((number > 0 ? "," : "") + #""\#(type.key)s":["#),
                .elements(try kikoCreatorElements(Self.filter(type: type.key))), .text("]"),
            ]
        }
        let groupCounts = KikoCreatorGroupsAnswer.Counts(
            checkpoints: counts.checkpoint, loras: counts.lora, embeddings: counts.embedding)
        return try streamed(sections + [.text(#"},"counts":\#(try Self.text(groupCounts))}"#)])
    }

    private func kikoCreatorStats() throws -> KikoCreatorStatsAnswer {
        let (counts, lastScan) = try index.catalog.read { (try $0.kikoCreatorCounts(), try $0.lastScan()) }
        var stats = KikoCreatorStatsAnswer.Stats()
        func count(_ type: String) -> Int {
            Self.types.first { $0.key == type }?.value.reduce(0) { $0 + counts.byType[$1, default: 0] } ?? 0
        }
        stats.checkpoint = count("checkpoint")
        stats.lora = count("lora")
        stats.embedding = count("embedding")
        stats.total = stats.checkpoint + stats.lora + stats.embedding
        stats.withHashes = counts.withHashes
        stats.withMetadata = counts.withMetadata
        stats.lastScan = lastScan?.completedAt ?? lastScan?.startedAt
        return KikoCreatorStatsAnswer(stats: stats)
    }

    private func kikoCreatorElements(_ filter: FileFilter) throws -> any ElementPages {
        Self.kikoCreatorElements(index, try index.catalog.read { try $0.ids(filter) }[...])
    }

    private static func kikoCreatorElements(_ index: APIIndex, _ ids: ArraySlice<Int64>) -> any ElementPages {
        NumberedElements(index: index, left: ids) { reader, id in
            try reader.file(id: id).flatMap { try KikoCreatorModel($0, reader) }
        }
    }

    private static func filter(type: String?) -> FileFilter {
        var filter = FileFilter()
        filter.types = types.filter { type == nil || $0.key == type }.flatMap(\.value)
        filter.states = [.pending, .indexed, .error]
        return filter
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }
}

extension KikoCreatorModel {
    /// The type that Kiko-Creator would have for a file; nil for one that it does not know, or that is missing.
    fileprivate static func type(of file: FileDetails) -> String? {
        guard file.state != .missing else { return nil }
        return switch file.identity.type {
        case "checkpoint", "diffusion_model": "checkpoint"
        case "lora": "lora"
        case "embedding": "embedding"
        default: nil
        }
    }

    /// nil for a file that Kiko-Creator does not know, or that is gone by now.
    fileprivate init?(_ file: FileDetails, _ reader: CatalogReader) throws {
        guard let type = Self.type(of: file), let details = try reader.kikoCreatorDetails(of: file) else { return nil }
        self.init(
            id: file.id, name: escapedText(file.path.name), path: file.path.description,
            folder: escapedText(file.folder), type: type, size: file.size,
            fileModifiedAt: Timestamp.text(nanoseconds: file.modified), scannedAt: details.createdAt,
            updatedAt: details.updatedAt)
        hash = file.digests.sha256?.uppercased()
        let lookup = file.lookup?.state == .found ? file.lookup : nil
        civitaiID = lookup?.versionID
        civitaiModelID = lookup?.modelID
        civitaiModelName = lookup?.version?.modelName
        metadataFetchedAt = lookup?.checkedAt
        description = details.description
        baseModel = file.identity.baseModel
        trainedWords = file.triggers.words
        images = details.images.map {
            KikoCreatorImage(url: $0.url, nsfwLevel: $0.nsfwLevel, width: $0.width, height: $0.height, type: $0.type)
        }
        thumbnailPath = file.preview?.description
        if let downloads = details.downloads { stats["downloadCount"] = downloads }
        if let thumbsUp = details.thumbsUp { stats["thumbsUpCount"] = thumbsUp }
    }
}
