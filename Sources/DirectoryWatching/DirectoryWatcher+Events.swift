internal import Glibc
internal import LinuxSystem

/// What each event of inotify(7) means for the tree, the followed names and the settling of changes.
extension DirectoryWatcher {
    /// Takes in one event; on the reading thread.
    func take(
        _ event: InotifyEvent, at now: MonotonicTime, _ state: inout State, _ changes: inout [DirectoryChange],
        _ reached: inout [@Sendable () -> Void]
    ) {
        state.counters.events += 1
        if event.has(Int(IN_Q_OVERFLOW)) {
            state.counters.overflows += 1
            changes.append(.eventsLost)
            reached += state.cookies.values
            state.cookies = [:]
            return
        }
        if event.watch == state.cookieWatch {
            if let body = state.cookies.removeValue(forKey: event.name) { reached.append(body) }
            return
        }
        // One directory may be in the tree and hold followed names.
        if let directory = state.tree.path(ofWatch: event.watch) { take(event, in: directory, at: now, &state) }
        if state.followed.contains(watch: event.watch) { takeFollowed(event, at: now, &state) }
    }

    private func take(_ event: InotifyEvent, in directory: FilePath, at now: MonotonicTime, _ state: inout State) {
        if event.has(Int(IN_IGNORED)) {
            state.tree.watchEnded(event.watch)
            state.settling.list(directory, recursive: false, at: now)
        } else if event.name.isEmpty {
            // The directory itself: only its end or its move matters, and for that its parent is listed as well.
            if event.isEndOfDirectory { state.settling.list(directory, recursive: true, at: now) }
        } else if !event.has(Int(IN_ISDIR)) || !state.names.isIgnored(event.name) {
            // Files with ignored names are followed too: one that is written to may be renamed into a model file.
            takeNamed(event, in: directory, at: now, &state)
        }
    }

    private func takeNamed(_ event: InotifyEvent, in directory: FilePath, at now: MonotonicTime, _ state: inout State) {
        let path = directory.appending(event.name)
        if event.has(Int(IN_ISDIR)) {
            if event.has(Int(IN_MOVED_FROM)) || event.has(Int(IN_DELETE)) {
                // A watch follows the inode: it would go on to report under the old path.
                let watches = state.tree.remove(path)
                end(watches, &state)
                if event.has(Int(IN_MOVED_FROM)) { takeMovedFollowed(watches, at: now, &state) }
            }
            if event.has(Int(IN_MOVED_FROM)) {
                state.settling.directoryMovedOut(path, cookie: event.cookie, at: now)
            } else if event.has(Int(IN_MOVED_TO)) {
                state.settling.directoryMovedIn(path, cookie: event.cookie, at: now)
            }
            // One that is known may have become readable, or not.
            if event.has(Int(IN_ATTRIB)), state.tree.contains(path) {
                state.settling.listAfterChangeOfRights(path, at: now)
            } else {
                state.settling.list(path, recursive: true, at: now)
            }
            return
        }
        if let marked = state.names.marked(event.name) {
            if event.has(Int(IN_DELETE)) || event.has(Int(IN_MOVED_FROM)) {
                let isReported = state.names.isReported(marked)
                state.settling.record(
                    .released, path: directory.appending(marked), isReported: isReported, at: now)
            }
            return
        }
        let isReported = state.names.isReported(event.name)
        if !isReported, !state.names.isIgnored(event.name) { takePossibleLink(event, path, at: now, &state) }
        let isCompanion = state.names.isCompanion(event.name)
        for kind in event.kinds {
            state.settling.record(
                kind, path: path, isReported: isReported || isCompanion, isCompanion: isCompanion, at: now)
        }
    }

    /// A link to a directory comes and goes like a file: the events of links do not say where they lead.
    private func takePossibleLink(_ event: InotifyEvent, _ path: FilePath, at now: MonotonicTime, _ state: inout State)
    {
        if event.has(Int(IN_DELETE)) || event.has(Int(IN_MOVED_FROM)), state.tree.contains(path) {
            end(state.tree.remove(path), &state)
            state.settling.list(path, recursive: true, at: now)
        } else if event.has(Int(IN_CREATE)) || event.has(Int(IN_MOVED_TO)) {
            state.settling.list(path, recursive: true, at: now)
        }
    }
}
