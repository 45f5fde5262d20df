internal import Catalog
internal import IndexAPI
internal import Indexing

/// `POST set`: what a person says of a content.
extension APIRequestHandler {
    func set(_ request: SetRequest) throws -> FileObject {
        // What is wrong in itself is told before anything is looked up.
        try check(request.file)
        try Self.check(request)
        let baseModel = try known(request.baseModel)
        let file = try selectedFile(request.file)
        guard let content = file.contentID else {
            throw APIProblem(.conflict, "\(file.path) has not been looked at yet; try again in a moment.")
        }
        let isKnown = try index.indexer.changeUserFields(ofContent: content) { fields in
            request.type.apply(to: &fields.type)
            baseModel.apply(to: &fields.baseModel)
            request.notes.apply(to: &fields.notes)
            request.preferredWeight.apply(to: &fields.preferredWeight)
            switch request.trainedWords {
            case .keep: break
            case .clear: fields.trainedWords = []
            case .to(let words): fields.trainedWords = words
            }
        }
        guard isKnown else { throw APIProblem(.notFound, "\(file.path) holds something else by now.") }
        return try self.file(file.id)
    }

    private static func check(_ request: SetRequest) throws {
        guard !request.isEmpty else {
            throw APIProblem(
                .badRequest, "Nothing is said: type, base_model, trained_words, notes or preferred_weight is expected.")
        }
        if case .to(let type) = request.type, !Vocabulary.types.contains(type) {
            throw APIProblem(
                .badRequest, "type: one of \(Vocabulary.types.joined(separator: ", ")) is expected, or null.")
        }
        if case .to(let weight) = request.preferredWeight, !SetRequest.weights.contains(weight) {
            let range = SetRequest.weights
            throw APIProblem(
                .badRequest, "preferred_weight: a number from \(range.lowerBound) to \(range.upperBound) is expected.")
        }
        if case .to(let notes) = request.notes, notes.utf8.count > SetRequest.maximumTextSize {
            throw APIProblem(.badRequest, "notes: at most \(SetRequest.maximumTextSize) bytes.")
        }
        guard case .to(let words) = request.trainedWords else { return }
        guard words.count <= SetRequest.maximumWords,
            words.reduce(0, { $0 + $1.utf8.count }) <= SetRequest.maximumTextSize
        else {
            throw APIProblem(
                .badRequest,
                "trained_words: at most \(SetRequest.maximumWords), in at most \(SetRequest.maximumTextSize) bytes.")
        }
        guard !words.contains(where: { $0.allSatisfy(\.isWhitespace) }) else {
            throw APIProblem(.badRequest, "trained_words: a word is empty; null takes them back.")
        }
    }

    /// The base model as answers spell it.
    private func known(_ change: SetRequest.Change<String>) throws -> SetRequest.Change<String> {
        guard case .to(let name) = change else { return change }
        guard let word = try index.catalog.read({ try $0.baseModel(named: name) }) else {
            throw APIProblem(
                .badRequest,
                "base_model: \"\(name.prefix(80))\" is no base model that CivitAI has, such as SDXL 1.0, Pony or Flux.1 D."
            )
        }
        return .to(word)
    }
}

extension SetRequest.Change {
    fileprivate func apply(to value: inout Value?) {
        switch self {
        case .keep: break
        case .clear: value = nil
        case .to(let new): value = new
        }
    }
}
