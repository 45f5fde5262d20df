internal import DirectoryWatching
internal import LinuxSystem

/// Work for a walking thread.
enum WalkJob: Sendable {
    /// Find out whether a place is there, which is quick; what needs a look at its files is left to a scan.
    case open(Place)
    /// Reconcile a place, or a directory or file in it, from end to end.
    case scan(Place, FilePath, ScanRun)
    /// List one directory again, with everything below it when `recursive`.
    case directory(Place, FilePath, recursive: Bool)
    /// Look at one file again.
    case file(Place, FilePath, FileHint)
    /// Look again at the files that a path lies beside and says something of.
    case companion(Place, FilePath)
    /// Look at the links in a directory that lead to files on the thread's device, which is not the place's own.
    case linkedFiles(Place, FilePath, ScanRun?)
    /// Runs when everything before it is done.
    case barrier(@Sendable () -> Void)

    /// Changes that somebody waits for right now; they go before walks and in between their directories.
    var isUrgent: Bool {
        switch self {
        case .open, .directory, .file, .companion: true
        case .scan, .linkedFiles, .barrier: false
        }
    }

    /// The directory, or what may be one, that the job begins at; a file belongs to the place of its directory.
    var start: FilePath? {
        switch self {
        case .open(let place): place.path
        case .scan(_, let path, _), .directory(_, let path, _), .linkedFiles(_, let path, _): path
        case .file(_, let path, _), .companion(_, let path): path.parent
        case .barrier: nil
        }
    }

    var place: Place? {
        switch self {
        case .open(let place), .scan(let place, _, _), .directory(let place, _, _), .file(let place, _, _),
            .companion(let place, _), .linkedFiles(let place, _, _):
            place
        case .barrier: nil
        }
    }

    /// The scan that waits for this job, and the part of it that this is on a device.
    func part(on device: UInt64) -> (run: ScanRun, part: ScanRun.Part)? {
        switch self {
        case .scan(_, let path, let run): (run, ScanRun.Part(path: path))
        case .linkedFiles(_, let path, let run): run.map { ($0, ScanRun.Part(path: path, linksOn: device)) }
        case .open, .directory, .file, .companion, .barrier: nil
        }
    }

    /// True when doing `other`, which waits, does what this one would.
    func isCovered(by other: WalkJob) -> Bool {
        switch (self, other) {
        case (.open(let place), .open(let otherPlace)): place === otherPlace
        case (.scan(let place, let path, let run), .scan(let otherPlace, let otherPath, let otherRun)):
            place === otherPlace && path == otherPath && run.isCovered(by: otherRun)
        case (
            .directory(let place, let path, let recursive),
            .directory(let otherPlace, let otherPath, let otherRecursive)
        ):
            place === otherPlace && path == otherPath && (otherRecursive || !recursive)
        case (.file(let place, let path, let hint), .file(let otherPlace, let otherPath, let otherHint)):
            place === otherPlace && path == otherPath && hint == otherHint
        case (.companion(let place, let path), .companion(let otherPlace, let otherPath)):
            place === otherPlace && path == otherPath
        case (.linkedFiles(let place, let path, nil), .linkedFiles(let otherPlace, let otherPath, nil)):
            place === otherPlace && path == otherPath
        default: false
        }
    }
}
