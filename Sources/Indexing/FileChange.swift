internal import Catalog
internal import LinuxSystem

/// One thing that a look at the file system changes in the catalogue.
enum FileChange: Sendable {
    /// A file at a path that had none.
    case add(ObservedFile, CatalogWriter.Content, held: Bool)
    /// Another content at a known path.
    case replace(Int64, ObservedFile, CatalogWriter.Content, held: Bool)
    /// The known file, with another status, or back again.
    case keep(Int64, ObservedFile, readAgain: Bool)
    /// The known file under another path; `displaced` is the row of the file that had this path before, and `look`
    /// what a file that was waited for looks like at its new place.
    case move(
        Int64, ObservedFile, displaced: Int64?, readAgain: Bool, look: (CatalogWriter.Content, held: Bool)?)
    /// A held file is complete now, or looked at again.
    case setHeld(Int64, Bool, ContentDescription?)
    /// A file in error is worth another try.
    case retry(Int64)
    /// The file is there and cannot be asked about; its content stays.
    case trouble(Int64, String)
    /// The file is what it was; only what a look at it tells is not.
    case look(Int64)
}

extension FileChange {
    /// What a look at the bytes has told, where the change brings that along.
    fileprivate var description: ContentDescription? {
        switch self {
        case .add(_, .new(let description), _), .replace(_, _, .new(let description), _),
            .move(_, _, _, _, (.new(let description), _)?):
            description
        case .setHeld(_, _, let description): description
        case .add, .replace, .move, .keep, .retry, .trouble, .look: nil
        }
    }

    /// The file is read once more before what it holds is believed again.
    var isReadAgain: Bool {
        switch self {
        case .keep(_, _, let readAgain), .move(_, _, _, let readAgain, _): readAgain
        case .add, .replace, .setHeld, .retry, .trouble, .look: false
        }
    }
}

/// What a look at a file tells beside what its status does.
struct FileLook: Sendable {
    /// nil where what lies beside it could not be read now.
    var surroundings: FileSurroundings?
    /// What the header of a known content says, if it was read again.
    var description: (content: Int64, ContentDescription)?
}

/// Gathers changes and writes them in few transactions.
struct ChangeBatch {
    private let catalog: ModelCatalog
    private let events: EventLog
    private let scan: (@Sendable () throws -> Int64)?
    private let isOutdated: @Sendable () -> Bool
    private var waiting: [(change: FileChange, look: FileLook?)] = []
    /// Paths and inodes that the waiting changes are about, before and after them.
    private var paths: Set<FilePath> = []
    private var inodes: Set<UInt64> = []
    private(set) var counts = ScanCounts()

    /// A transaction this large costs little more per row than a larger one.
    private static let limit = 500
    /// Files may carry megabytes of metadata; those of a whole folder are not held at once.
    private static let byteLimit = 8 << 20
    private var bytes = 0

    /// - Parameters:
    ///   - scan: makes the row of `scan_history` that new files wait in, when there is something to write.
    ///   - isOutdated: true when what was gathered goes by settings that are replaced and is to be forgotten;
    ///     asked inside of the transaction.
    init(
        catalog: ModelCatalog, events: EventLog, scan: (@Sendable () throws -> Int64)?,
        isOutdated: @escaping @Sendable () -> Bool = { false }
    ) {
        self.catalog = catalog
        self.events = events
        self.scan = scan
        self.isOutdated = isOutdated
    }

    /// True when what waits says something of a path or an inode: until it is written, nothing may be decided by what
    /// the catalogue has for them.
    func concerns(_ path: FilePath, inode: UInt64) -> Bool { paths.contains(path) || inodes.contains(inode) }

    /// True when it is time to write.
    var isFull: Bool { waiting.count >= Self.limit || bytes >= Self.byteLimit }

    /// - Parameters:
    ///   - file: what was found; nil where it could not be asked about.
    ///   - rows: the rows that the change alters.
    ///   - look: what a look at the file told, if it was looked at.
    mutating func append(_ change: FileChange, of file: ObservedFile?, rows: [KnownFile], look: FileLook? = nil) {
        waiting.append((change, look))
        bytes += (change.description?.textSize ?? 0) + (look?.description?.1.textSize ?? 0)
        bytes += look?.surroundings?.sidecars.reduce(0) { $0 + $1.textSize } ?? 0
        if let file {
            paths.insert(file.path)
            inodes.insert(file.status.inode)
        }
        for row in rows {
            paths.insert(row.path)
            inodes.insert(row.inode)
        }
    }

    /// Writes what was gathered; true when there was something.
    mutating func flush() throws -> Bool {
        guard !waiting.isEmpty else { return false }
        let changes = waiting
        (waiting, paths, inodes, bytes) = ([], [], [], 0)
        let scan = try scan?()
        let now = Timestamp.text(nanoseconds: WallClock.now)
        try catalog.write(telling: events) { [isOutdated] writer, events in
            if isOutdated() { return }
            for (change, look) in changes {
                let before = try change.places(writer)
                let id = try Self.apply(change, writer: writer, scan: scan, now: now)
                if let look { try Self.write(look, ofFile: id, writer) }
                events += try change.events(ofFile: id, before: before, writer)
            }
            // A scan may have waited for what is something else now.
            try writer.completeScans(telling: &events)
        }
        for (change, _) in changes { count(change) }
        return true
    }

    private static func write(_ look: FileLook, ofFile id: Int64, _ writer: CatalogWriter) throws {
        if let surroundings = look.surroundings { try writer.setSurroundings(ofFile: id, surroundings) }
        guard let (content, description) = look.description else { return }
        try writer.describe(content, ofFile: id, description)
    }

    private static func apply(
        _ change: FileChange, writer: CatalogWriter, scan: Int64?, now: String
    ) throws -> Int64 {
        switch change {
        case .add(let file, let content, let held):
            return try writer.add(file, content: content, held: held, scan: scan, at: now)
        case .replace(let id, let file, let content, let held):
            try writer.replaceContent(of: id, file, content: content, held: held, scan: scan, at: now)
            return id
        case .keep(let id, let file, let readAgain):
            try writer.keepContent(of: id, file, readAgain: readAgain, at: now)
            return id
        case .move(let id, let file, let displaced, let readAgain, let look):
            try writer.move(id, to: file, displacing: displaced, readAgain: readAgain, at: now)
            if let look {
                var description: ContentDescription?
                if case .new(let content) = look.0 { description = content }
                try writer.setHeld(id, look.held, content: description, at: now)
            }
            return id
        case .setHeld(let id, let held, let content):
            try writer.setHeld(id, held, content: content, at: now)
            return id
        case .retry(let id):
            try writer.retry(id, at: now)
            return id
        case .trouble(let id, let message):
            try writer.noteTrouble(id, message, unread: false, nextAttempt: nil, at: now)
            return id
        case .look(let id): return id
        }
    }

    private mutating func count(_ change: FileChange) {
        switch change {
        case .add: counts.added += 1
        case .replace: counts.changed += 1
        case .move: counts.moved += 1
        case .keep, .setHeld, .retry, .trouble, .look: break
        }
    }
}
