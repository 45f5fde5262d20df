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

    /// The places that begin at a path or below it.
    func places(within path: FilePath) -> [Place] { state.withLock { $0.registry.places(within: path) } }

    /// Tells early whether a place is there, before the long walks of others on its device.
    func open(_ place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread) {
        let request = ScanRequest(path: place.path, reason: .start)
        switch open(place, request, watcher, thread, searches: false) {
        case .elsewhere: add(.open(place))
        case .offline:
            markAbsentFiles(of: place)
            scheduleNextLook(at: place)
        case .dissolved, .online, .nothingHere: break
        }
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
            // By its real path: a link on the way may lie on a drive that hangs.
            let descriptor = try FileDescriptor.open(realPath, O_RDONLY | O_DIRECTORY)
            let fileSystem = descriptor.fileSystemType()
            let mount = state.withLock { $0.mounts.mount(holding: realPath) }
            let found = FoundPlace(
                realPath: realPath, status: try descriptor.status(), fileSystem: fileSystem,
                fileSystemID: fileSystem.isNetwork
                    ? mount.map { "source:" + $0.source } : fileSystemID(ofDescriptor: descriptor.number),
                mount: mount)
            if let home = home(of: found, for: place, watcher) {
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
                guard holdsModelFile(place, found, watcher, thread) else { return doubt(place, found) }
                // What is there belongs to the directory around it: nothing is mounted here any more.
                if place.kind == .mount, !isMountPoint(place, found) {
                    dissolve(place)
                    return .dissolved
                }
            }
            setOnline(place, found)
            // What came online at the same time has not seen this one, or is seen now.
            if let home = home(of: found, for: place, watcher) {
                setElsewhere(place, home)
                return .nothingHere
            }
            return .online
        } catch {
            return fail(place, error)
        }
    }

    /// Finds out where the path of a place leads, and has the place looked at again when a step of the way changes:
    /// another directory may take the place of any of them, and any link may lead elsewhere.
    private func followWay(to place: Place, _ watcher: DirectoryWatcher, _ thread: WalkingThread) -> PathResolution {
        let (mounts, silent) = state.withLock { ($0.mounts, $0.silentDevices) }
        let devices = place.condition.passedDevices.subtracting(silent).union([thread.device])
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

    func fail(_ place: Place, _ error: SystemError) -> PlaceOpening {
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
        let isOther = PlaceIdentity.isOther(
            fileSystemID: found.fileSystemID, inode: found.status.inode, than: (stored.fileSystemID, stored.inode),
            on: found.fileSystem)
        if isOther { return false }
        // Where neither inode nor id is proof, a file that is known has to be there.
        return PlaceIdentity.isProven(by: found.fileSystemID, on: found.fileSystem) || holdsKnownFile(place, found)
    }

    /// True when one of the files that are known in a place is there, or none is known.
    private func holdsKnownFile(_ place: Place, _ found: FoundPlace) -> Bool {
        guard let known = try? catalog.read({ try $0.sampleFiles(below: place.path, limit: 50) }), !known.isEmpty else {
            return true
        }
        return known.contains { path in
            path.relative(to: place.path).map { (try? FileStatus.of(found.realPath.appending($0))) != nil } ?? false
        }
    }

    /// Another directory is there that holds no model file.
    private func doubt(_ place: Place, _ found: FoundPlace) -> PlaceOpening {
        let knowsFiles = (try? catalog.read { try $0.knowsFiles(below: place.path) }) ?? true
        if !knowsFiles, place.kind == .mount {
            dissolve(place)
            return .dissolved
        }
        setOffline(
            place,
            "another place without a model file is there (an empty mount point?); if this is right, run:"
                + " kikod-ctl scan --accept-empty '\(place.path)'", isAbsent: true, isDoubted: true)
        state.withLock { $0.registry.noteDoubted(place, found.realPath) }
        place.update { condition in
            condition.realPath = found.realPath
            condition.mount = found.mount
        }
        lookAtLinks(leadingInto: place, alsoOffline: false)
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
    private func home(of found: FoundPlace, for place: Place, _ watcher: DirectoryWatcher) -> FilePath? {
        guard place.kind != .root else { return nil }
        let rules = options.rules
        if place.kind == .mount, let path = boundPath(of: found, for: place, watcher) { return path }
        let (isKnown, others) = state.withLock { state in
            (state.records[place.path] != nil, state.registry.places(around: found.realPath))
        }
        for other in others where other !== place {
            let condition = other.condition
            // A place in doubt is believed for any model file in it, so its directories are not to be walked elsewhere.
            guard condition.isOnline || (condition.isDoubted && condition.mount == found.mount),
                let real = condition.realPath, let relative = found.realPath.relative(to: real)
            else { continue }
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

    /// Where the same directory is walked from which a mount is bound; its real path does not tell.
    private func boundPath(of found: FoundPlace, for place: Place, _ watcher: DirectoryWatcher) -> FilePath? {
        guard let path = watcher.path(of: DirectoryIdentity(found.status)), !path.isWithin(place.path),
            let other = self.place(holding: path), other !== place, other.condition.isOnline,
            let there = try? FileStatus.of(other.realPath(of: path)),
            DirectoryIdentity(there) == DirectoryIdentity(found.status)
        else { return nil }
        return path
    }

    /// A link that has become a plain directory, or nothing, is no place of its own.
    func dissolveIfPlain(_ place: Place) -> PlaceOpening? {
        // Where what surrounds it is away, it is away too; and if that hangs, it must not be asked.
        guard place.kind == .link, let outer = self.place(holding: place.path.parent), outer.condition.isOnline else {
            return nil
        }
        do throws(SystemError) {
            if try FileStatus.of(outer.realPath(of: place.path), followLinks: false).kind == .link { return nil }
        } catch {
            guard error.errno == .noEntry || error.errno == .notDirectory else { return nil }
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

    /// A place has come: links that lead into it, and that are walked themselves, may not have to be any more.
    func lookAtLinks(leadingInto place: Place, alsoOffline: Bool) {
        guard let real = place.condition.realPath else { return }
        for other in places where other !== place && other.kind == .link {
            let condition = other.condition
            guard condition.realPath?.isWithin(real) == true else { continue }
            if condition.isOnline { add(.open(other)) } else if alsoOffline { scan(other, .returned) }
        }
    }

    /// Links whose directories were walked at a path that is no more may have to be walked themselves.
    func lookAgainAtLinks(into path: FilePath) {
        for place in places where place.condition.home?.isWithin(path) == true { scan(place, .returned) }
    }
}
