internal import Catalog
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension APIRequestHandler {
    /// The candidates that a message names at most.
    private static let candidateLimit = 10

    /// The file that a selection names; of several with the same content a present one. May follow links, and so block.
    func selectedFile(_ selection: FileSelection) throws -> FileDetails {
        try check(selection)
        if let hash = selection.hash { return try file(withHash: hash) }
        let file = try selection.id.map(file(withID:)) ?? file(atPathOf: selection)
        prefer(file)
        return file
    }

    /// Refuses what names no file or several, before anything is looked up.
    func check(_ selection: FileSelection) throws {
        guard selection.count == 1 else {
            throw APIProblem(.badRequest, "Exactly one of path, path_base64, hash and id is expected.")
        }
        if let hash = selection.hash, !APIParameter.isHash(hash) {
            throw APIProblem(.badRequest, "hash: 8 to 64 hexadecimal digits are expected.")
        }
        if let id = selection.id, id < 1 {
            throw APIProblem(.badRequest, "id: a whole number from 1 to \(Int64.max) is expected.")
        }
    }

    private func file(withID id: Int64) throws -> FileDetails {
        guard let file = try index.catalog.read({ try $0.file(id: id) }) else {
            throw APIProblem(.notFound, "There is no file with the number \(id).")
        }
        return file
    }

    private func file(withHash hash: String) throws -> FileDetails {
        let (_, files) = try index.catalog.read { try $0.lookup(hash.lowercased()) }
        guard let first = files.first else { throw APIProblem(.notFound, "No file has the hash \(hash).") }
        guard Set(files.map(\.contentID)).count == 1 else { throw Self.ambiguous(hash, files) }
        return first
    }

    /// The problem with a short hash that several contents have.
    static func ambiguous(_ hash: String, _ files: [FileDetails]) -> APIProblem {
        let names = files.prefix(candidateLimit).map(\.path.description).joined(separator: ", ")
        let rest = files.count > candidateLimit ? " and \(files.count - candidateLimit) more" : ""
        return APIProblem(.conflict, "Several different contents have the hash \(hash): \(names)\(rest).")
    }

    private func file(atPathOf selection: FileSelection) throws -> FileDetails {
        guard let path = try Self.writtenPath(selection.path, base64: selection.pathBase64) else {
            throw APIProblem(.badRequest, "path: an absolute path is expected.")
        }
        func file(at path: FilePath) throws -> FileDetails? {
            var filter = FileFilter()
            filter.path = path
            return try index.catalog.read { try $0.files(filter, limit: 1).first }
        }
        if let file = try file(at: path) { return file }
        if let real = index.indexer.catalogPath(for: path), let file = try file(at: real) { return file }
        throw APIProblem(.notFound, "\(path) is not in the index.")
    }
}

extension FileSelection {
    /// Of the query parameters, which have been checked one by one.
    init(query: [String: String]) {
        self.init(
            path: query["path"], pathBase64: query["path_base64"], hash: query["hash"],
            id: query["id"].flatMap { Int64($0) })
    }
}
