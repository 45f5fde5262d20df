internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem
internal import Synchronization

extension APIRequestHandler {
    /// `GET files` and `GET errors`: made page by page while it is sent, so that any number of files fits.
    func replyWithFiles(_ call: Call) throws -> HTTPReply {
        let circumstances = index.circumstances
        var filter = try self.filter(for: call, circumstances)
        filter.troubledOnly = call.route.id == .errors
        let limit = call.query["limit"].flatMap(Int.init)
        let offset = call.query["offset"].flatMap(Int.init) ?? 0
        guard let path = try Self.writtenPath(call.query["path"], base64: call.query["path_base64"]) else {
            return .response(try stream(filter, circumstances, limit: limit, offset: offset))
        }
        filter.path = path
        let wanted = filter
        if try index.catalog.read({ try $0.count(wanted) }) > 0 {
            return .response(try stream(wanted, circumstances, limit: limit, offset: offset))
        }
        // The path may lead to a file by way of links. Following them asks the file system, which may hang.
        return later {
            var resolved = wanted
            resolved.path = index.indexer.catalogPath(for: path) ?? path
            return try stream(resolved, circumstances, limit: limit, offset: offset)
        }
    }

    private func stream(
        _ filter: FileFilter, _ circumstances: FileCircumstances, limit: Int?, offset: Int
    ) throws -> HTTPResponse {
        let total = try index.catalog.read { reader in
            if filter.path != nil { try reader.files(filter, limit: 1).forEach(prefer) }
            return try reader.count(filter)
        }
        let pages = FilePages(
            catalog: index.catalog, filter: filter, circumstances: circumstances, limit: limit ?? .max,
            offset: offset, total: total)
        return HTTPResponse(headers: Self.jsonHeaders, body: .stream { _ in try pages.next() })
    }

    /// The path that a request names in one of its two forms; nil where it names none.
    static func writtenPath(_ text: String?, base64: String?) throws -> FilePath? {
        guard let base64 else { return try text.map { try path($0, parameter: "path") } }
        guard let bytes = Data(base64Encoded: base64), let path = FilePath(bytes: bytes), path.isAbsolute else {
            throw APIProblem(.badRequest, "path_base64: not the bytes of an absolute path.")
        }
        return path.normalized
    }

    /// A path as the API takes it: absolute, in UTF-8 or with bad bytes escaped as the API shows them.
    private static func path(_ text: String, parameter: String) throws -> FilePath {
        guard let path = FilePath(bytes: unescapedBytes(text) ?? Array(text.utf8)), path.isAbsolute else {
            throw APIProblem(.badRequest, "\(parameter): an absolute path is expected.")
        }
        return path.normalized
    }

    private func filter(for call: Call, _ circumstances: FileCircumstances) throws -> FileFilter {
        var filter = FileFilter()
        filter.type = call.query["type"]
        filter.folder = call.query["folder"]
        filter.name = call.query["name"]
        if let states = call.query["state"] { filter.narrow(toStates: states, reading: circumstances.reading) }
        filter.baseModel = call.query["base"]
        if let state = call.query["civitai"] {
            filter.lookup = LookupCondition(
                StoredLookup.State(rawValue: state), isAsking: circumstances.isAskingCivitAI)
        }
        return filter
    }
}

extension FileFilter {
    /// `hashing` is what the workers hold of the pending files.
    fileprivate mutating func narrow(toStates list: String, reading: Set<Int64>) {
        let present = ["pending", "hashing", "indexed", "error"]
        let words = list == Vocabulary.presentState ? present : list.split(separator: ",").map(String.init)
        states = words.compactMap(FileState.init(rawValue:))
        switch (words.contains("pending"), words.contains("hashing")) {
        case (true, false): withoutIDs = reading
        case (false, true): ids = reading
        default: break
        }
    }
}

/// A list of files in pieces of bounded size. Used by one response, on the server's thread.
private final class FilePages: Sendable {
    private struct Position: Sendable {
        var after: FilePath?
        var left: Int
        var offset: Int
        var stage = Stage.opening
    }

    private enum Stage: Sendable {
        case opening, files, closing, done
    }

    private static let pageSize = 200

    private let catalog: ModelCatalog
    private let filter: FileFilter
    private let circumstances: FileCircumstances
    private let total: Int
    private let position: Mutex<Position>

    init(
        catalog: ModelCatalog, filter: FileFilter, circumstances: FileCircumstances, limit: Int, offset: Int, total: Int
    ) {
        self.catalog = catalog
        self.filter = filter
        self.circumstances = circumstances
        self.total = total
        position = Mutex(Position(left: limit, offset: offset))
    }

    func next() throws -> HTTPBodyPiece {
        try position.withLock { position in
            switch position.stage {
            case .opening:
                position.stage = .files
                let page = try files(&position)
                return .bytes(Array(#"{"files":["#.utf8) + page)
            case .files:
                let page = try files(&position)
                return page.isEmpty ? closing(&position) : .bytes([UInt8(ascii: ",")] + page)
            case .closing: return closing(&position)
            case .done: return .end
            }
        }
    }

    private func closing(_ position: inout Position) -> HTTPBodyPiece {
        position.stage = .done
        return .bytes(Array(#"],"total":\#(total)}"#.utf8))
    }

    /// The next page, its objects joined by commas; empty after the last.
    private func files(_ position: inout Position) throws -> [UInt8] {
        let size = min(Self.pageSize, position.left)
        guard size > 0 else {
            position.stage = .closing
            return []
        }
        let (after, offset) = (position.after, position.offset)
        let page = try catalog.read { try $0.files(filter, after: after, limit: size, offset: offset) }
        position.offset = 0
        position.left -= page.count
        position.after = page.last?.path
        if page.count < size { position.stage = .closing }
        var bytes: [UInt8] = []
        for file in page {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += try WireJSON.encode(FileObject(file, circumstances))
        }
        return bytes
    }
}
