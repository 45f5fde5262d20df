internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

extension Indexer {
    /// Takes up what changed in the system as a whole.
    func systemChanged(_ change: SystemChangeWatcher.Change) {
        switch change {
        case .mounts: refreshMounts()
        case .clockSet:
            logger.info("the clock was set; all roots are scanned")
            scanAll(.clockSet)
        case .resumed:
            logger.info("the machine was suspended; all roots are scanned")
            refreshMounts()
            scanAll(.resumed)
        }
    }

    /// Reads the mount table, and has looked again at every place that lies on another mount than before.
    ///
    /// Who comes second waits for the first, so that all jobs are handed out when it returns.
    func refreshMounts() { mountRefresh.withLock { _ in takeMounts() } }

    private func takeMounts() {
        let bytes = MountTable.currentBytes()
        let isNew = state.withLock { state -> Bool in
            guard state.mountTable != bytes else { return false }
            state.mountTable = bytes
            state.mounts = PathResolver(MountTable(bytes))
            state.mountGeneration += 1
            return true
        }
        guard isNew else { return }
        let mounts = state.withLock { $0.mounts }
        replaceHungThreads()
        for place in places {
            let condition = place.condition
            if condition.isElsewhere { continue }
            if !condition.isOnline {
                forgetWay(to: place)
                scan(place, .mounts)
            } else if let realPath = condition.realPath, mounts.mount(holding: realPath) != condition.mount {
                scan(place, .mounts)
            }
        }
        // What was mounted in a place is a place of its own from now on.
        for mount in mounts.visible where !mount.isPseudo {
            for place in places where place.condition.isOnline {
                guard let real = place.condition.realPath, mount.point != real,
                    let relative = mount.point.relative(to: real)
                else { continue }
                let path = place.path.appending(relative)
                guard self.place(holding: path) === place, path != place.path,
                    !options.rules.excludes(path, below: place.root.path)
                else { continue }
                add(.directory(place, path, recursive: false))
            }
        }
        // A link may lead through what was mounted, or to what was not there.
        lookAgainAtLinkDirectories()
        for directory in Set((running?.watcher.followedFiles ?? []).map(\.parent)) {
            if let place = place(holding: directory) { add(.directory(place, directory, recursive: false)) }
        }
    }

    /// Has those directories listed whose links led nowhere or onto other drives.
    private func lookAgainAtLinkDirectories() {
        for directory in state.withLock({ $0.registry.takeLinkDirectories() }) {
            if let place = place(holding: directory) { add(.directory(place, directory, recursive: false)) }
        }
    }

    /// The way to a place may lead through other devices than it did.
    private func forgetWay(to place: Place) {
        place.update {
            $0.passedDevices = []
            $0.device = nil
        }
    }

    // MARK: - Drives that give no sign

    /// Sees to it that a thread which gives no sign is noticed.
    func watchForSilence() {
        let isNew = state.withLock { state -> Bool in
            defer { state.isWatchingForSilence = true }
            return !state.isWatchingForSilence
        }
        guard isNew else { return }
        let patience = state.withLock { $0.settings.driveSilence }
        running?.watcher.schedule(Self.silenceTag, afterNanoseconds: patience)
    }

    /// Makes every place offline whose thread gives no sign, and gives up its parts of scans.
    func checkForSilence() {
        let threads = state.withLock { state -> [WalkingThread] in
            state.isWatchingForSilence = false
            return Array(state.threads.values)
        }
        for thread in threads where thread.isSilent {
            _ = state.withLock { $0.silentDevices.insert(thread.device) }
            for place in places where device(of: place) == thread.device { setUnanswered(place) }
            for (run, part) in thread.scanParts {
                end(run, part, troubles: ["\(part.path) was left out: its drive does not answer"])
            }
        }
        let isReading = running?.hashing.checkForHangingReads() == true
        if isReading || threads.contains(where: \.isBusy) { watchForSilence() }
        noteProgress()
    }

    /// A thread that gave no sign has come to rest: what it was for is looked at again.
    func becameIdle(_ thread: WalkingThread) {
        let wasSilent = state.withLock { $0.silentDevices.remove(thread.device) != nil }
        if wasSilent {
            for place in places where device(of: place) == thread.device && !place.condition.isOnline {
                scan(place, .returned)
            }
            // No link was followed onto a drive that was not known to answer yet.
            lookAgainAtLinkDirectories()
        }
        noteProgress()
    }

    /// A thread that hangs on a mount which is gone would keep what is mounted with the same device from being seen.
    private func replaceHungThreads() {
        let hung = state.withLock { state -> [WalkingThread] in
            let hung = state.threads.values.filter { state.silentDevices.contains($0.device) && $0.isSilent }
            for thread in hung {
                state.threads[thread.device] = nil
                state.silentDevices.remove(thread.device)
            }
            return hung
        }
        for thread in hung {
            // Links that led to files there may lead to others now.
            for directory in Set(thread.linkedDirectories) {
                if let place = place(holding: directory) { add(.directory(place, directory, recursive: false)) }
            }
            for (run, part) in thread.scanParts { end(run, part) }
            for job in thread.stop() {
                if let (run, part) = job.part(on: thread.device) { end(run, part) }
                if case .barrier(let reached) = job { reached() }
            }
        }
    }
}

extension MountTable.Mount {
    /// File systems of the kernel's own, in which nobody keeps models.
    var isPseudo: Bool { Self.pseudoTypes.contains(type) }

    private static let pseudoTypes: Set<String> = [
        "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs",
        "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs",
        "tracefs",
    ]
}
