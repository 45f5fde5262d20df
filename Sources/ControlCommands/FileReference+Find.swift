internal import APIClient
internal import IndexAPI
internal import LinuxSystem

extension FileReference {
    /// The one file that is meant, with all that is known of it.
    func find(_ run: CommandRun) throws -> APIAnswer<FileObject> { try run.client.file(id: try identify(run)) }

    /// The number of the one file that is meant; of a number alone it is not asked whether there is such a file.
    func identify(_ run: CommandRun) throws -> Int64 {
        if case .id(let id) = self { return id }
        let found = try candidates(run)
        guard let first = found.first(where: { $0.state != "missing" }) ?? found.first else {
            throw CommandFailure(message: "\(subject): nothing in the index has it.")
        }
        // Copies are one answer; different contents are a question.
        let contents = Set(found.map { $0.sha256 ?? "id \($0.id)" })
        guard contents.count == 1 else { throw AmbiguousReference(subject: subject, files: found) }
        return first.id
    }

    private func candidates(_ run: CommandRun) throws -> [FileObject] {
        switch self {
        case .id: return []
        case .path(let path):
            let parameter = PathParameter(path)
            var filter = FileFilter()
            filter.path = parameter.text
            filter.pathBase64 = parameter.base64
            return try run.client.files(filter).value.files
        case .name(let name):
            var filter = FileFilter()
            filter.name = name
            return try run.client.files(filter).value.files
        case .hash(let hash, let kind):
            let files = try run.client.lookup([hash]).value.results.flatMap(\.files)
            return files.filter { file in
                switch kind {
                case .any: true
                case .sha256: file.sha256?.hasPrefix(hash) == true
                case .blake3: file.hashes.blake3?.lowercased().hasPrefix(hash) == true
                }
            }
        }
    }

    /// The reference as messages name it.
    private var subject: String {
        switch self {
        case .path(let path): displayed(path.description)
        case .id(let id): "id:\(id)"
        case .hash(let hash, _): hash
        case .name(let name): displayed(name)
        }
    }
}

/// A short hash or a name that several different contents have.
struct AmbiguousReference: Error {
    let subject: String
    let files: [FileObject]
}
