internal import Catalog
internal import FoundationEssentials
internal import Glibc
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem

extension APIRequestHandler {
    /// Answers that take a bounded number of look-ups in the catalogue.
    func answerAtOnce(_ call: Call) throws -> HTTPResponse {
        switch call.route.id {
        case .status: return try json(status())
        case .roots: return try json(RootsAnswer(roots: try index.indexer.status().roots.map(RootStatus.init)))
        case .scanHistory: return try json(scanHistory(call))
        case .lookup: return try json(lookup(call.query["hash"] ?? ""))
        case .file: return try json(file(call.id ?? 0))
        default: throw APIProblem(.notFound, "There is nothing at this path.")
        }
    }

    func status() throws -> StatusAnswer {
        let status = try index.indexer.status()
        var files = IndexAPI.FileCounts()
        let reading = min(status.hashing.reading.count(where: \.isFirst), status.counts.pending)
        files.indexed = status.counts.indexed
        files.hashing = reading
        files.pending = status.counts.pending - reading
        files.error = status.counts.error
        files.missing = status.counts.missing
        files.total = files.indexed + files.pending + files.hashing + files.error
        files.bytes = status.counts.bytes
        return StatusAnswer(
            state: status.state.rawValue,
            uptimeSeconds: Double(MonotonicTime.now.since(index.started)) / 1e9, pid: getpid(),
            roots: status.roots.map(RootStatus.init), files: files,
            queue: QueueStatus(
                depth: status.queueDepth, capacity: status.queueCapacity, pendingBytes: status.counts.pendingBytes),
            hashing: HashingStatus(status), civitai: try civitaiStatus(),
            database: DatabaseStatus(
                path: index.catalog.path.description, schemaVersion: ModelCatalog.schemaVersion,
                bytes: index.catalog.bytes),
            lastScan: status.lastScan.map {
                LastScan(id: $0.id, startedAt: $0.startedAt, completedAt: $0.completedAt)
            })
    }

    func civitaiStatus() throws -> CivitaiStatus {
        CivitaiStatus(index.lookups.status(), try index.catalog.figures().lookups)
    }

    func scanHistory(_ call: Call) throws -> ScanHistoryAnswer {
        let limit = call.query["limit"].flatMap(Int.init)
        let offset = call.query["offset"].flatMap(Int.init) ?? 0
        return try index.catalog.readPromptly { reader in
            ScanHistoryAnswer(
                scans: try reader.scans(limit: limit, offset: offset).map(ScanRecord.init),
                total: try reader.scanCount())
        }
    }

    func file(_ id: Int64) throws -> FileObject {
        let circumstances = index.circumstances
        let found = try index.catalog.readPromptly { reader -> FileObject? in
            guard let file = try reader.file(id: id) else { return nil }
            prefer(file)
            var object = FileObject(file, circumstances)
            object.show(try reader.extras(of: file))
            return object
        }
        guard let found else { throw APIProblem(.notFound, "There is no file with the number \(id).") }
        return found
    }

    /// A file that somebody asked about is read before all others.
    func prefer(_ file: FileDetails) {
        if file.state == .pending { index.indexer.prefer(file.id) }
    }

    private func lookup(_ hash: String) throws -> LookupAnswer {
        let result = try lookupResult(hash)
        guard !result.files.isEmpty else { throw APIProblem(.notFound, "No file has the hash \(hash).") }
        return LookupAnswer(hash: hash, matched: result.matched, files: result.files)
    }

    func lookupResult(_ hash: String) throws -> LookupResult {
        let circumstances = index.circumstances
        let (matched, files) = try index.catalog.readPromptly { try $0.lookup(hash.lowercased()) }
        return LookupResult(hash: hash, matched: matched, files: files.map { FileObject($0, circumstances) })
    }
}

extension RootStatus {
    init(_ root: IndexerStatus.Root) {
        self.init(
            path: root.record.path.description, pathBase64: root.record.path.base64UnlessUTF8, type: root.record.type,
            state: root.isOnline ? "online" : "offline", watch: root.watch.rawValue, files: root.files,
            directories: root.directories, polledDirectories: root.polledDirectories, message: root.message)
    }
}

extension HashingStatus {
    fileprivate init(_ status: IndexerStatus) {
        self.init()
        state = status.hashing.state.rawValue
        until = status.hashing.until.map { Timestamp.text(nanoseconds: $0) }
        message = status.databaseMessage ?? status.hashing.message
        workers = status.hashing.workers
        bytesPerSecond = status.hashing.bytesPerSecond
        bytesTotal = status.hashing.bytesTotal
        filesTotal = status.hashing.filesTotal
        current = status.hashing.reading.map {
            HashingProgress(path: $0.path.description, bytesDone: $0.bytesDone, size: $0.size)
        }
    }
}

extension CivitaiStatus {
    fileprivate init(_ status: LookupStatus, _ counts: LookupCounts) {
        self.init()
        let isAsking = status.state != .off
        state = status.state.rawValue
        key = status.key.rawValue
        pending = counts.count(.pending, isAsking: isAsking)
        found = counts.count(.found, isAsking: isAsking)
        notFound = counts.count(.notFound, isAsking: isAsking)
        error = counts.count(.error, isAsking: isAsking)
        requestsTotal = status.requestsTotal
        retryAt = status.retryAt.map { Timestamp.text(nanoseconds: $0) }
        message = status.message
    }
}
