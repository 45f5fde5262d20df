package import LinuxSystem

/// Something that has happened to the index, told after the catalogue holds it.
package struct IndexEvent: Sendable, Equatable {
    /// What has happened, by its word in the API.
    package enum Kind: String, Sendable, CaseIterable {
        case fileAdded = "file.added"
        case fileChanged = "file.changed"
        case fileMoved = "file.moved"
        case fileMissing = "file.missing"
        case fileReturned = "file.returned"
        case fileRemoved = "file.removed"
        case fileIndexed = "file.indexed"
        case fileError = "file.error"
        case fileDamaged = "file.damaged"
        case fileDangerous = "file.dangerous"
        case lookupFound = "lookup.found"
        case lookupNotFound = "lookup.not_found"
        case updateAvailable = "update.available"
        case scanStarted = "scan.started"
        case scanCompleted = "scan.completed"
        case rootOffline = "root.offline"
        case rootOnline = "root.online"
    }

    package let kind: Kind
    /// The file's row; nil where the event is of no file.
    package let fileID: Int64?
    /// The file, or the root or the directory that a scan or a root's event is about.
    package let path: FilePath?
    /// Where a moved file was before.
    package let oldPath: FilePath?
    /// The row of the scan history; nil where the event is of no scan.
    package let scanID: Int64?
    /// Why, as a sentence for people.
    package let message: String?
    /// Nanoseconds since 1970.
    package let at: Int64

    package init(
        _ kind: Kind, fileID: Int64? = nil, path: FilePath? = nil, oldPath: FilePath? = nil, scanID: Int64? = nil,
        message: String? = nil, at: Int64 = WallClock.now
    ) {
        self.kind = kind
        self.fileID = fileID
        self.path = path
        self.oldPath = oldPath
        self.scanID = scanID
        self.message = message
        self.at = at
    }
}
