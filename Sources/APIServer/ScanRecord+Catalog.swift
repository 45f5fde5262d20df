internal import Catalog
internal import IndexAPI

extension ScanRecord {
    /// A row of the scan history as the API shows it.
    init(_ scan: StoredScan) {
        self.init(id: scan.id, kind: scan.kind, root: scan.root, startedAt: scan.startedAt)
        completedAt = scan.completedAt
        durationMilliseconds = scan.durationMilliseconds
        filesSeen = scan.counts.seen
        filesAdded = scan.counts.added
        filesChanged = scan.counts.changed
        filesMoved = scan.counts.moved
        filesMissing = scan.counts.missing
        filesHashed = Int(clamping: scan.filesHashed)
        filesDamaged = Int(clamping: scan.filesDamaged)
        bytesHashed = scan.bytesHashed
        checkpointsFound = Int(clamping: scan.checkpointsFound)
        lorasFound = Int(clamping: scan.lorasFound)
        embeddingsFound = Int(clamping: scan.embeddingsFound)
        lookups = Int(clamping: scan.lookups)
        errors = scan.errors
    }
}
