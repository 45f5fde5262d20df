internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import ModelFormats

/// Looks at single files.
extension Reconciliation {
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
}

/// A file that was found, with the directory that it lies in held open.
private struct OpenFile: ~Copyable {
    let parent: FileDescriptor
    let found: FoundFile
}
