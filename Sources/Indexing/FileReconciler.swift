internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem

/// Decides what one file that was looked at changes in the catalogue.
///
/// Runs on the walking thread of the file's file system, so it may make path calls there.
struct FileReconciler {
    let catalog: ModelCatalog
    let watcher: DirectoryWatcher
    let options: IndexingOptions
    let root: WatchedRoot
    /// Below these paths, which hold no link, companions may be read that links lead to.
    let readable: [FilePath]
    let partTensors = PartTensors()

    /// A directory that is being looked at.
    struct Directory {
        let path: FilePath
        let descriptor: Int32
        let fileSystem: FileSystemType
        let fileSystemID: String?
        let folder: [UInt8]
        /// Of files whose content does not decide.
        let type: String?
        let typeSource: String?

        /// - Parameter isTop: true for the top of a place: what lies beside it belongs to another one.
        init(
            path: FilePath, descriptor: Int32, fileSystem: FileSystemType, fileSystemID: String?, folder: [UInt8],
            root: WatchedRoot, isTop: Bool
        ) {
            self.path = path
            self.descriptor = descriptor
            self.fileSystem = fileSystem
            self.fileSystemID = fileSystemID
            self.folder = folder
            type = root.record.type ?? FolderTypes.type(ofFolder: folder, directory: isTop ? nil : descriptor)
            typeSource = type == nil ? nil : root.record.type != nil ? "root" : "folder"
        }
    }

    /// What a file changes, and the rows that are altered by it.
    typealias Decision = (change: FileChange, rows: [KnownFile])

    /// What the file changes; nil when nothing.
    ///
    /// - Parameter known: the catalogue's row of the path, if it has one.
    func change(
        for observed: ObservedFile, _ companions: FileCompanions, in directory: Directory, known: KnownFile?,
        hint: FileHint?
    ) throws -> Decision? {
        if let known {
            switch FileComparison.compare(known, with: observed.status, on: directory.fileSystem, hint: hint) {
            // Nothing of it has been read that could stand: it is looked at as if it were new.
            case .same where known.isHeld && known.state == .missing: break
            case .statusChanged where known.isHeld: break
            case .doubtful where known.isHeld: break
            case .same
            where known.placeType != observed.placeType || known.placeTypeSource != observed.placeTypeSource
                || known.rootID != observed.rootID:
                // The configuration has given the place another type, or covers it again.
                return (.keep(known.id, observed, readAgain: false), [known])
            // A rename has hidden what the end of the write would have told.
            case .same where hint == .arrivedWritten && known.state == .indexed:
                return (.keep(known.id, observed, readAgain: true), [known])
            case .same: return changeOfUnchanged(known, observed, companions, directory, hint).map { ($0, [known]) }
            case .statusChanged: return (.keep(known.id, observed, readAgain: false), [known])
            case .doubtful:
                // Another inode may be another known file, which was given this name.
                if known.inode != observed.status.inode,
                    let adopted = try adoption(of: observed, companions, in: directory, displacing: known, hint)
                {
                    return adopted
                }
                // What was missing and is back by the same inode was only moved away and back.
                let wasAway = known.state == .missing && known.inode == observed.status.inode
                return (.keep(known.id, observed, readAgain: known.contentID != nil && !wasAway), [known])
            case .changed: break
            }
        }
        if let adopted = try adoption(of: observed, companions, in: directory, displacing: known, hint) {
            return adopted
        }
        let (content, held) = firstLook(observed, companions, directory, known, hint)
        guard let known else { return (.add(observed, content, held: held), []) }
        return (.replace(known.id, observed, content, held: held), [known])
    }

    // MARK: - A file that is as it was

    private func changeOfUnchanged(
        _ known: KnownFile, _ observed: ObservedFile, _ companions: FileCompanions, _ directory: Directory,
        _ hint: FileHint?
    ) -> FileChange? {
        switch known.state {
        case .missing: return .keep(known.id, observed, readAgain: false)
        case .pending where known.isHeld: return release(known, observed, companions, directory, hint)
        case .error where hint == .attributes: return .retry(known.id)
        case .pending, .indexed, .error: return nil
        }
    }

    private func release(
        _ known: KnownFile, _ observed: ObservedFile, _ companions: FileCompanions, _ directory: Directory,
        _ hint: FileHint?
    ) -> FileChange? {
        let (content, held) = firstLook(observed, companions, directory, known, hint)
        guard case .new(let description) = content else { return held ? nil : .setHeld(known.id, false, nil) }
        return .setHeld(known.id, held, description)
    }

    /// True when a decision about the file goes by what the catalogue has for other paths.
    func dependsOnOthers(_ found: FoundFile, in directory: Directory, known: KnownFile?) -> Bool {
        guard let known else { return true }
        return known.inode != found.status.inode
            || FileComparison.compare(known, with: found.status, on: directory.fileSystem, hint: nil) == .changed
    }

    // MARK: - A file that is known elsewhere

    /// A file that is known by its inode under another path: it moved here, or this is one more link to it.
    private func adoption(
        of observed: ObservedFile, _ companions: FileCompanions, in directory: Directory,
        displacing known: KnownFile?, _ hint: FileHint?
    ) throws -> Decision? {
        guard directory.fileSystem.hasLastingInodes else { return nil }
        let status = observed.status
        let candidates = try catalog.read {
            try $0.files(inode: status.inode, size: status.size, modified: status.modified)
        }
        var shared: Int64?
        for candidate in candidates where candidate.path != observed.path && candidate.isSameFile(as: observed) {
            switch whereabouts(of: candidate, comparedWith: status) {
            // A link that led to the file is not the file.
            case .left where candidate.isSymbolicLink != observed.isSymbolicLink: break
            case .left:
                // Its quiet time was set for the old path; the new one starts its own, if it still needs one.
                let look = candidate.isHeld ? firstLook(observed, companions, directory, candidate, hint) : nil
                // A rename changes the inode and no byte; a write that nobody has looked at since may have.
                let readAgain =
                    candidate.state == .indexed
                    && (hint == .arrivedWritten || watcher.isBeingWritten(observed.path))
                let change = FileChange.move(
                    candidate.id, observed, displaced: known?.id, readAgain: readAgain, look: look)
                return (change, [candidate] + (known.map { [$0] } ?? []))
            case .same:
                if isTrusted(candidate, for: observed, hint) { shared = shared ?? candidate.contentID }
            case .unknown: break
            }
        }
        guard let shared else { return nil }
        guard let known else { return (.add(observed, .shared(id: shared), held: false), []) }
        return (.replace(known.id, observed, .shared(id: shared), held: false), [known])
    }

    /// True when what the catalogue has for another name of the same inode is as good for this one.
    private func isTrusted(_ other: KnownFile, for observed: ObservedFile, _ hint: FileHint?) -> Bool {
        // What is not complete or in doubt under one name is so under every other.
        if other.isHeld || other.isReadAgain { return false }
        if hint == .writing || watcher.isBeingWritten(observed.path) || watcher.isBeingWritten(other.path) {
            return false
        }
        // One link more or less changes the inode too; anything else that did has yet to be looked at.
        return other.changed == observed.status.changed || other.links != Int(observed.status.links)
    }

    private enum Whereabouts {
        /// The old path holds nothing or something else.
        case left
        /// The old path holds the same file: both are links to it.
        case same
        /// The old path cannot be asked.
        case unknown
    }

    private func whereabouts(of candidate: KnownFile, comparedWith status: FileStatus) -> Whereabouts {
        // A path that nothing covers is no place of the file any more, even if a link still leads there.
        if candidate.rootID == nil { return .left }
        do throws(SystemError) {
            let there = try FileStatus.of(candidate.path)
            return there.inode == status.inode && there.device == status.device ? .same : .left
        } catch {
            return error.errno == .noEntry || error.errno == .notDirectory ? .left : .unknown
        }
    }

    // MARK: - A content that is not known

    private func firstLook(
        _ observed: ObservedFile, _ companions: FileCompanions, _ directory: Directory, _ known: KnownFile?,
        _ hint: FileHint?
    ) -> (CatalogWriter.Content, held: Bool) {
        if let wait = waitingTime(observed, directory, known, hint) {
            watcher.hold(observed.path, nanoseconds: wait)
            return (.unknown, held: true)
        }
        do throws(SystemError) {
            let file = try FileDescriptor.openAt(
                directory.descriptor, observed.path.name, O_RDONLY | O_NONBLOCK | O_NOCTTY, shown: observed.path)
            var look = FileInspector.inspect(
                file, size: observed.status.size, path: observed.path, others: others(companions, directory))
            if let mark = mark(of: observed, directory) { look.noteAbandoned(mark: mark.name) }
            guard let wait = waitingTime(observed, isIncomplete: look.isIncomplete, file) else {
                return (.new(look.description), held: false)
            }
            watcher.hold(observed.path, nanoseconds: wait)
            return (.new(look.description), held: true)
        } catch {
            // It is listed all the same; reading it to hash it will tell the error, and try again later.
            return (.unknown, held: false)
        }
    }

    /// Nanoseconds since the last write; by the change of the inode where the time of the write lies in the future.
    private static func age(of status: FileStatus) -> Int64 {
        let now = WallClock.now
        return now.subtractingReportingOverflow(status.modified > now ? status.changed : status.modified).partialValue
    }

    /// How long the file has to be left alone before it is looked at, in nanoseconds; nil when it is complete
    /// as far as its surroundings tell.
    private func waitingTime(
        _ observed: ObservedFile, _ directory: Directory, _ known: KnownFile?, _ hint: FileHint?
    ) -> Int64? {
        if let mark = mark(of: observed, directory) {
            // A mark that nobody has touched for long was left behind.
            let age = min(Self.age(of: mark.status), Self.age(of: observed.status))
            if age < options.incompletePatience { return options.incompletePatience - max(age, 0) }
        }
        // A hint may be older than what the watcher has seen since.
        if hint == .writing || watcher.isBeingWritten(observed.path) { return options.settle }
        if hint == .settled || hint == .arrived || hint == .arrivedWritten { return nil }
        let age = Self.age(of: observed.status)
        // Both times in the future say nothing; such a file is given one quiet time to show that nobody writes.
        if age < 0 { return known?.isHeld == true ? nil : options.settle }
        return age < options.settle ? options.settle - age : nil
    }

    /// How long the file has to be left alone because of what it holds and who has it open, in nanoseconds; nil when it
    /// is complete.
    private func waitingTime(
        _ observed: ObservedFile, isIncomplete: Bool, _ file: borrowing FileDescriptor
    ) -> Int64? {
        let patience = options.incompletePatience
        let age = Self.age(of: observed.status)
        let isRecent = age >= 0 && age < patience
        guard isIncomplete || isRecent else { return nil }
        let hasWriter = file.isOpenForWriting() == true
        // An open file that is whole as far as it tells, and that nobody has written to for long, is not waited for.
        guard isRecent ? isIncomplete || hasWriter : hasWriter && !options.isSinglePass else { return nil }
        // No event may tell when the writer closes it.
        return min(isRecent ? patience - age : patience, hasWriter ? Self.writerInterval : patience)
    }

    /// How often it is looked whether the writer of a file is done, in nanoseconds.
    private static let writerInterval: Int64 = 5_000_000_000

    /// What lies beside the file to say that it is unfinished.
    func mark(of observed: ObservedFile, _ directory: Directory) -> (name: [UInt8], status: FileStatus)? {
        let name = observed.path.name + FileNameRules.mark
        let status = try? FileStatus.of(name, in: directory.descriptor, followLinks: true, shown: observed.path)
        return status.map { (name, $0) }
    }

    /// What was found, with what the configuration says of its place.
    func observe(_ found: FoundFile, in directory: Directory) -> ObservedFile {
        ObservedFile(
            path: directory.path.appending(found.name), rootID: root.id, folder: directory.folder,
            status: found.status, fileSystemID: directory.fileSystemID, isSymbolicLink: found.isLink,
            placeType: directory.type, placeTypeSource: directory.typeSource)
    }
}
