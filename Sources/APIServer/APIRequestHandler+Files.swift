internal import Catalog
internal import FoundationEssentials
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension APIRequestHandler {
    /// `GET files` and `GET errors`.
    func replyWithFiles(_ call: Call) throws -> HTTPReply {
        let circumstances = index.circumstances
        var filter = try self.filter(for: call, circumstances)
        filter.troubledOnly = call.route.id == .errors
        let path = try Self.writtenPath(call.query["path"], base64: call.query["path_base64"])
        filter.path = path
        var files = FileElements(index, filter)
        files.limit = call.query["limit"].flatMap(Int.init) ?? .max
        files.offset = call.query["offset"].flatMap(Int.init) ?? 0
        if call.query["details"] == "true" {
            guard let turn = detailedLists.take() else {
                throw APIProblem(.unavailable, "Other lists with details are being sent; try again.")
            }
            files.details = turn
        }
        let wanted = files
        // Whoever asks for a path is answered at once. Of a list it has to be counted how many fit, which takes its time.
        guard let path else { return later { try answer(wanted) } }
        files.isPrompt = true
        let prompt = files
        if try index.catalog.readPromptly({ try $0.count(prompt.filter) }) > 0 { return .response(try answer(prompt)) }
        // The path may lead to a file by way of links. Following them asks the file system, which may hang.
        return later {
            var resolved = wanted
            resolved.filter.path = index.indexer.catalogPath(for: path) ?? path
            return try answer(resolved)
        }
    }

    private func answer(_ files: FileElements) throws -> HTTPResponse {
        let filter = files.filter
        if filter.path != nil { try files.read { try $0.files(filter, limit: 1).forEach(prefer) } }
        // Files come and go while a long list is sent: of a whole one it is told what it has.
        let isWhole = files.limit == .max && files.offset == 0
        let total = isWhole ? JSONSection.count : .text(String(try files.read { try $0.count(filter) }))
        return try streamed([.text(#"{"files":["#), .elements(files), .text(#"],"total":"#), total, .text("}")])
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

/// Files by path, page by page.
struct FileElements: ElementPages {
    private static let pageSize = 100
    /// What is known of a file may be large, so that fewer of them are made at once than are read.
    private static let elementsSize = 64 << 10

    let index: APIIndex
    var filter: FileFilter
    /// How many are left to be read.
    var limit = Int.max
    var offset = 0
    /// The turn of a list that shows what else only the answer about one file does.
    var details: Turns.Turn?
    /// Many wait for the thread that reads.
    var isPrompt = false
    private var after: FilePath?
    private var page: ArraySlice<FileDetails> = []

    init(_ index: APIIndex, _ filter: FileFilter) {
        self.index = index
        self.filter = filter
    }

    func read<Result: Sendable>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try isPrompt ? index.catalog.readPromptly(body) : index.catalog.read(body)
    }

    mutating func next() throws -> [[UInt8]] {
        if page.isEmpty { page = try nextFiles()[...] }
        let circumstances = index.circumstances
        var elements: [[UInt8]] = []
        var size = 0
        while size < Self.elementsSize, let file = page.popFirst() {
            var object = FileObject(file, circumstances)
            if details != nil { object.show(try read { try $0.extras(of: file) }) }
            let element = try WireJSON.encode(object)
            size += element.count
            elements.append(element)
        }
        return elements
    }

    /// The next page of them; empty at the end.
    mutating func nextFiles() throws -> [FileDetails] {
        let size = min(Self.pageSize, limit)
        guard size > 0 else { return [] }
        let (filter, after, offset) = (filter, after, offset)
        let page = try read { try $0.files(filter, after: after, limit: size, offset: offset) }
        self.offset = 0
        limit = page.count < size ? 0 : limit - page.count
        self.after = page.last?.path
        return page
    }
}
