internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import Indexing

/// What people want of CivitAI. Each waits for its answer.
extension APIRequestHandler {
    func link(_ request: LinkRequest) throws -> HTTPResponse {
        try Self.check(request.versionID, key: "version_id")
        guard request.file.count > 0 else {
            guard request.versionID == nil else {
                throw APIProblem(.badRequest, "version_id: it needs a file that is to be linked to the version.")
            }
            try index.lookups.askAgain()
            return try json(civitaiStatus())
        }
        let (file, content) = try selectedContent(request.file)
        try index.lookups.link(content: content, toVersion: request.versionID)
        return try json(answer(of: file))
    }

    func unlink(_ selection: FileSelection) throws -> FileObject {
        let (file, content) = try selectedContent(selection)
        try index.lookups.unlink(content: content)
        return try answer(of: file)
    }

    func cache(_ request: CacheRequest) throws -> CacheAnswer {
        try Self.check(request.modelID, key: "model_id")
        return CacheAnswer(modelID: request.modelID, versions: try index.lookups.cacheModel(request.modelID))
    }

    private func selectedContent(_ selection: FileSelection) throws -> (file: Int64, content: Int64) {
        let file = try selectedFile(selection)
        guard let content = file.contentID else { throw LookupRefusal.notHashed }
        return (file.id, content)
    }

    /// The file as it has become.
    private func answer(of file: Int64) throws -> FileObject {
        let circumstances = index.circumstances
        guard let details = try index.catalog.read({ try $0.file(id: file) }) else {
            throw LookupRefusal.unknownContent
        }
        return FileObject(details, circumstances)
    }

    private static func check(_ number: Int64?, key: String) throws {
        let range = APIRoute.civitaiIDs
        guard let number, !range.contains(number) else { return }
        throw APIProblem(
            .badRequest, "\(key): a whole number from \(range.lowerBound) to \(range.upperBound) is expected.")
    }
}
