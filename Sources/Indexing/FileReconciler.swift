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

    /// A directory that is being looked at.
    struct Directory {
        let path: FilePath
        let descriptor: Int32
        let fileSystem: FileSystemType
        let fileSystemID: String?
        let folder: [UInt8]
    }

    /// What the file changes; nil when nothing.
    ///
    /// - Parameter known: the catalogue's row of the path, if it has one.
    func change(
        for found: FoundFile, in directory: Directory, known: KnownFile?, hint: FileHint?
    ) throws -> FileChange? {
        let observed = observe(found, in: directory)
        if let known {
            switch FileComparison.compare(known, with: found.status, on: directory.fileSystem, hint: hint) {
            case .same where known.type != observed.type:
                // The configuration has given the place another type.
                return keep(known, observed, readAgain: false)
            case .same: return changeOfUnchanged(known, observed, directory, hint)
            case .statusChanged: return keep(known, observed, readAgain: false)
            case .doubtful:
                // What was missing and is back by the same inode was only moved away and back.
                let wasAway = known.state == .missing && known.inode == found.status.inode
                return keep(known, observed, readAgain: known.contentID != nil && !wasAway)
            case .changed: break
            }
        }
        if let change = try adoption(of: observed, in: directory, displacing: known, hint) { return change }
        let (content, held) = firstLook(observed, directory, hint)
        guard let known else { return .add(observed, content, held: held) }
        return .replace(known.id, observed, content, held: held)
    }

    // MARK: - A file that is as it was

    private func changeOfUnchanged(
        _ known: KnownFile, _ observed: ObservedFile, _ directory: Directory, _ hint: FileHint?
    ) -> FileChange? {
        switch known.state {
        case .missing: return .keep(known.id, observed, readAgain: false)
        case .pending where known.isHeld: return release(known, observed, directory, hint)
        case .error where hint == .attributes: return .retry(known.id)
        case .pending, .indexed, .error: return nil
        }
    }

    private func keep(_ known: KnownFile, _ observed: ObservedFile, readAgain: Bool) -> FileChange {
        // A held file whose inode changed is looked at again by the report that ends its waiting.
        .keep(known.id, observed, readAgain: readAgain && known.state != .pending)
    }

    private func release(
        _ known: KnownFile, _ observed: ObservedFile, _ directory: Directory, _ hint: FileHint?
    ) -> FileChange? {
        let (content, held) = firstLook(observed, directory, hint)
        guard case .new(let description) = content else { return held ? nil : .setHeld(known.id, false, nil) }
        return .setHeld(known.id, held, description)
    }

    // MARK: - A file that is known elsewhere

    /// A file that is known by its inode under another path: it moved here, or this is one more link to it.
    private func adoption(
        of observed: ObservedFile, in directory: Directory, displacing known: KnownFile?, _ hint: FileHint?
    ) throws -> FileChange? {
        guard directory.fileSystem.hasLastingInodes else { return nil }
        let status = observed.status
        let candidates = try catalog.read {
            try $0.files(inode: status.inode, size: status.size, modified: status.modified)
        }
        var shared: Int64?
        for candidate in candidates where candidate.path != observed.path && candidate.isSameFile(as: observed) {
            switch place(of: candidate, comparedWith: status) {
            case .left:
                return .move(
                    candidate.id, from: candidate.path, observed, displaced: known?.id, readAgain: false)
            case .same: shared = shared ?? candidate.contentID
            case .unknown: break
            }
        }
        guard let shared else { return nil }
        guard let known else { return .add(observed, .shared(id: shared), held: false) }
        return .replace(known.id, observed, .shared(id: shared), held: false)
    }

    private enum Place {
        /// The old path holds nothing or something else.
        case left
        /// The old path holds the same file: both are links to it.
        case same
        /// The old path cannot be asked.
        case unknown
    }

    private func place(of candidate: KnownFile, comparedWith status: FileStatus) -> Place {
        do throws(SystemError) {
            let there = try FileStatus.of(candidate.path)
            return there.inode == status.inode && there.device == status.device ? .same : .left
        } catch {
            return error.errno == .noEntry || error.errno == .notDirectory ? .left : .unknown
        }
    }

    // MARK: - A content that is not known

    private func firstLook(
        _ observed: ObservedFile, _ directory: Directory, _ hint: FileHint?
    ) -> (CatalogWriter.Content, held: Bool) {
        if let wait = waitingTime(observed, directory, hint) {
            watcher.hold(observed.path, nanoseconds: wait)
            return (.unknown, held: true)
        }
        do throws(SystemError) {
            let file = try FileDescriptor.openAt(
                directory.descriptor, observed.path.name, O_RDONLY | O_NONBLOCK | O_NOCTTY, shown: observed.path)
            let look = FileInspector.inspect(file, size: observed.status.size, path: observed.path)
            let age = Self.age(of: observed.status)
            if look.isIncomplete, age >= 0, age < options.incompletePatience {
                watcher.hold(observed.path, nanoseconds: options.incompletePatience - age)
                return (.new(look.description), held: true)
            }
            return (.new(look.description), held: false)
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
    private func waitingTime(_ observed: ObservedFile, _ directory: Directory, _ hint: FileHint?) -> Int64? {
        let minute: Int64 = 60_000_000_000
        if isMarkedUnfinished(observed, directory) { return minute }
        // A hint may be older than what the watcher has seen since.
        if hint == .writing || watcher.isBeingWritten(observed.path) { return options.settle }
        if hint == .settled || hint == .arrived { return nil }
        let (age, overflow) = WallClock.now.subtractingReportingOverflow(observed.status.modified)
        // A time in the future says nothing; such a file is given one quiet time to show that nobody writes.
        if overflow || age < 0 { return options.settle }
        return age < options.settle ? options.settle - age : nil
    }

    private func isMarkedUnfinished(_ observed: ObservedFile, _ directory: Directory) -> Bool {
        let mark = observed.path.name + Array(".aria2".utf8)
        return (try? FileStatus.of(mark, in: directory.descriptor, followLinks: true, shown: observed.path)) != nil
    }

    private func observe(_ found: FoundFile, in directory: Directory) -> ObservedFile {
        let folderType = FolderTypes.type(ofFolder: directory.folder)
        let type = root.record.type ?? folderType
        return ObservedFile(
            path: directory.path.appending(found.name), rootID: root.id, folder: directory.folder,
            status: found.status, fileSystemID: directory.fileSystemID, isSymbolicLink: found.isLink, type: type,
            typeSource: type == nil ? nil : root.record.type != nil ? "root" : "folder")
    }
}
