internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import Logging

/// Compares a directory, or a tree, with the catalogue and writes down the differences.
///
/// One value is one reconciliation on a walking thread. Events are hints; what is listed here is the truth, and a
/// file is missing only if its directory was listed to the end and a second look at its path found nothing.
struct Reconciliation: TreeWalkVisitor {
    /// Why a reconciliation could not be written down.
    private(set) var databaseError: (any Error)?
    /// Sentences about what could not be seen.
    private(set) var troubles: [String] = []
    private(set) var unwatched = 0
    var counts: ScanCounts {
        var counts = counts(of: batch)
        counts.missing = missing
        return counts
    }

    private let catalog: ModelCatalog
    private let files: FileReconciler
    private let root: WatchedRoot
    private let thread: WalkingThread
    private let logger: Logger
    /// Only the walk of a scan lets urgent work in between; urgent work does not interrupt itself.
    private let letsUrgentIn: Bool
    private let fileSystemIDs: FileSystemIDs
    /// True once the settings that it goes by are replaced.
    private let isOutdated: @Sendable () -> Bool
    private var batch: ChangeBatch
    private var seen = IDBitmap()
    private var seenCounts = ScanCounts()
    private var missing = 0
    /// Directories of which nothing may be concluded, nor of what lies below.
    private var unknown: Set<FilePath> = []

    /// More sentences than this in one scan help nobody.
    private static let troubleLimit = 100

    init(
        root: WatchedRoot, catalog: ModelCatalog, events: EventLog, watcher: DirectoryWatcher, options: IndexingOptions,
        thread: WalkingThread,
        logger: Logger, scan: Int64?, letsUrgentIn: Bool, isOutdated: @escaping @Sendable () -> Bool
    ) {
        self.catalog = catalog
        self.root = root
        self.thread = thread
        self.logger = logger
        self.letsUrgentIn = letsUrgentIn
        files = FileReconciler(catalog: catalog, watcher: watcher, options: options, root: root)
        fileSystemIDs = FileSystemIDs()
        self.isOutdated = isOutdated
        batch = ChangeBatch(catalog: catalog, events: events, scan: scan, isOutdated: isOutdated)
    }

    // MARK: - The walk

    var isCancelled: Bool { thread.isStopping || databaseError != nil || isOutdated() }

    mutating func listed(
        _ path: FilePath, descriptor: Int32, fileSystem: FileSystemType, files found: [FoundFile],
        unreadable: [(name: [UInt8], error: SystemError)]
    ) {
        guard let folder = path.relative(to: root.path) else { return }
        do {
            let directory = FileReconciler.Directory(
                path: path, descriptor: descriptor, fileSystem: fileSystem,
                fileSystemID: fileSystemIDs.id(ofDirectory: descriptor), folder: folder)
            try reconcile(found, in: directory)
            try note(unreadable, in: path)
            if batch.isFull { try flush() }
            if letsUrgentIn, thread.hasUrgentWork {
                try flush()
                thread.performUrgent()
            }
        } catch {
            databaseError = error
        }
    }

    mutating func failed(_ path: FilePath, _ error: SystemError) {
        // A directory that is not there any more is known: it holds nothing.
        if error.errno == .noEntry || error.errno == .notDirectory { return }
        unknown.insert(path)
        note(trouble: "\(error)")
    }

    mutating func skipped(_ path: FilePath) {}

    private mutating func reconcile(_ found: [FoundFile], in directory: FileReconciler.Directory) throws {
        let known = try catalog.read { try $0.files(inFolder: directory.folder, ofRoot: root.id) }
        let knownByPath = Dictionary(known.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for file in found {
            let path = directory.path.appending(file.name)
            try reconcile(file, in: directory, known: knownByPath[path], hint: nil)
        }
    }

    private mutating func reconcile(
        _ file: FoundFile, in directory: FileReconciler.Directory, known: KnownFile?, hint: FileHint?
    ) throws {
        seenCounts.seen += 1
        var known = known
        if files.dependsOnOthers(file, in: directory, known: known) {
            // Another name of the same inode may be in the batch, and its row has to be found; a move that waits may
            // have taken the row of this path.
            let isOutdated = batch.holdsMoves
            if isOutdated || file.status.links > 1 || file.isLink { try flush() }
            if isOutdated { known = try catalog.read { try $0.file(at: directory.path.appending(file.name)) } }
        }
        let change = try files.change(for: file, in: directory, known: known, hint: hint)
        if let known { seen.insert(known.id) }
        if let change { batch.append(change) }
        let type = root.record.type ?? FolderTypes.type(ofFolder: directory.folder)
        switch type {
        case "checkpoint", "diffusion_model": seenCounts.checkpoints += 1
        case "lora": seenCounts.loras += 1
        case "embedding": seenCounts.embeddings += 1
        default: break
        }
    }

    private mutating func note(_ unreadable: [(name: [UInt8], error: SystemError)], in directory: FilePath) throws {
        for (name, error) in unreadable {
            let path = directory.appending(name)
            note(trouble: "\(error)")
            guard let known = try catalog.read({ try $0.file(at: path) }) else { continue }
            seen.insert(known.id)
            if known.error != "\(error)" { batch.append(.trouble(known.id, "\(error)")) }
        }
    }

    private mutating func note(trouble: String) {
        if troubles.count < Self.troubleLimit { troubles.append(trouble) }
    }

    private mutating func flush() throws { for id in try batch.flush() { seen.insert(id) } }

    // MARK: - One file

    /// Looks at one path again.
    mutating func reconcileFile(at path: FilePath, hint: FileHint) throws {
        guard let folder = path.parent.relative(to: root.path) else { return }
        guard let file = find(path, hint) else { return }
        let number = file.parent.number
        let directory = FileReconciler.Directory(
            path: path.parent, descriptor: number, fileSystem: file.parent.fileSystemType(),
            fileSystemID: LinuxSystem.fileSystemID(ofDescriptor: number), folder: folder)
        let known = try catalog.read { try $0.file(at: path) }
        try reconcile(file.found, in: directory, known: known, hint: hint)
        try flush()
    }

    /// A file and its open directory; nil when it went meanwhile, which is an event of its own, or cannot be asked
    /// now, which is tried again when somebody waits for it.
    private mutating func find(_ path: FilePath, _ hint: FileHint) -> OpenFile? {
        do throws(SystemError) {
            let parent = try FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY)
            guard let found = try Self.find(path, in: parent),
                !found.isLink || files.options.followsSymbolicLinks
            else { return nil }
            return OpenFile(parent: parent, found: found)
        } catch {
            if error.errno != .noEntry, error.errno != .notDirectory {
                note(trouble: "\(error)")
                if hint == .settled { files.watcher.hold(path, nanoseconds: 60_000_000_000) }
            }
            return nil
        }
    }

    private static func find(_ path: FilePath, in parent: borrowing FileDescriptor) throws(SystemError) -> FoundFile? {
        let isLink = try FileStatus.of(path.name, in: parent.number, followLinks: false, shown: path).kind == .link
        let status = try FileStatus.of(path.name, in: parent.number, followLinks: true, shown: path)
        return status.kind == .regular ? FoundFile(name: path.name, status: status, isLink: isLink) : nil
    }

    // MARK: - What is gone

    /// Ends a walk: whatever was to be found below `path` and is not there is missing.
    mutating func finish(below path: FilePath, recursive: Bool) throws {
        try flush()
        guard !isCancelled, let folder = path.relative(to: root.path) else { return }
        let unknown = unknown
        let seen = seen
        let candidates = try catalog.read { reader -> [(Int64, FilePath)] in
            var candidates: [(Int64, FilePath)] = []
            try reader.presentFiles(ofRoot: root.id, below: folder) { id, file in
                if seen.contains(id) || !recursive && file.parent != path { return }
                if unknown.contains(where: { file.isWithin($0) }) { return }
                candidates.append((id, file))
            }
            return candidates
        }
        let gone = candidates.filter { isGone($0.1) }.map(\.0)
        guard !gone.isEmpty else { return }
        let now = Timestamp.text(nanoseconds: WallClock.now)
        try catalog.write { writer in
            try writer.markMissing(gone, at: now)
            try writer.completeScans(now: WallClock.now)
        }
        missing += gone.count
    }

    private func isGone(_ path: FilePath) -> Bool {
        do throws(SystemError) {
            return try FileStatus.of(path).kind != .regular
        } catch {
            return error.errno == .noEntry || error.errno == .notDirectory
        }
    }

    private func counts(of batch: ChangeBatch) -> ScanCounts {
        var counts = batch.counts
        counts.seen = seenCounts.seen
        counts.checkpoints = seenCounts.checkpoints
        counts.loras = seenCounts.loras
        counts.embeddings = seenCounts.embeddings
        return counts
    }
}

/// A file that was found, with the directory that it lies in held open.
private struct OpenFile: ~Copyable {
    let parent: FileDescriptor
    let found: FoundFile
}
