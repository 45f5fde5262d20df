internal import Glibc
internal import LinuxSystem

/// Events of names that are followed for something else.
extension DirectoryWatcher {
    /// Takes in one event of a directory with followed names; on the reading thread.
    func takeFollowed(_ event: InotifyEvent, at now: MonotonicTime, _ state: inout State) {
        guard !event.name.isEmpty else { return takeFollowedDirectory(event, at: now, &state) }
        let own = state.tree.path(ofWatch: event.watch)?.appending(event.name)
        for (subject, kind) in state.followed.interests(watch: event.watch, name: event.name) {
            // The tree has told of the file already; what a name is that was a directory, or may become one, it
            // does not know.
            if kind == .file, subject == own { continue }
            take(event, subject, kind, at: now, &state)
        }
        guard let marked = state.names.marked(event.name), event.has(Int(IN_DELETE)) || event.has(Int(IN_MOVED_FROM))
        else { return }
        // What marked the file as unfinished is gone, beside the file and not beside the link to it.
        for (subject, kind) in state.followed.interests(watch: event.watch, name: marked) where kind == .file {
            state.settling.record(.released, path: subject, at: now)
        }
    }

    /// Directories with followed names are under other paths now, so what follows them leads somewhere else or nowhere.
    func takeMovedFollowed(_ watches: [Int32], at now: MonotonicTime, _ state: inout State) {
        for watch in watches where state.followed.contains(watch: watch) {
            for (subject, kind) in state.followed.interests(watch: watch) {
                lookAgain(at: subject, kind, at: now, &state)
            }
        }
    }

    private func lookAgain(at subject: FilePath, _ kind: FollowedKind, at now: MonotonicTime, _ state: inout State) {
        switch kind {
        case .directory: state.settling.list(subject, recursive: true, at: now)
        case .file: state.settling.record(.deleted, path: subject, at: now)
        }
    }

    private func take(
        _ event: InotifyEvent, _ subject: FilePath, _ kind: FollowedKind, at now: MonotonicTime, _ state: inout State
    ) {
        switch kind {
        case .directory:
            if event.isChangeOfName {
                state.settling.list(subject, recursive: true, at: now)
            } else if event.has(Int(IN_ATTRIB)) {
                state.settling.listAfterChangeOfRights(subject, at: now)
            }
        case .file where event.has(Int(IN_ISDIR)):
            guard event.isChangeOfName else { return }
            // The link leads to a directory now, or did.
            state.settling.record(.deleted, path: subject, at: now)
            state.settling.list(subject, recursive: true, at: now)
        case .file:
            for kind in event.kinds { state.settling.record(kind, path: subject, at: now) }
        }
    }

    /// The directory itself ended, moved or changed its rights: that concerns every followed name in it.
    private func takeFollowedDirectory(_ event: InotifyEvent, at now: MonotonicTime, _ state: inout State) {
        let isEnd = event.isEndOfDirectory || event.has(Int(IN_IGNORED))
        guard isEnd || event.has(Int(IN_ATTRIB)) else { return }
        for (subject, kind) in state.followed.interests(watch: event.watch) {
            switch kind {
            case .directory where !isEnd: state.settling.listAfterChangeOfRights(subject, at: now)
            case .directory: state.settling.list(subject, recursive: true, at: now)
            case .file: state.settling.record(isEnd ? .deleted : .attributes, path: subject, at: now)
            }
        }
        if event.has(Int(IN_IGNORED)) { state.followed.watchEnded(event.watch) }
    }
}
