internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import ModelFormats

/// Compares a directory, or a tree, with the catalogue and writes down the differences.
///
/// One value is one reconciliation of a part of one place, on a walking thread. Events are hints; what is listed here
/// is the truth, and a file is missing only if its directory was listed to the end and a second look at its path found
/// nothing.
struct Reconciliation: TreeWalkVisitor {
    /// What it needs of the rest of the pipeline.
    struct Surroundings: Sendable {
        let catalog: ModelCatalog
        let watcher: DirectoryWatcher
        let events: EventLog
        let thread: WalkingThread
        let options: IndexingOptions
        /// True once the settings that it goes by are replaced.
        let isOutdated: @Sendable () -> Bool
        /// True once something else is mounted than when it began: links may lead somewhere else.
        let isMountTableOutdated: @Sendable () -> Bool
        /// Places that begin at a path or below it.
        let placesWithin: @Sendable (FilePath) -> [Place]
    }

    /// Why a reconciliation could not be written down.
    var databaseError: (any Error)?
    /// Sentences about what could not be seen, by the directory.
    private(set) var troubles: [FilePath: String] = [:]
    /// Directories that could not be seen before and can be now, or are gone.
    private(set) var cleared: [FilePath] = []
    /// What begins below and is walked by itself.
    var boundaries: [(path: FilePath, boundary: TreeBoundary)] = []
    /// Tops of places that are not where they were.
    var vanished: [Place] = []
    /// Directories with links that lead to files on other devices.
    var linksElsewhere: [(directory: FilePath, device: UInt64)] = []
    /// Files whose inodes have changed and may have other names, of which no event tells.
    var changedLinks: [(path: FilePath, hint: FileHint)] = []
    /// Other names of inodes that have lost one to another file. What was written through that name before has no event
    /// of theirs.
    private(set) var namesLeft: [FilePath] = []
    /// No watch was left for some of the directories.
    private(set) var hasUnwatched = false
    /// Links to nothing, with what has to appear for them to lead somewhere.
    var dangling: [(link: FilePath, ancestor: FilePath, missing: [UInt8])] = []

    /// Something was not as the catalogue had it.
    private(set) var hasWritten = false
    /// Something else than a file is at the path that was looked at: a listing of its directory tells what.
    var foundNoFile = false
    /// The path that was to be walked leads nowhere.
    private(set) var foundNothing = false

    let surroundings: Surroundings
    let files: FileReconciler
    let place: Place
    private let formerTroubles: Set<FilePath>
    /// Only the walk of a scan lets urgent work in between; urgent work does not interrupt itself.
    private let letsUrgentIn: Bool
    var fileSystems = KnownFileSystems()
    var known: KnownRows
    var batch: ChangeBatch
    var seenCounts = ScanCounts()
    var missing = 0
    /// Present files that their directories do not hold any more.
    var candidates: [(id: Int64, path: FilePath)] = []
    var listedFolders: Set<[UInt8]> = []
    /// Rows of the folders that were listed.
    var listedRows = 0
    /// Directories of which nothing may be concluded, nor of what lies below.
    var unknown: Set<FilePath> = []
    /// Directories that are walked under other paths.
    var skippedDirectories: [FilePath] = []

    /// - Parameter scan: gives the row of `scan_history` that new files wait in; nil for looks that have none.
    init(
        place: Place, surroundings: Surroundings, letsUrgentIn: Bool, scan: (@Sendable () throws -> Int64)? = nil
    ) {
        self.place = place
        self.surroundings = surroundings
        self.letsUrgentIn = letsUrgentIn
        formerTroubles = Set(place.condition.troubles.keys)
        let catalog = surroundings.catalog
        files = FileReconciler(
            catalog: catalog, watcher: surroundings.watcher, options: surroundings.options, root: place.root,
            readable: [place.root.path, place.realPath(of: place.root.path), place.realPath(of: place.path)])
        known = KnownRows(catalog: catalog, root: place.root.id, readsAhead: letsUrgentIn)
        batch = ChangeBatch(
            catalog: catalog, events: surroundings.events, scan: scan, isOutdated: surroundings.isOutdated)
    }

    var counts: ScanCounts {
        var counts = batch.counts
        counts.add(seenCounts)
        counts.missing = missing
        return counts
    }

    // MARK: - The walk

    var isCancelled: Bool { surroundings.thread.isStopping || databaseError != nil || surroundings.isOutdated() }

    mutating func listed(_ listed: ListedDirectory) {
        surroundings.thread.sign()
        guard let folder = listed.path.relative(to: place.root.path) else { return }
        if listed.unreadable.isEmpty, formerTroubles.contains(listed.path) { cleared.append(listed.path) }
        do {
            let fileSystem = fileSystems.fileSystem(ofDirectory: listed.descriptor, device: listed.device)
            let directory = FileReconciler.Directory(
                path: listed.path, descriptor: listed.descriptor, fileSystem: fileSystem.type,
                fileSystemID: fileSystem.id, folder: folder, root: place.root,
                isTop: listed.path == place.path)
            noteLinks(of: listed)
            try reconcile(listed, in: directory)
            if batch.isFull { try flush() }
            if letsUrgentIn, surroundings.thread.hasUrgentWork {
                try flush()
                surroundings.thread.performUrgent()
                known.invalidate()
            }
        } catch {
            databaseError = error
        }
    }

    mutating func failed(_ path: FilePath, _ error: SystemError) {
        surroundings.thread.sign()
        // A directory that is not there any more is known: it holds nothing.
        if error.errno == .noEntry || error.errno == .notDirectory {
            cleared += formerTroubles.filter { $0.isWithin(path) }
            foundNothing = true
            return
        }
        unknown.insert(path)
        note(trouble: "\(error)", in: path)
    }

    mutating func reached(_ path: FilePath, _ boundary: TreeBoundary) { boundaries.append((path, boundary)) }

    mutating func leftUnwatched(_ path: FilePath) { hasUnwatched = true }

    mutating func gotOn() { surroundings.thread.sign() }

    mutating func skipped(_ path: FilePath) { skippedDirectories.append(path) }

    mutating func note(trouble: String, in directory: FilePath) {
        if troubles.count < ScanRun.troubleLimit { troubles[directory] = trouble }
    }

    /// Watches where links lead.
    private mutating func noteLinks(of listed: ListedDirectory) {
        for file in listed.files + listed.companions.filter(files.mayBeRead) {
            if let target = file.target { follow(target, from: listed.path.appending(file.name)) }
        }
        for (name, ancestor, missing) in listed.dangling {
            dangling.append((listed.path.appending(name), ancestor, missing))
        }
        for device in Set(listed.filesElsewhere.map(\.mount.device)) { linksElsewhere.append((listed.path, device)) }
    }

    func follow(_ target: FilePath, from link: FilePath) {
        guard let parent = try? FileDescriptor.open(target.parent, O_RDONLY | O_DIRECTORY) else { return }
        _ = surroundings.watcher.follow(
            name: target.name, in: parent.number, shown: target.parent, as: link, kind: .file)
    }

    /// Merges the listing with the rows of the folder: both are in bytewise order of the names.
    private mutating func reconcile(_ listed: ListedDirectory, in directory: FileReconciler.Directory) throws {
        let rows = try known.rows(inFolder: directory.folder)
        if listedFolders.insert(directory.folder).inserted { listedRows += rows.count }
        let undecided = Set(listed.unreadable.map(\.name) + listed.filesElsewhere.map(\.name))
        seenCounts.seen += listed.files.count
        var next = 0
        func passOver(to name: [UInt8]?) {
            while next < rows.count, name.map({ precedes(rows[next].name, $0) }) ?? true {
                let row = rows[next]
                next += 1
                if row.state != .missing, !undecided.contains(row.name) {
                    candidates.append((row.id, directory.path.appending(row.name)))
                }
            }
        }
        let beside = DirectoryCompanions(listed, mayBeRead: files.mayBeRead)
        for file in listed.files {
            passOver(to: file.name)
            let companions = beside.companions(of: file.name)
            if next < rows.count, rows[next].name == file.name {
                next += 1
                if rows[next - 1].isSame(as: file, companions, in: directory) { continue }
            }
            try reconcile(file, companions, in: directory, hint: nil)
            // A folder may hold any number of files.
            if batch.isFull { try flush() }
        }
        passOver(to: nil)
        try note(listed.unreadable, in: listed.path)
    }

    /// A file that is not as the catalogue had it, as far as that is known; here it is asked once more.
    mutating func reconcile(
        _ file: FoundFile, _ companions: FileCompanions, in directory: FileReconciler.Directory, hint: FileHint?
    ) throws {
        surroundings.thread.sign()
        let path = directory.path.appending(file.name)
        var row = try surroundings.catalog.read { try $0.file(at: path) }
        if files.dependsOnOthers(file, in: directory, known: row) {
            // Another name of the same inode may be in the batch, and its row has to be found; a change that waits may
            // concern the row of this path.
            if batch.concerns(path, inode: file.status.inode) {
                try flush()
                row = try surroundings.catalog.read { try $0.file(at: path) }
            }
        }
        let observed = files.observe(file, in: directory)
        let decision = try files.change(for: observed, companions, in: directory, known: row, hint: hint)
        guard let (change, rows) = decision else {
            if let row { look(at: observed, companions, in: directory, known: row) }
            return
        }
        batch.append(
            change, of: observed, rows: rows,
            look: files.look(at: observed, companions, in: directory, with: change, rows))
        if let row, row.inode != file.status.inode, directory.fileSystem.hasLastingInodes {
            namesLeft += try surroundings.catalog.read { try $0.otherNames(of: row) }
        }
        // A name more changes the inode and no byte; so does a new mode.
        let isHarmless = row == nil || hint == .attributes
        if file.status.links > 1 { changedLinks.append((path, isHarmless ? .attributes : .appeared)) }
    }

    /// Looks again at what a file says of itself, and at what lies beside it, if that is not what it was.
    private mutating func look(
        at file: ObservedFile, _ companions: FileCompanions, in directory: FileReconciler.Directory, known: KnownFile
    ) {
        guard known.look != companions.look, !known.isHeld else { return }
        let change = FileChange.look(known.id)
        batch.append(
            change, of: file, rows: [known],
            look: files.look(at: file, companions, in: directory, with: change, [known]))
    }

    private mutating func note(_ unreadable: [(name: [UInt8], error: SystemError)], in directory: FilePath) throws {
        for (name, error) in unreadable {
            let path = directory.appending(name)
            note(trouble: "\(error)", in: directory)
            guard let row = try surroundings.catalog.read({ try $0.file(at: path) }) else { continue }
            if row.error != "\(error)" { batch.append(.trouble(row.id, "\(error)"), of: nil, rows: [row]) }
        }
    }

    mutating func flush() throws {
        guard try surroundings.thread.waitingForOthers({ try batch.flush() }) else { return }
        known.invalidate()
        hasWritten = true
    }
}

extension FileRow {
    /// True when there is nothing to be done for the file, by what was known of it a short while ago.
    fileprivate func isSame(
        as file: FoundFile, _ companions: FileCompanions, in directory: FileReconciler.Directory
    ) -> Bool {
        state != .missing && !isHeld && placeType == directory.type && placeTypeSource == directory.typeSource
            && look == companions.look
            && FileComparison.compare(self, with: file.status, on: directory.fileSystem, hint: nil) == .same
    }
}
