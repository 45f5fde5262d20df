internal import Catalog
internal import DirectoryWatching
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// What walks find out about the places around them.
extension Indexer {
    /// Walks what begins in a place, ends what has gone from it, and remembers what could not be seen.
    func followUp(_ reconciliation: Reconciliation, of place: Place, _ run: ScanRun?, isWhole: Bool = false) {
        note(reconciliation, of: place, isWhole: isWhole)
        for (link, ancestor, missing) in reconciliation.dangling {
            state.withLock { $0.registry.noteLinks(in: link.parent) }
            expect(missing, in: ancestor, for: link, options.rules.isModelFile(link.name) ? .file : .directory)
            // It may have come before it was followed.
            if (try? FileStatus.of(ancestor.appending(missing), followLinks: false)) != nil {
                add(.directory(place, link.parent, recursive: false))
            }
        }
        // Where these links lead was told by a mount table that is not the last one, whose reading had them not yet.
        if reconciliation.surroundings.isMountTableOutdated() {
            let directories =
                reconciliation.dangling.map(\.link.parent) + reconciliation.linksElsewhere.map(\.directory)
            for directory in Set(directories) { add(.directory(place, directory, recursive: false)) }
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
        for path in reconciliation.namesLeft {
            if let place = self.place(holding: path.parent) { add(.file(place, path, .appeared)) }
        }
        // The bytewise smallest of several links to one directory comes first.
        for (path, boundary) in reconciliation.boundaries.sorted(by: { $0.path < $1.path }) {
            begin(path, boundary, in: place, run)
        }
        for (directory, device) in reconciliation.linksElsewhere {
            state.withLock { $0.registry.noteLinks(in: directory) }
            if let run, !run.begin(ScanRun.Part(path: directory, linksOn: device)) { continue }
            add(.linkedFiles(place, directory, run), onDevice: device)
        }
    }

    /// An event names one path; an inode may have several.
    func lookAtOtherLinks(_ changed: [(path: FilePath, hint: FileHint)]) {
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

    func note(_ reconciliation: Reconciliation, of place: Place, isWhole: Bool) {
        let (troubles, cleared) = (reconciliation.troubles, reconciliation.cleared)
        if troubles.isEmpty && cleared.isEmpty && !isWhole { return }
        let news = place.update { condition -> String? in
            let before = condition.message
            condition.note(troubles: troubles, cleared: cleared, isWhole: isWhole)
            return condition.message == before ? nil : condition.message
        }
        // What stays closed would say so at every look; it is told when it is new.
        if let news {
            logger.warning(
                "not everything can be seen: \(news)", event: .rootPartlySeen, .init("root", place.root.path))
        }
    }

    func begin(_ path: FilePath, _ boundary: TreeBoundary, in outer: Place, _ run: ScanRun?) {
        if options.rules.excludes(path, below: outer.root.path) { return }
        if boundary == .mount, !isMountPoint(outer.realPath(of: path)) {
            // The walk has met what was mounted since the table was read.
            refreshMounts()
            // It is gone again, and what it hid is there.
            if !isMountPoint(outer.realPath(of: path)) { return add(.directory(outer, path, recursive: true)) }
        }
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
        } else if isNew || (run == nil && !place.condition.isOnline && !place.condition.isElsewhere) {
            // Another place that was there has been a part of the scan.
            scan(place, .returned)
        }
    }

    private func isMountPoint(_ realPath: FilePath) -> Bool {
        state.withLock { $0.mounts.mount(at: realPath) } != nil
    }

    func dissolveWithFiles(_ place: Place) {
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
