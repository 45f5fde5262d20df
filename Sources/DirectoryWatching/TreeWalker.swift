internal import Glibc
package import LinuxSystem

/// A regular file, or a link to one, that a walk found.
package struct FoundFile: Sendable {
    package let name: [UInt8]
    /// Of the file itself, also behind a link.
    package let status: FileStatus
    package let isLink: Bool

    package init(name: [UInt8], status: FileStatus, isLink: Bool) {
        self.name = name
        self.status = status
        self.isLink = isLink
    }
}

/// What a walk tells while it goes, one directory after the other, on the walking thread.
package protocol TreeWalkVisitor {
    /// A directory was listed to its end. `descriptor` is open for the time of the call.
    ///
    /// - Parameters:
    ///   - files: the files whose names are reported, in bytewise order.
    ///   - unreadable: names that may be files and could not be asked about.
    mutating func listed(
        _ path: FilePath, descriptor: Int32, fileSystem: FileSystemType, files: [FoundFile],
        unreadable: [(name: [UInt8], error: SystemError)])
    /// A directory could not be opened or listed: nothing is known about it or what lies below.
    mutating func failed(_ path: FilePath, _ error: SystemError)
    /// A directory is not listed here, because it is in the tree at another path or belongs to another root.
    mutating func skipped(_ path: FilePath)
    /// True to end the walk.
    var isCancelled: Bool { get }
}

/// Walks a directory tree: watches each directory first and lists it after, so that nothing falls between.
package struct TreeWalker: Sendable {
    private let watcher: DirectoryWatcher
    private let names: WatchedNames
    private let followsLinks: Bool
    private let usesEvents: Bool
    private let isOtherRoot: @Sendable (FilePath) -> Bool
    private let isInsideRoots: @Sendable (FilePath) -> Bool

    /// Deeper trees are reported as failed; each level holds one descriptor open.
    private static let depthLimit = 128

    /// - Parameters:
    ///   - usesEvents: false for a place that is polled.
    ///   - isOtherRoot: true for a directory that another root walks.
    ///   - isInsideRoots: true for a real path that lies in a root, so that a link to it is not followed.
    package init(
        watcher: DirectoryWatcher, names: WatchedNames, followsLinks: Bool, usesEvents: Bool,
        isOtherRoot: @escaping @Sendable (FilePath) -> Bool, isInsideRoots: @escaping @Sendable (FilePath) -> Bool
    ) {
        self.watcher = watcher
        self.names = names
        self.followsLinks = followsLinks
        self.usesEvents = usesEvents
        self.isOtherRoot = isOtherRoot
        self.isInsideRoots = isInsideRoots
    }

    /// Walks one directory, and everything below it when `recursive`.
    ///
    /// - Parameter isRoot: true for a directory that somebody configured: it is walked even if it is reached by links.
    package func walk(_ path: FilePath, recursive: Bool, isRoot: Bool, visitor: inout some TreeWalkVisitor) {
        do throws(SystemError) {
            let isLink = isRoot ? false : try FileStatus.of(path, followLinks: false).kind == .link
            if isLink && !followsLinks { return visitor.skipped(path) }
            let descriptor = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
            if isLink, let real = realPath(ofDescriptor: descriptor.number), isInsideRoots(real) {
                return visitor.skipped(path)
            }
            walk(descriptor, path, depth: 0, recursive: recursive, &visitor)
        } catch {
            if error.errno == .noEntry || error.errno == .notDirectory { watcher.forget(path) }
            visitor.failed(path, error)
        }
    }

    private func walk(
        _ directory: borrowing FileDescriptor, _ path: FilePath, depth: Int, recursive: Bool,
        _ visitor: inout some TreeWalkVisitor
    ) {
        guard !visitor.isCancelled else { return }
        var subdirectories: [DirectoryEntry] = []
        do throws(SystemError) {
            let identity = DirectoryIdentity(try directory.status())
            let outcome = watcher.watch(
                directory: directory.number, path: path, identity: identity, usesEvents: usesEvents)
            if case .knownElsewhere = outcome { return visitor.skipped(path) }
            if case .failed(let error) = outcome { throw error }
            subdirectories = try list(directory, path, &visitor)
        } catch {
            return visitor.failed(path, error)
        }
        guard recursive else { return }
        for entry in subdirectories {
            descend(into: entry, of: directory, path.appending(entry.name), depth: depth + 1, &visitor)
        }
    }

    /// Lists a directory, tells the visitor of its files, and returns what may be subdirectories.
    private func list(
        _ directory: borrowing FileDescriptor, _ path: FilePath, _ visitor: inout some TreeWalkVisitor
    ) throws(SystemError) -> [DirectoryEntry] {
        var subdirectories: [DirectoryEntry] = []
        var files: [FoundFile] = []
        var unreadable: [(name: [UInt8], error: SystemError)] = []
        for entry in try listDirectory(directory.number, shown: path) {
            if names.isIgnored(entry.name) || entry.kind == .other { continue }
            let mayBeFile = entry.kind != .directory && names.isReported(entry.name)
            guard mayBeFile else {
                // Without a kind in the listing, only a look at it tells whether it is a directory.
                if entry.kind != .regular { subdirectories.append(entry) }
                continue
            }
            if entry.kind == .link && !followsLinks { continue }
            do throws(SystemError) {
                let status = try FileStatus.of(
                    entry.name, in: directory.number, followLinks: true, shown: path.appending(entry.name))
                switch status.kind {
                case .regular: files.append(FoundFile(name: entry.name, status: status, isLink: entry.kind == .link))
                case .directory: subdirectories.append(entry)
                case .link, .other: break
                }
            } catch  where error.errno == .noEntry || error.errno == .notDirectory {
                // Gone since the listing, or a link to nothing: there is no file.
            } catch {
                unreadable.append((entry.name, error))
            }
        }
        visitor.listed(
            path, descriptor: directory.number, fileSystem: directory.fileSystemType(), files: files,
            unreadable: unreadable)
        return subdirectories
    }

    private func descend(
        into entry: DirectoryEntry, of parent: borrowing FileDescriptor, _ path: FilePath, depth: Int,
        _ visitor: inout some TreeWalkVisitor
    ) {
        if isOtherRoot(path) { return visitor.skipped(path) }
        guard depth < Self.depthLimit else {
            return visitor.failed(path, SystemError(.nameTooLong, call: "walk", subject: path.description))
        }
        do throws(SystemError) {
            let isLink = try isLink(entry, in: parent, path)
            if isLink && !followsLinks { return }
            let descriptor = try FileDescriptor.openAt(
                parent.number, entry.name, O_RDONLY | O_DIRECTORY | (isLink ? 0 : O_NOFOLLOW), shown: path)
            if isLink, let real = realPath(ofDescriptor: descriptor.number), isInsideRoots(real) {
                return visitor.skipped(path)
            }
            walk(descriptor, path, depth: depth, recursive: true, &visitor)
        } catch  where error.errno == .noEntry || error.errno == .notDirectory || error.errno == .tooManyLinks {
            // Gone since the listing, no directory at all, or a link to nothing.
            watcher.forget(path)
        } catch {
            visitor.failed(path, error)
        }
    }

    private func isLink(
        _ entry: DirectoryEntry, in parent: borrowing FileDescriptor, _ path: FilePath
    ) throws(SystemError) -> Bool {
        if let kind = entry.kind { return kind == .link }
        return try FileStatus.of(entry.name, in: parent.number, followLinks: false, shown: path).kind == .link
    }
}
