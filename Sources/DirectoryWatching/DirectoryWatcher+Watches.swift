package import LinuxSystem
internal import Synchronization

/// Which directories are watched, and why.
extension DirectoryWatcher {
    /// Watches the directory behind an open descriptor as `path`. Call it before listing the directory.
    ///
    /// - Parameter usesEvents: false puts the directory in the tree only, for places that are polled.
    package func watch(
        directory: Int32, path: FilePath, identity: DirectoryIdentity, usesEvents: Bool = true
    ) -> WatchOutcome {
        if let elsewhere = state.withLock({ $0.tree.path(of: identity) }), elsewhere != path,
            let there = try? FileStatus.of(elsewhere), DirectoryIdentity(there) == identity
        {
            return .knownElsewhere(elsewhere)
        }
        guard usesEvents else {
            state.withLock { state in end(state.tree.insert(path, identity: identity, watch: nil), &state) }
            return .watched
        }
        return add(directory, identity, shown: path) { state, watch in
            state.tree.insert(path, identity: identity, watch: watch)
        }
    }

    /// Reports what happens to a name in the directory behind an open descriptor as happening to `subject` too,
    /// also when the directory is outside of the tree. Call it before looking at the name.
    ///
    /// A subject may have several names, as the links of a chain are; each stays until `unfollow`. When the directory
    /// ends, its names are given up after the subject was reported.
    ///
    /// - Parameter shown: names the directory in errors.
    /// - Returns: `.watched`, `.limitReached` or `.failed`.
    package func follow(
        name: [UInt8], in directory: Int32, shown: FilePath, as subject: FilePath, kind: FollowedKind
    ) -> WatchOutcome {
        let identity: DirectoryIdentity
        do throws(SystemError) {
            identity = DirectoryIdentity(try FileStatus.of(descriptor: directory))
        } catch {
            return .failed(error)
        }
        return add(directory, identity, shown: shown) { state, watch in
            if let watch {
                state.followed.insert(name, watch: watch, identity: identity, subject: subject, kind: kind)
            }
            return []
        }
    }

    /// The links to files whose targets are followed.
    package var followedFiles: Set<FilePath> { state.withLock { $0.followed.files } }

    /// Ends what `follow` began for a subject.
    package func unfollow(_ subject: FilePath) {
        state.withLock { state in end(state.followed.remove(subject), &state) }
    }

    /// Ends what `follow` began for every subject at or below a path.
    package func unfollow(below path: FilePath) {
        state.withLock { state in end(state.followed.remove(below: path), &state) }
    }

    /// Ends the watches of a directory and of everything below it, but for those that `follow` needs.
    package func forget(_ path: FilePath) {
        state.withLock { state in end(state.tree.remove(path), &state) }
    }

    /// True while a watch covers this very directory at this path.
    func isWatched(_ identity: DirectoryIdentity, at path: FilePath) -> Bool {
        state.withLock { $0.tree.isWatched(identity, at: path) }
    }

    /// The place in the tree where the directory with this identity is.
    package func path(of identity: DirectoryIdentity) -> FilePath? { state.withLock { $0.tree.path(of: identity) } }

    /// True when a directory is in the tree at this path.
    package func contains(_ path: FilePath) -> Bool { state.withLock { $0.tree.contains(path) } }

    /// How many directories lie at or below a path, and how many of them have no watch.
    package func counts(below path: FilePath) -> (directories: Int, unwatched: Int) {
        state.withLock { $0.tree.counts(below: path) }
    }

    /// The directories at or below a path that are in the tree and have no watch, in bytewise order.
    package func unwatchedDirectories(below path: FilePath) -> [FilePath] {
        state.withLock { $0.tree.unwatched(below: path) }
    }

    /// How many inotify watches are in use for directories.
    package var watchCount: Int { state.withLock { $0.watchCount } }

    /// Takes a watch of the kernel for a directory and puts it, or nil when there is none, where `insert` says.
    private func add(
        _ directory: Int32, _ identity: DirectoryIdentity, shown: FilePath,
        insert: (inout State, Int32?) -> [Int32]
    ) -> WatchOutcome {
        while true {
            let (endedBefore, isAllowed) = state.withLock { state -> (Int, Bool) in
                (state.endedWatches, mayAdd(identity, state))
            }
            var watch: Int32?
            var outcome = WatchOutcome.limitReached
            if isAllowed {
                do throws(SystemError) {
                    watch = try inotify.add(directory: directory, shown: shown)
                    outcome = .watched
                } catch {
                    if error.errno != .noSpace { outcome = .failed(error) }
                }
            }
            let isInserted = state.withLock { state in
                // The kernel has one watch a directory: one that was ended meanwhile under an old path may be this.
                guard watch == nil || state.endedWatches == endedBefore else { return false }
                end(insert(&state, watch), &state)
                return true
            }
            if isInserted { return outcome }
        }
    }

    /// Threads that walk at the same time may go beyond the limit by one watch each.
    private func mayAdd(_ identity: DirectoryIdentity, _ state: State) -> Bool {
        guard let watchLimit else { return true }
        if state.tree.watches.count + state.followed.watches.count < watchLimit { return true }
        // The kernel gives the same watch again for a directory that has one.
        if state.tree.watch(of: identity) != nil || state.followed.watch(of: identity) != nil { return true }
        return state.watchCount < watchLimit
    }

    /// Ends watches that neither the tree nor a followed name needs, nor `afterEarlierEvents`.
    func end(_ watches: [Int32], _ state: inout State) {
        let ended = watches.filter {
            !state.tree.contains(watch: $0) && !state.followed.contains(watch: $0) && $0 != state.cookieWatch
        }
        for watch in ended { inotify.remove(watch) }
        state.endedWatches += ended.count
    }
}
