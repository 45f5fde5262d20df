internal import Catalog
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Tells the log what people want to find there of files and scans, from the events that all followers get.
///
/// A library may hold a hundred thousand bad files, so each kind of message about files has its budget; the index knows
/// them all.
final class IndexJournal: Sendable {
    private let catalog: ModelCatalog
    private let logger: Logger
    private let unreadable = LogBudget(limit: filesInARow, perMinutes: 10)
    private let dangerous = LogBudget(limit: filesInARow, perMinutes: 10)
    private let damaged = LogBudget(limit: filesInARow, perMinutes: 10)

    private static let filesInARow = 20

    init(catalog: ModelCatalog, logger: Logger) {
        self.catalog = catalog
        self.logger = logger
    }

    /// Notes what has happened. Blocks for scans until their figures are read from the catalogue, but not for long reads of
    /// others.
    func note(_ happened: [IndexEvent]) {
        for event in happened {
            switch event.kind {
            case .fileError:
                note(.warning, "cannot read a file: \(event.message ?? "")", .fileUnreadable, event, unreadable)
            case .fileDamaged:
                note(
                    .error, "a file's bytes are no longer those that were hashed", .fileDamaged, event, damaged)
            case .fileDangerous:
                note(.warning, "a file may run programs when it is loaded", .fileDangerous, event, dangerous)
            case .scanCompleted: noteScan(event)
            default: break
            }
        }
    }

    private func note(
        _ level: LogLevel, _ message: String, _ kind: LogEvent, _ event: IndexEvent, _ budget: LogBudget
    ) {
        guard let path = event.path else { return }
        logger.log(
            level, message, event: kind, within: budget, elsewhere: "`kikod-ctl errors` lists all",
            [.init("path", path)])
    }

    /// A scan is told when it has walked; here the reading that it led to is over.
    private func noteScan(_ event: IndexEvent) {
        guard let row = event.scanID else { return }
        let scan: StoredScan
        do {
            guard let found = try catalog.readPromptly({ try $0.scan(id: row) }) else { return }
            scan = found
        } catch {
            return logger.warning("cannot tell how scan \(row) went: \(error)")
        }
        let place = scan.root ?? "all roots"
        let seconds = scan.durationMilliseconds.map { Double($0) / 1000 } ?? 0
        let files = scan.filesHashed == 1 ? "1 file" : "\(scan.filesHashed) files"
        var message = "hashed \(files) of \(place), \(scan.bytesHashed) bytes, in \(seconds) s"
        var level = LogLevel.info
        if scan.kind == "verify" {
            message = "verified \(files) of \(place) in \(seconds) s: \(scan.filesDamaged) damaged"
            level = scan.filesDamaged == 0 && scan.errors.isEmpty ? .notice : .error
        } else if scan.filesHashed == 0, scan.errors.isEmpty {
            return
        }
        if !scan.errors.isEmpty { message += "; " + scan.errors.prefix(3).joined(separator: "; ") }
        logger.log(
            level, message, event: .scanCompleted,
            [
                .init("scan", row), .init("root", place), .init("kind", scan.kind), .init("hashed", scan.filesHashed),
                .init("bytes", scan.bytesHashed), .init("damaged", scan.filesDamaged), .init("seconds", seconds),
            ])
    }
}
