internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem

/// What is gone.
extension Reconciliation {
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

    mutating func markGone() throws {
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
