internal import Glibc
package import LinuxSystem

/// Why a directory below a walk is walked by itself.
package enum TreeBoundary: Hashable, Sendable {
    /// It is known as a place of its own.
    case known
    /// Another file system is mounted there.
    case mount
    /// A link leads to a directory, or to what may be one.
    case link
}

/// What a walk tells while it goes, one directory after the other, on the walking thread.
package protocol TreeWalkVisitor {
    /// A directory was listed to its end.
    mutating func listed(_ directory: ListedDirectory)
    /// A directory could not be opened or listed: nothing is known about it or what lies below.
    mutating func failed(_ path: FilePath, _ error: SystemError)
    /// A directory that is walked by itself begins at this path.
    mutating func reached(_ path: FilePath, _ boundary: TreeBoundary)
    /// A directory is not listed here, because it is in the tree at another path.
    mutating func skipped(_ path: FilePath)
    /// No watch was left for a directory: what happens in it is found only by listing it again.
    mutating func leftUnwatched(_ path: FilePath)
    /// The walk got on: a drive that answers slowly does answer.
    mutating func gotOn()
    /// True to end the walk.
    var isCancelled: Bool { get }
}

/// What a walk goes by.
package struct TreeWalkRules: Sendable {
    package var names: WatchedNames
    package var followsLinks = true
    /// False for a place that is polled.
    package var usesEvents = true
    /// True for a path that is walked by itself.
    package var isPlace: @Sendable (FilePath) -> Bool = { _ in false }
    /// True for a directory that is the top of another place, which is reached by another path.
    package var isOtherPlace: @Sendable (DirectoryIdentity) -> Bool = { _ in false }
    /// True for a path without links at which something is mounted.
    package var isMountPoint: @Sendable (FilePath) -> Bool = { _ in false }
    /// Follows links, without entering mounts that are not the walk's.
    package var resolve: @Sendable (FilePath) -> PathResolution

    package init(
        names: WatchedNames,
        resolve: @escaping @Sendable (FilePath) -> PathResolution = {
            PathResolver(.current()).resolve($0) { _ in true }
        }
    ) {
        self.names = names
        self.resolve = resolve
    }
}

/// Walks a directory tree: watches each directory first and lists it after, so that nothing falls between.
///
/// It stays on one file system and enters no link to a directory: what begins at such a boundary is told, and walked
/// by itself.
package struct TreeWalker: Sendable {
    private let watcher: DirectoryWatcher
    private let rules: TreeWalkRules

    /// After so many names it is said that the walk got on.
    private static let stride = 16
    /// Deeper trees are reported as failed; each level holds one descriptor open.
    private static let depthLimit = 128

    package init(watcher: DirectoryWatcher, rules: TreeWalkRules) {
        self.watcher = watcher
        self.rules = rules
    }

    /// A directory on the way.
    private struct Position {
        /// As it is shown, through the links that lead to the top.
        let path: FilePath
        /// Where it lies without links.
        let realPath: FilePath
        let depth: Int

        func child(_ name: [UInt8]) -> Position {
            Position(path: path.appending(name), realPath: realPath.appending(name), depth: depth + 1)
        }
    }

    /// Walks a place from its top, by whatever links that is reached; only the top when not `recursive`, and
    /// directories below it that are not in the tree yet.
    ///
    /// - Parameter realPath: the top's path without links.
    package func walkPlace(
        _ path: FilePath, realPath: FilePath, recursive: Bool = true, visitor: inout some TreeWalkVisitor
    ) {
        do throws(SystemError) {
            // By its real path: a link on the way may lie on a drive that hangs.
            let descriptor = try FileDescriptor.openAt(
                AT_FDCWD, realPath.bytes, O_RDONLY | O_DIRECTORY, shown: path)
            let top = Position(path: path, realPath: realPath, depth: 0)
            walk(descriptor, top, recursive: recursive, isTop: true, &visitor)
        } catch {
            fail(path, error, &visitor)
        }
    }

    /// Walks one directory inside of a place, and everything below it when `recursive`; directories that are not in
    /// the tree yet are walked in any case.
    package func walk(_ path: FilePath, realPath: FilePath, recursive: Bool, visitor: inout some TreeWalkVisitor) {
        let position = Position(path: path, realPath: realPath, depth: 0)
        do throws(SystemError) {
            if rules.isPlace(path) { return visitor.reached(path, .known) }
            if rules.isMountPoint(realPath) { return visitor.reached(path, .mount) }
            let parent = try FileDescriptor.openAt(
                AT_FDCWD, realPath.parent.bytes, pathOnlyFlag | O_DIRECTORY, shown: path)
            do throws(SystemError) {
                let descriptor = try Self.openSubdirectory(realPath.name, in: parent.number, shown: path)
                walk(descriptor, position, recursive: recursive, isTop: false, &visitor)
            } catch {
                if error.errno == .crossDevice { return visitor.reached(path, .mount) }
                let status = try FileStatus.of(realPath.name, in: parent.number, followLinks: false, shown: path)
                guard status.kind == .link else { throw error }
                follow(position, &visitor)
            }
        } catch {
            fail(path, error, &visitor)
        }
    }

    /// Opens a directory. What was mounted there since the mount table was read is not asked, since it may hang: that is
    /// an error (EXDEV).
    private static func openSubdirectory(
        _ name: [UInt8], in parent: Int32, shown: FilePath
    ) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.openWithinMount(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, shown: shown)
    }

    private func fail(_ path: FilePath, _ error: SystemError, _ visitor: inout some TreeWalkVisitor) {
        if error.errno == .noEntry || error.errno == .notDirectory { watcher.forget(path) }
        visitor.failed(path, error)
    }

    /// Lists only the links of a directory that have the names of files, without watching it.
    ///
    /// - Throws: what kept the directory from being listed.
    package func links(of path: FilePath, realPath: FilePath) throws(SystemError) -> ListedLinks {
        let descriptor = try FileDescriptor.openAt(AT_FDCWD, realPath.bytes, O_RDONLY | O_DIRECTORY, shown: path)
        var links = ListedLinks()
        for entry in try listDirectory(descriptor.number, shown: path) {
            guard entry.kind == .link || entry.kind == nil, rules.names.isReported(entry.name) else { continue }
            switch rules.resolve(realPath.appending(entry.name)) {
            case .found(let target) where target != realPath.appending(entry.name):
                guard let status = try? FileStatus.of(target) else { continue }
                if status.kind == .directory { links.directories.append(entry.name) }
                guard status.kind == .regular else { continue }
                links.files.append(FoundFile(name: entry.name, status: status, target: target))
            case .missing(let ancestor, let missing): links.dangling.append((entry.name, ancestor, missing))
            case .found, .elsewhere, .failed: break
            }
        }
        return links
    }

    /// A link that was asked about by itself.
    private func follow(_ position: Position, _ visitor: inout some TreeWalkVisitor) {
        guard rules.followsLinks else { return }
        switch rules.resolve(position.realPath) {
        case .found(let target):
            if (try? FileStatus.of(target).kind) == .directory { visitor.reached(position.path, .link) }
        case .elsewhere: visitor.reached(position.path, .link)
        case .missing: visitor.failed(position.path, SystemError(.noEntry, call: "open", subject: "\(position.path)"))
        case .failed: break
        }
    }

    private func walk(
        _ directory: borrowing FileDescriptor, _ position: Position, recursive: Bool, isTop: Bool,
        watchedAhead: DirectoryIdentity? = nil, _ visitor: inout some TreeWalkVisitor
    ) {
        guard !visitor.isCancelled else { return }
        var subdirectories: [[UInt8]] = []
        do throws(SystemError) {
            let identity = DirectoryIdentity(try directory.status())
            if !isTop, rules.isOtherPlace(identity) { return visitor.skipped(position.path) }
            // A watch that was made ahead may have ended since.
            if identity != watchedAhead || !watcher.isWatched(identity, at: position.path) {
                let outcome = watcher.watch(
                    directory: directory.number, path: position.path, identity: identity, usesEvents: rules.usesEvents)
                if case .knownElsewhere = outcome { return visitor.skipped(position.path) }
                if case .failed(let error) = outcome { throw error }
                if case .limitReached = outcome { visitor.leftUnwatched(position.path) }
            }
            subdirectories = try list(directory, device: identity.device, position, &visitor)
        } catch {
            return visitor.failed(position.path, error)
        }
        let ahead =
            recursive
            ? WatchesAhead(subdirectories, in: directory.number, path: position.path, watcher: watcher, rules: rules)
            : nil
        defer { ahead?.end() }
        for (index, name) in subdirectories.enumerated() {
            let child = position.child(name)
            guard recursive || !watcher.contains(child.path) else { continue }
            descend(into: child, of: directory, name, watchedAhead: ahead?.arrive(at: index), &visitor)
        }
    }

    /// Lists a directory, tells the visitor of what it holds, and returns its subdirectories.
    private func list(
        _ directory: borrowing FileDescriptor, device: UInt64, _ position: Position,
        _ visitor: inout some TreeWalkVisitor
    ) throws(SystemError) -> [[UInt8]] {
        var listed = ListedDirectory(path: position.path, descriptor: directory.number, device: device)
        var subdirectories: [[UInt8]] = []
        var candidates: [(name: [UInt8], stems: [[UInt8]])] = []
        for (index, entry) in try listDirectory(directory.number, shown: position.path).enumerated() {
            if index % Self.stride == 0 { visitor.gotOn() }
            let isReported = rules.names.isReported(entry.name)
            if !isReported, entry.kind != .directory {
                let stems = rules.names.stems(entry.name)
                if !stems.isEmpty, !rules.names.isIgnored(entry.name) { candidates.append((entry.name, stems)) }
            }
            if !isReported, entry.kind == .regular || rules.names.isIgnored(entry.name) { continue }
            if entry.kind == .other { continue }
            var status: FileStatus?
            do throws(SystemError) {
                if entry.kind != .directory && entry.kind != .link {
                    status = try FileStatus.of(
                        entry.name, in: directory.number, followLinks: false, shown: position.path.appending(entry.name)
                    )
                }
                switch status?.kind ?? entry.kind {
                case .regular:
                    guard let status, isReported else { continue }
                    listed.files.append(FoundFile(name: entry.name, status: status, target: nil))
                case .directory:
                    if let boundary = boundary(position.child(entry.name)) {
                        listed.boundaries.append(entry.name)
                        visitor.reached(position.path.appending(entry.name), boundary)
                    } else {
                        subdirectories.append(entry.name)
                    }
                case .link:
                    if rules.followsLinks { try follow(entry.name, isReported, position, &listed, &visitor) }
                case .other, nil: break
                }
            } catch {
                // Gone since the listing: there is no file.
                if error.errno == .noEntry || error.errno == .notDirectory { continue }
                // A directory that may be read and not searched tells names, and nothing about any of them.
                if error.errno == .accessDenied, status == nil, entry.kind != .link {
                    throw SystemError(error.errno, call: error.call, subject: position.path.description)
                }
                listed.unreadable.append((entry.name, error))
            }
        }
        listed.companions = companions(among: candidates, of: listed.files, in: directory.number, position)
        visitor.listed(listed)
        return subdirectories
    }

    /// Those of the names that lie beside a file, and are files themselves. The others are not even asked about.
    private func companions(
        among names: [(name: [UInt8], stems: [[UInt8]])], of files: [FoundFile], in directory: Int32,
        _ position: Position
    ) -> [FoundFile] {
        if names.isEmpty || files.isEmpty { return [] }
        let stem = rules.names.stem
        let present = Set(files.map { stem($0.name) })
        return names.compactMap { candidate -> FoundFile? in
            guard candidate.stems.contains(where: { present.contains($0) }) else { return nil }
            let realPath = position.realPath.appending(candidate.name)
            return FoundFile.regular(
                candidate.name, in: directory, realPath: realPath, followsLinks: rules.followsLinks,
                resolve: rules.resolve)
        }
    }

    private func boundary(_ position: Position) -> TreeBoundary? {
        if rules.isPlace(position.path) { return .known }
        return rules.isMountPoint(position.realPath) ? .mount : nil
    }

    /// A link in a directory that is listed.
    private func follow(
        _ name: [UInt8], _ isReported: Bool, _ position: Position, _ listed: inout ListedDirectory,
        _ visitor: inout some TreeWalkVisitor
    ) throws(SystemError) {
        switch rules.resolve(position.realPath.appending(name)) {
        case .found(let target):
            let status = try FileStatus.of(target)
            if status.kind == .directory {
                listed.boundaries.append(name)
                visitor.reached(position.path.appending(name), .link)
            } else if status.kind == .regular, isReported {
                listed.files.append(FoundFile(name: name, status: status, target: target))
            }
        case .elsewhere(let mount):
            if isReported {
                listed.filesElsewhere.append((name, mount))
            } else {
                listed.boundaries.append(name)
                visitor.reached(position.path.appending(name), .link)
            }
        case .missing(let ancestor, let missing):
            listed.dangling.append((name, ancestor, missing))
            // A place that is absent stays one.
            if rules.isPlace(position.path.appending(name)) {
                listed.boundaries.append(name)
                visitor.reached(position.path.appending(name), .known)
            }
        case .failed(let error):
            if isReported || error.errno != .tooManyLinks { throw error }
        }
    }

    private func descend(
        into position: Position, of parent: borrowing FileDescriptor, _ name: [UInt8],
        watchedAhead: DirectoryIdentity?, _ visitor: inout some TreeWalkVisitor
    ) {
        guard position.depth < Self.depthLimit else {
            let error = SystemError(.nameTooLong, call: "walk", subject: position.path.description)
            return visitor.failed(position.path, error)
        }
        do throws(SystemError) {
            let descriptor = try Self.openSubdirectory(name, in: parent.number, shown: position.path)
            walk(descriptor, position, recursive: true, isTop: false, watchedAhead: watchedAhead, &visitor)
        } catch {
            if error.errno == .crossDevice { return visitor.reached(position.path, .mount) }
            // Gone since the listing, or no directory any more.
            if error.errno == .noEntry || error.errno == .notDirectory || error.errno == .tooManyLinks {
                return watcher.forget(position.path)
            }
            visitor.failed(position.path, error)
        }
    }
}
