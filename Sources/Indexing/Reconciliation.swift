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
    private(set) var databaseError: (any Error)?
    /// Sentences about what could not be seen, by the directory.
    private(set) var troubles: [FilePath: String] = [:]
    /// Directories that could not be seen before and can be now, or are gone.
    private(set) var cleared: [FilePath] = []
    /// What begins below and is walked by itself.
    private(set) var boundaries: [(path: FilePath, boundary: TreeBoundary)] = []
    /// Tops of places that are not where they were.
    private(set) var vanished: [Place] = []
    /// Directories with links that lead to files on other devices.
    private(set) var linksElsewhere: [(directory: FilePath, device: UInt64)] = []
    /// Files whose inodes have changed and may have other names, of which no event tells.
    private(set) var changedLinks: [(path: FilePath, hint: FileHint)] = []
    /// Other names of inodes that have lost one to another file. What was written through that name before has no event
    /// of theirs.
    private(set) var namesLeft: [FilePath] = []
    /// No watch was left for some of the directories.
    private(set) var hasUnwatched = false
    /// Links to nothing, with what has to appear for them to lead somewhere.
    private(set) var dangling: [(link: FilePath, ancestor: FilePath, missing: [UInt8])] = []

    /// Something was not as the catalogue had it.
    private(set) var hasWritten = false
    /// Something else than a file is at the path that was looked at: a listing of its directory tells what.
    private(set) var foundNoFile = false
    /// The path that was to be walked leads nowhere.
    private(set) var foundNothing = false

    let surroundings: Surroundings
    private let files: FileReconciler
    private let place: Place
    private let formerTroubles: Set<FilePath>
    /// Only the walk of a scan lets urgent work in between; urgent work does not interrupt itself.
    private let letsUrgentIn: Bool
    private var fileSystems = KnownFileSystems()
    private var known: KnownRows
    private var batch: ChangeBatch
    private var seenCounts = ScanCounts()
    private var missing = 0
    /// Present files that their directories do not hold any more.
    private var candidates: [(id: Int64, path: FilePath)] = []
    private var listedFolders: Set<[UInt8]> = []
    /// Rows of the folders that were listed.
    private var listedRows = 0
    /// Directories of which nothing may be concluded, nor of what lies below.
    private var unknown: Set<FilePath> = []
    /// Directories that are walked under other paths.
    private var skippedDirectories: [FilePath] = []

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

    private mutating func note(trouble: String, in directory: FilePath) {
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

    private func follow(_ target: FilePath, from link: FilePath) {
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
        }
        passOver(to: nil)
        try note(listed.unreadable, in: listed.path)
    }

    /// A file that is not as the catalogue had it, as far as that is known; here it is asked once more.
    private mutating func reconcile(
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

    private mutating func flush() throws {
        guard try surroundings.thread.waitingForOthers({ try batch.flush() }) else { return }
        known.invalidate()
        hasWritten = true
    }

    // MARK: - Single files

    /// Looks at one path again.
    ///
    /// - Parameter resolve: follows links, without entering mounts that are not the thread's.
    mutating func reconcileFile(
        at path: FilePath, hint: FileHint?, resolve: (FilePath) -> PathResolution
    ) throws {
        guard let file = find(path, hint, resolve) else { return }
        let directory = self.directory(path.parent, file.parent)
        seenCounts.seen += 1
        let companions = files.companions(of: path, in: directory, realPath: place.realPath(of: path), resolve)
        try reconcile(file.found, companions, in: directory, hint: hint)
        try flush()
    }

    /// Looks again at the files that a path lies beside.
    mutating func reconcileFiles(
        beside path: FilePath, resolve: (FilePath) -> PathResolution
    ) throws {
        let stems = CompanionName.readings(of: path.name).map(\.stem)
        let beside = try surroundings.catalog.read { reader in
            try stems.flatMap { try reader.presentFiles(in: path.parent, stem: $0) }
        }
        for file in beside { try reconcileFile(at: file, hint: nil, resolve: resolve) }
    }

    /// Looks at the links of a directory that lead to files on the thread's device.
    mutating func reconcileLinks(
        of path: FilePath, _ walker: TreeWalker, resolve: (FilePath) -> PathResolution
    ) throws {
        do throws(SystemError) {
            let parent = try open(path)
            let directory = self.directory(path, parent)
            let links = try walker.links(of: path, realPath: place.realPath(of: path))
            boundaries += links.directories.map { (path.appending($0), .link) }
            for (name, ancestor, missing) in links.dangling {
                dangling.append((path.appending(name), ancestor, missing))
                do {
                    let row = try surroundings.catalog.read { try $0.file(at: path.appending(name)) }
                    if let row, row.state != .missing { candidates.append((row.id, row.path)) }
                } catch {
                    databaseError = error
                }
            }
            for file in links.files {
                if let target = file.target { follow(target, from: path.appending(file.name)) }
                let link = path.appending(file.name)
                seenCounts.seen += 1
                let companions = files.companions(of: link, in: directory, realPath: place.realPath(of: link), resolve)
                do {
                    try reconcile(file, companions, in: directory, hint: nil)
                } catch {
                    databaseError = error
                }
            }
        } catch {
            note(trouble: "\(error)", in: path)
        }
        if let databaseError { throw databaseError }
        try flush()
        try markGone()
    }

    /// By its real path: a link on the way may lie on a drive that hangs.
    private func open(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.openAt(AT_FDCWD, place.realPath(of: path).bytes, O_RDONLY | O_DIRECTORY, shown: path)
    }

    private func directory(_ path: FilePath, _ descriptor: borrowing FileDescriptor) -> FileReconciler.Directory {
        FileReconciler.Directory(
            path: path, descriptor: descriptor.number, fileSystem: descriptor.fileSystemType(),
            fileSystemID: LinuxSystem.fileSystemID(ofDescriptor: descriptor.number),
            folder: path.relative(to: place.root.path) ?? [], root: place.root, isTop: path == place.path)
    }

    /// A file and its open directory; nil when it went meanwhile, which is an event of its own, or cannot be asked
    /// now, which is tried again when somebody waits for it.
    private mutating func find(
        _ path: FilePath, _ hint: FileHint?, _ resolve: (FilePath) -> PathResolution
    ) -> OpenFile? {
        do throws(SystemError) {
            let parent = try open(path.parent)
            let own = try FileStatus.of(path.name, in: parent.number, followLinks: false, shown: path)
            if own.kind == .regular {
                return OpenFile(parent: parent, found: FoundFile(name: path.name, status: own, target: nil))
            }
            guard own.kind == .link, files.options.followsSymbolicLinks else {
                foundNoFile = true
                return nil
            }
            switch resolve(place.realPath(of: path)) {
            case .found(let target):
                let status = try FileStatus.of(target)
                if status.kind == .directory { boundaries.append((path, .link)) }
                guard status.kind == .regular else {
                    foundNoFile = true
                    return nil
                }
                follow(target, from: path)
                return OpenFile(parent: parent, found: FoundFile(name: path.name, status: status, target: target))
            case .elsewhere(let mount): linksElsewhere.append((path.parent, mount.device))
            case .missing(let ancestor, let name):
                dangling.append((path, ancestor, name))
                foundNoFile = true
            case .failed(let error): if error.errno != .tooManyLinks { throw error }
            }
            return nil
        } catch {
            if error.errno != .noEntry, error.errno != .notDirectory {
                note(trouble: "\(error)", in: path.parent)
                if hint == .settled { files.watcher.hold(path, nanoseconds: 60_000_000_000) }
            }
            return nil
        }
    }

    // MARK: - What is gone

    /// Ends a walk: whatever was to be found at `path` or below and is not there is missing.
    mutating func finish(below path: FilePath, recursive: Bool) throws {
        try flush()
        guard !isCancelled, let folder = path.relative(to: place.root.path) else { return }
        let inner = surroundings.placesWithin(path).filter { $0 !== place }
        findVanished(inner, below: recursive ? nil : path)
        if recursive { try addFilesOfUnlistedFolders(below: folder, inner) }
        try markGone()
        try uncoverSkippedDirectories()
    }

    private mutating func markGone() throws {
        let gone = candidates.filter { file in
            !unknown.contains { file.path.isWithin($0) } && isGone(file.path)
        }
        guard !gone.isEmpty else { return }
        let (catalog, log) = (surroundings.catalog, surroundings.events)
        let marked = try surroundings.thread.waitingForOthers {
            try catalog.write(telling: log) { writer, events in
                let marked = try writer.markMissing(gone, at: Timestamp.text(nanoseconds: WallClock.now))
                events += marked.map { IndexEvent(.fileMissing, fileID: $0.id, path: $0.path) }
                try writer.completeScans(telling: &events)
                return marked
            }
        }
        missing += marked.count
        for file in marked {
            surroundings.watcher.unfollow(file.path)
            changedLinks.append((file.path, .attributes))
        }
    }

    /// Places that the walk should have met and has not.
    ///
    /// - Parameter parent: the only directory that was listed, if it was only one.
    private mutating func findVanished(_ inner: [Place], below parent: FilePath?) {
        let met = Set(boundaries.map(\.path))
        for other in inner where other.kind != .root && other.root === place.root && !met.contains(other.path) {
            if let parent, other.path.parent != parent { continue }
            let isHidden =
                unknown.contains { other.path.isWithin($0) }
                || inner.contains { $0 !== other && other.path.isWithin($0.path) }
                || skippedDirectories.contains { other.path.isWithin($0) }
            if !isHidden { vanished.append(other) }
        }
    }

    /// What the catalogue has in folders that were not met on the walk, because they are gone.
    private mutating func addFilesOfUnlistedFolders(below folder: [UInt8], _ others: [Place]) throws {
        let root = place.root
        let inner = others.map(\.path) + boundaries.map(\.path)
        if inner.isEmpty {
            let rows = try surroundings.catalog.read { try $0.rowCount(ofRoot: root.id, below: folder) }
            if rows == listedRows { return }
        }
        for name in try surroundings.catalog.read({ try $0.folderNames(ofRoot: root.id, below: folder) })
        where !listedFolders.contains(name) {
            let directory = root.path.appending(name)
            let isOthers = (inner + unknown + skippedDirectories).contains { directory.isWithin($0) }
            if isOthers { continue }
            candidates += try surroundings.catalog.read { try $0.presentFiles(inFolder: name, ofRoot: root.id) }
        }
    }

    private func uncoverSkippedDirectories() throws {
        for path in skippedDirectories where try surroundings.catalog.read({ try $0.knowsFiles(below: path) }) {
            try surroundings.catalog.write(telling: surroundings.events) { writer, _ in
                try writer.uncover(below: path)
            }
        }
    }

    private func isGone(_ path: FilePath) -> Bool {
        surroundings.thread.sign()
        do throws(SystemError) {
            let real = place.realPath(of: path)
            return try FileStatus.of(real.bytes, in: AT_FDCWD, followLinks: true, shown: path).kind != .regular
        } catch {
            return error.errno == .noEntry || error.errno == .notDirectory
        }
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

/// A file that was found, with the directory that it lies in held open.
private struct OpenFile: ~Copyable {
    let parent: FileDescriptor
    let found: FoundFile
}
