internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem

/// What the catalogue knows of a file's inode.
protocol KnownStatus {
    var size: Int64 { get }
    var modified: Int64 { get }
    var changed: Int64 { get }
    var inode: UInt64 { get }
}

extension KnownFile: KnownStatus {}
extension FileRow: KnownStatus {}

/// What a look at a file says about what the catalogue has for it. A pure function of both.
enum FileComparison: Hashable, Sendable {
    /// Nothing to write.
    case same
    /// The content stands; only what is known of the inode has to be written.
    case statusChanged
    /// The content stands and is answered, but the file is read once more when nothing else waits.
    case doubtful
    /// The content is unknown.
    case changed

    /// - Parameters:
    ///   - fileSystem: where the file lies; inode numbers and times mean different things on different kinds.
    ///   - hint: `.attributes` when it is known that no byte was written since the catalogue's row.
    static func compare(
        _ known: some KnownStatus, with status: FileStatus, on fileSystem: FileSystemType, hint: FileHint?
    ) -> FileComparison {
        guard known.size == status.size,
            isSameTime(known.modified, status.modified, on: fileSystem)
        else { return .changed }
        let timeIsExact = known.modified == status.modified
        guard fileSystem.hasLastingInodes else { return timeIsExact ? .same : .statusChanged }
        if known.inode != status.inode { return .doubtful }
        if known.changed == status.changed { return timeIsExact ? .same : .statusChanged }
        return hint == .attributes ? .statusChanged : .doubtful
    }

    /// FAT keeps local time in steps of two seconds, so a change of the time zone shifts it by quarter hours.
    static func isSameTime(_ known: Int64, _ found: Int64, on fileSystem: FileSystemType) -> Bool {
        if known == found { return true }
        guard fileSystem.isFAT else { return false }
        let (difference, overflow) = known.subtractingReportingOverflow(found)
        guard !overflow, difference.magnitude <= 14 * 3600 * 1_000_000_000 else { return false }
        let quarterHour: UInt64 = 900 * 1_000_000_000
        let rest = difference.magnitude % quarterHour
        return min(rest, quarterHour - rest) <= 2_000_000_000
    }
}

extension KnownFile {
    /// True when `observed` is this very file, wherever it lies now.
    func isSameFile(as observed: ObservedFile) -> Bool {
        guard inode == observed.status.inode, size == observed.status.size, modified == observed.status.modified,
            fileSystemID == observed.fileSystemID
        else { return false }
        guard let born, let otherBorn = observed.status.born else { return true }
        return born == otherBorn
    }
}
