internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// What came of looking whether a place is there.
enum PlaceOpening {
    case online
    case offline
    /// The directory is walked under another path.
    case nothingHere
    /// The way to it leads through another device, whose thread has to look.
    case elsewhere
    /// It is no place of its own any more.
    case dissolved
}

extension Indexer {
    /// The innermost place that holds a path.
    func place(holding path: FilePath) -> Place? { state.withLock { $0.registry.place(holding: path) } }

    var places: [Place] { state.withLock { $0.registry.all } }

    /// Tells early whether a place is there, before the long walks of others on its device.
    func open(_ place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread) {
        let request = ScanRequest(path: place.path, reason: .start)
        if case .elsewhere = open(place, request, watcher, thread, searches: false) { add(.open(place)) }
        noteProgress()
    }

    /// Opens a place and finds out whether it is the directory that it was.
    ///
    /// - Parameter searches: false leaves the place as it is if only a search for model files can decide.
    func open(
        _ place: Place, _ request: ScanRequest, _ watcher: DirectoryWatcher, _ thread: WalkingThread,
        searches: Bool = true
    ) -> PlaceOpening {
        if let dissolved = dissolveIfPlain(place) { return dissolved }
        let realPath: FilePath
        switch followWay(to: place, watcher, thread) {
        case .found(let path): realPath = path
        case .elsewhere(let mount):
            place.update {
                $0.passedDevices.insert(thread.device)
                $0.device = mount.device
            }
            return .elsewhere
        case .missing:
            // Somebody says that it is right so, or it was mounted somewhere else.
            if place.kind != .root, request.acceptsEmpty || isMountedElsewhere(place) {
                dissolveWithFiles(place)
                return .dissolved
            }
            setOffline(place, "it does not exist", isAbsent: true)
            return .offline
        case .failed(let error): return fail(place, error)
        }
        do throws(SystemError) {
            let descriptor = try FileDescriptor.open(place.path, O_RDONLY | O_DIRECTORY)
            let found = FoundPlace(
                realPath: realPath, status: try descriptor.status(), fileSystem: descriptor.fileSystemType(),
                fileSystemID: fileSystemID(ofDescriptor: descriptor.number),
                mount: state.withLock { $0.mounts.mount(holding: realPath) })
            if let home = home(of: found, for: place) {
                setElsewhere(place, home)
                return .nothingHere
            }
            // What was mounted is gone before it could be looked at.
            if place.kind == .mount, !isMountPoint(place, found), state.withLock({ $0.records[place.path] }) == nil {
                dissolveWithFiles(place)
                return .dissolved
            }
            if !isSame(place, found), !request.acceptsEmpty {
                guard searches else {
                    place.update { $0.isDoubted = true }
                    return .offline
                }
                guard holdsModelFile(place, found, watcher, thread) else { return doubt(place) }
                // What is there belongs to the directory around it: nothing is mounted here any more.
                if place.kind == .mount, !isMountPoint(place, found) {
                    dissolve(place)
                    return .dissolved
                }
            }
            setOnline(place, found)
            return .online
        } catch {
            return fail(place, error)
        }
    }

    /// Finds out where the path of a place leads, and has the place looked at again when a step of the way changes:
    /// another directory may take the place of any of them, and any link may lead elsewhere.
    private func followWay(to place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread) -> PathResolution {
        let devices = place.condition.passedDevices.union([thread.device])
        let mounts = state.withLock { $0.mounts }
        var way = place.condition.way
        // What is looked at is followed before, so that no change falls in between.
        for _ in 0..<Self.wayAttempts {
            for step in way { expect(step.name, in: step.directory, for: place.path, .directory) }
            var steps: [PathStep] = []
            let resolution = mounts.resolve(place.path, passing: { steps.append($0) }) { devices.contains($0.device) }
            if steps == way { return resolution }
            watcher.unfollow(place.path)
            way = steps
            place.update { $0.way = steps }
        }
        return .failed(SystemError(.again, call: "readlink", subject: place.path.description))
    }

    /// A way that changes more often while it is followed is looked for later.
    private static let wayAttempts = 16

    private func fail(_ place: Place, _ error: SystemError) -> PlaceOpening {
        let isAbsent = error.errno == .noEntry || error.errno == .notDirectory
        setOffline(place, isAbsent ? "it does not exist" : "\(error)", isAbsent: isAbsent)
        return .offline
    }

    // MARK: - Which directory it is

    /// What was found at the path of a place.
    struct FoundPlace {
        let realPath: FilePath
        let status: FileStatus
        let fileSystem: FileSystemType
        let fileSystemID: String?
        let mount: MountTable.Mount?
    }

    /// A mount moves with the directory that it lies in.
    private func isMountedElsewhere(_ place: Place) -> Bool {
        guard place.kind == .mount, let mount = place.condition.mount else { return false }
        return state.withLock { $0.mounts.visible }.contains { $0.id == mount.id && $0.device == mount.device }
    }

    private func isMountPoint(_ place: Place, _ found: FoundPlace) -> Bool { found.mount?.point == found.realPath }

    private func isSame(_ place: Place, _ found: FoundPlace) -> Bool {
        let stored = state.withLock { $0.records[place.path] }
        guard let stored else { return true }
        // Where nothing is mounted any more, whatever lies there is not what was mounted.
        if place.kind == .mount, !isMountPoint(place, found) { return false }
        return !PlaceIdentity.isOther(
            fileSystemID: found.fileSystemID, inode: found.status.inode, than: (stored.fileSystemID, stored.inode),
            on: found.fileSystem)
    }

    /// Another directory is there that holds no model file.
    private func doubt(_ place: Place) -> PlaceOpening {
        let knowsFiles = (try? catalog.read { try $0.knowsFiles(below: place.path) }) ?? true
        if !knowsFiles, place.kind == .mount {
            dissolve(place)
            return .dissolved
        }
        setOffline(
            place,
            "another place without a model file is there (an empty mount point?); if this is right, run:"
                + " kikod-ctl scan --accept-empty \(place.path)", isAbsent: true, isDoubted: true)
        return .offline
    }

    /// Searches a place that is not what it was. What was searched stays watched, so that a first model file is seen.
    private func holdsModelFile(
        _ place: Place, _ found: FoundPlace, _ watcher: DirectoryWatcher, _ thread: WalkingThread
    ) -> Bool {
        watcher.forget(place.path)
        var search = ModelFileSearch(thread: thread)
        walker(for: place, watcher, thread).walkPlace(place.path, realPath: found.realPath, visitor: &search)
        return search.hasFound
    }

    /// Where the same directory is walked, if that is not here: at its real place in a root, else under the path that
    /// the catalogue has for it, else under the bytewise smallest link.
    private func home(of found: FoundPlace, for place: Place) -> FilePath? {
        guard place.kind != .root else { return nil }
        let rules = options.rules
        let isKnown = state.withLock { $0.records[place.path] } != nil
        for other in places where other !== place && other.condition.isOnline && other.path != place.path {
            guard let real = other.condition.realPath, let relative = found.realPath.relative(to: real) else {
                continue
            }
            let path = other.path.appending(relative)
            if rules.excludes(path, below: other.root.path) || path.isWithin(place.path) { continue }
            switch other.kind {
            case .root:
                // What is mounted is where it is; only links lead to what lies elsewhere.
                if place.kind == .link { return path }
            case .mount, .link:
                if place.kind == .mount, other.kind == .link { continue }
                let isOtherKnown = state.withLock { $0.records[other.path] } != nil
                if isKnown, !isOtherKnown || !relative.isEmpty || place.path < other.path { continue }
                return path
            }
        }
        return nil
    }

    /// A link that has become a plain directory, or nothing, is no place of its own.
    private func dissolveIfPlain(_ place: Place) -> PlaceOpening? {
        guard place.kind == .link else { return nil }
        do throws(SystemError) {
            if try FileStatus.of(place.path, followLinks: false).kind == .link { return nil }
        } catch {
            // Where what surrounds it is away, it is away too.
            let isThere = self.place(holding: place.path.parent)?.condition.isOnline == true
            guard isThere, error.errno == .noEntry || error.errno == .notDirectory else { return nil }
        }
        dissolve(place)
        return .dissolved
    }

    /// What lies at the path of a place is part of what surrounds it from now on.
    func dissolve(_ place: Place) {
        let path = place.path
        running?.watcher.forget(path)
        running?.watcher.unfollow(path)
        state.withLock { state in
            state.registry.remove(path)
            state.records[path] = nil
        }
        do {
            try catalog.write { try $0.forgetPlace(path) }
        } catch {
            note(databaseError: error)
        }
        lookAgainAtLinks(into: path)
    }

    /// Links whose directories were walked at a path that is no more may have to be walked themselves.
    private func lookAgainAtLinks(into path: FilePath) {
        for place in places where place.condition.home?.isWithin(path) == true { scan(place, .returned) }
    }

    // MARK: - Coming and going

    private func setOnline(_ place: Place, _ found: FoundPlace) {
        let identity = DirectoryIdentity(found.status)
        let before = place.condition
        let wasOffline = before.hasBegun && !before.isOnline && !before.isElsewhere
        let record = PlaceRecord(
            path: place.path, kind: place.kind, fileSystemID: found.fileSystemID, inode: found.status.inode)
        let isNew = state.withLock { state in
            state.registry.tops[identity] = place
            if let old = before.identity, old != identity, state.registry.tops[old] === place {
                state.registry.tops[old] = nil
            }
            let isNew = state.records[place.path] != record
            state.records[place.path] = record
            return isNew
        }
        if isNew || wasOffline {
            do {
                try catalog.write { try $0.notePlace(record, now: WallClock.now) }
            } catch {
                note(databaseError: error)
                // It is written with the next look.
                state.withLock { $0.records[place.path] = nil }
            }
        }
        place.update { condition in
            condition.isOnline = true
            condition.hasBegun = true
            condition.isDoubted = false
            condition.home = nil
            condition.offlineReason = nil
            condition.identity = identity
            condition.realPath = found.realPath
            condition.mount = found.mount
            condition.isPolled =
                place.root.watchMode == .poll
                || (place.root.watchMode == .auto && found.fileSystem.needsPolling)
        }
        if isNew, place.kind == .mount { dissolveFormer(of: place, record) }
        if wasOffline {
            logger.notice("root online", .init("root", place.path))
            events.append([IndexEvent(.rootOnline, path: place.path)])
        }
        noteProgress()
    }

    /// The same file system, mounted somewhere else now: what was offline for want of it is not any more.
    private func dissolveFormer(of place: Place, _ record: PlaceRecord) {
        for other in places where other !== place && other.kind == .mount && other.condition.offlineReason != nil {
            let former = state.withLock { $0.records[other.path] }
            if former?.fileSystemID == record.fileSystemID, former?.inode == record.inode { dissolveWithFiles(other) }
        }
    }

    func setOffline(_ place: Place, _ reason: String, isAbsent: Bool, isDoubted: Bool = false) {
        let before = place.condition
        place.update {
            $0.goOffline(reason, isAbsent: isAbsent)
            $0.isDoubted = isDoubted
        }
        state.withLock { state in
            if let identity = before.identity, state.registry.tops[identity] === place {
                state.registry.tops[identity] = nil
            }
        }
        if !isDoubted { running?.watcher.forget(place.path) }
        running?.hashing.cancel(within: place.path)
        if before.offlineReason != reason {
            logger.warning("root offline: \(reason)", .init("root", place.path))
            noteOffline(place, reason, isNews: before.isOnline || !before.hasBegun)
            // What begins in it may not be reached any more either.
            for inner in places where inner !== place && inner.path.isWithin(place.path) && inner.condition.isOnline {
                scan(inner, .returned)
            }
        }
        noteProgress()
    }

    private func noteOffline(_ place: Place, _ reason: String, isNews: Bool) {
        if isNews { events.append([IndexEvent(.rootOffline, path: place.path, message: reason)]) }
        do {
            try catalog.write { try $0.notePlaceOffline(place.path, now: WallClock.now) }
        } catch {
            note(databaseError: error)
        }
    }

    /// Makes a place offline whose drive gives no sign; what its thread is at may still come to an end.
    func setUnanswered(_ place: Place) {
        let reason = place.update { condition -> String? in
            guard condition.isOnline || !condition.hasBegun else { return nil }
            let reason =
                condition.isDoubted ? "another place is there; it is searched for model files" : "it does not answer"
            condition.goOffline(reason, isAbsent: false)
            return reason
        }
        guard let reason else { return }
        logger.warning("root offline: \(reason)", .init("root", place.path))
        noteOffline(place, reason, isNews: true)
        noteProgress()
    }

    private func setElsewhere(_ place: Place, _ home: FilePath) {
        let path = place.path
        let isNew = place.condition.home != home
        place.update { condition in
            let way = condition.way
            condition = Place.Condition()
            condition.way = way
            condition.hasBegun = true
            condition.isReconciled = true
            condition.home = home
        }
        running?.watcher.forget(path)
        guard isNew else { return }
        logger.debug("a link leads to a directory that is walked elsewhere", .init("path", path), .init("home", home))
        do {
            state.withLock { $0.records[path] = nil }
            try catalog.write(telling: events) { writer, events in
                try writer.uncover(below: path)
                try writer.forgetPlace(path)
                try writer.completeScans(telling: &events)
            }
        } catch {
            note(databaseError: error)
        }
    }

    /// The files of an absent place are missing. Those of a place that merely cannot be read stay as they were.
    func markAbsentFiles(of place: Place) {
        guard place.condition.isAbsent else { return }
        do {
            // A place in it that is there by itself keeps its files.
            let inner = places.filter { $0 !== place && $0.path.isWithin(place.path) && $0.condition.isOnline }
                .map(\.path)
            try catalog.write(telling: events) { writer, events in
                let now = Timestamp.text(nanoseconds: WallClock.now)
                let marked = try writer.markMissing(below: place.path, except: inner, at: now)
                events += marked.map { IndexEvent(.fileMissing, fileID: $0.id, path: $0.path) }
                try writer.completeScans(telling: &events)
            }
        } catch {
            note(databaseError: error)
        }
    }

    // MARK: - What a walk has found out

    /// Walks what begins in a place, ends what has gone from it, and remembers what could not be seen.
    func followUp(_ reconciliation: Reconciliation, of place: Place, _ run: ScanRun?, isWhole: Bool = false) {
        note(reconciliation, of: place, isWhole: isWhole)
        for (link, ancestor, missing) in reconciliation.dangling {
            state.withLock { $0.registry.noteDangling(link) }
            expect(missing, in: ancestor, for: link, options.rules.isModelFile(link.name) ? .file : .directory)
            // It may have come before it was followed.
            if (try? FileStatus.of(ancestor.appending(missing), followLinks: false)) != nil {
                add(.directory(place, link.parent, recursive: false))
            }
        }
        for place in reconciliation.vanished {
            // A drive's mount point may be taken away with it; a link that is gone is gone.
            if place.kind == .link {
                dissolveWithFiles(place)
            } else if place.condition.isOnline || !place.condition.hasBegun {
                scan(place, .returned)
            }
        }
        lookAtOtherLinks(reconciliation.changedLinks)
        // The bytewise smallest of several links to one directory comes first.
        for (path, boundary) in reconciliation.boundaries.sorted(by: { $0.path < $1.path }) {
            begin(path, boundary, in: place, run)
        }
        for (directory, device) in reconciliation.linksElsewhere {
            if let run, !run.begin(ScanRun.Part(path: directory, linksOn: device)) { continue }
            add(.linkedFiles(place, directory, run), onDevice: device)
        }
    }

    /// An event names one path; an inode may have several.
    private func lookAtOtherLinks(_ changed: [(path: FilePath, hint: FileHint)]) {
        do {
            for (path, hint) in changed {
                for other in try catalog.read({ try $0.outdatedLinks(to: path) }) {
                    if let place = place(holding: other.parent) { add(.file(place, other, hint)) }
                }
            }
        } catch {
            note(databaseError: error)
        }
    }

    private func note(_ reconciliation: Reconciliation, of place: Place, isWhole: Bool) {
        let (troubles, cleared) = (reconciliation.troubles, reconciliation.cleared)
        if troubles.isEmpty && cleared.isEmpty && !isWhole { return }
        let news = place.update { condition -> String? in
            let before = condition.message
            condition.note(troubles: troubles, cleared: cleared, isWhole: isWhole)
            return condition.message == before ? nil : condition.message
        }
        // What stays closed would say so at every look; it is told when it is new.
        if let news { logger.warning("not everything can be seen: \(news)", .init("root", place.root.path)) }
    }

    private func begin(_ path: FilePath, _ boundary: TreeBoundary, in outer: Place, _ run: ScanRun?) {
        if options.rules.excludes(path, below: outer.root.path) { return }
        let (place, isNew) = state.withLock { state -> (Place?, Bool) in
            // A reload may have ended what surrounds it.
            guard state.registry.place(at: outer.path) === outer else { return (nil, false) }
            if boundary == .mount, state.mounts.mount(at: outer.realPath(of: path))?.isPseudo == true {
                return (nil, false)
            }
            let known = state.registry.place(at: path)
            let kind: Place.Kind = boundary == .link ? .link : .mount
            return (known ?? state.registry.place(at: path, kind: kind, of: outer.root), known == nil)
        }
        guard let place else { return }
        // What is polled by itself need not be looked at because of what surrounds it.
        if run?.request.reason == .poll, !isNew, place.condition.isOnline { return }
        // The scan of a whole root has the places that are known as parts already.
        if let run, run.begin(ScanRun.Part(path: path)) {
            add(.scan(place, path, run))
        } else if isNew || (run == nil && !place.condition.isOnline) {
            // Another place that was there has been a part of the scan.
            scan(place, .returned)
        }
    }

    private func dissolveWithFiles(_ place: Place) {
        dissolve(place)
        guard let holder = self.place(holding: place.path) else { return }
        // Its files are looked for where they were, and are missing if nothing is there.
        add(.directory(holder, place.path, recursive: true))
    }

    /// Has a path looked at again when a name appears in a directory, or changes there.
    func expect(_ name: [UInt8], in directory: FilePath, for subject: FilePath, _ kind: FollowedKind) {
        guard let descriptor = try? FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY) else { return }
        _ = running?.watcher.follow(name: name, in: descriptor.number, shown: directory, as: subject, kind: kind)
    }
}

/// Ends at the first model file.
private struct ModelFileSearch: TreeWalkVisitor {
    let thread: WalkingThread
    private(set) var hasFound = false

    init(thread: WalkingThread) { self.thread = thread }

    var isCancelled: Bool { hasFound || thread.isStopping }

    mutating func listed(_ directory: ListedDirectory) {
        thread.sign()
        hasFound = hasFound || !directory.files.isEmpty
    }

    mutating func failed(_ path: FilePath, _ error: SystemError) { thread.sign() }
    /// Where somebody has put a link, there is no empty mount point.
    mutating func reached(_ path: FilePath, _ boundary: TreeBoundary) { hasFound = hasFound || boundary == .link }
    mutating func skipped(_ path: FilePath) {}
}
