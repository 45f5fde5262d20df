package import Catalog
internal import DirectoryWatching
package import LinuxSystem
internal import Synchronization

/// How the pipeline is, for people and programs.
package struct IndexerStatus: Sendable {
    package enum State: String, Sendable {
        case starting, scanning, ready, degraded, stopping
    }

    /// How changes below a root are noticed.
    package enum Watch: String, Sendable { case inotify, poll, mixed }

    package struct Root: Sendable {
        package let record: RootRecord
        package let isOnline: Bool
        package let watch: Watch
        package let directories: Int
        package let polledDirectories: Int
        package let files: Int
        package let message: String?
    }

    /// What the hashing threads do.
    package struct Hashing: Sendable {
        package enum State: String, Sendable {
            case idle, running, paused
            case backingOff = "backing_off"
        }

        package var state = State.idle
        /// When a pause ends by itself, in nanoseconds since 1970.
        package var until: Int64?
        /// What a person should know; nil when all is as usual.
        package var message: String?
        package var workers = 0
        /// The rate of the last seconds; 0 when nothing is read.
        package var bytesPerSecond: Int64 = 0
        /// Since the process started.
        package var bytesTotal: Int64 = 0
        package var filesTotal = 0
        /// Files being read now; the catalogue counts those as pending that are read for the first time.
        package var reading: [Reading] = []

        package init() {}

        /// Numbers of the files being read.
        package var readingIDs: Set<Int64> { Set(reading.map(\.id)) }
    }

    package struct Reading: Sendable {
        package let id: Int64
        package let path: FilePath
        package let bytesDone: Int64
        package let size: Int64
        /// It is pending, and not read once more or verified.
        package let isFirst: Bool
    }

    package let state: State
    package let roots: [Root]
    /// Roots, and mounts and links below them, that are offline.
    package let offlinePlaces: [FilePath]
    package let counts: StateCounts
    package let hashing: Hashing
    package let queueDepth: Int
    package let queueCapacity: Int
    /// What a person should know of the database; nil when all is well.
    package let databaseMessage: String?
    package let lastScan: StoredScan?

    /// What one pass over everything could not do, in words; empty when all is well.
    package var shortfalls: [String] {
        var shortfalls = roots.filter { !$0.isOnline }.map {
            "\($0.record.path) is offline: \($0.message ?? "unknown")"
        }
        shortfalls += offlinePlaces.filter { path in !roots.contains { $0.record.path == path } }.map {
            "\($0) is offline"
        }
        if hashing.state == .paused, counts.pending > 0 {
            shortfalls.append("hashing is paused, so files were not read: \(counts.pending); kikod-ctl resume goes on")
        }
        if counts.error > 0 {
            shortfalls.append("files that could not be read: \(counts.error); kikod-ctl errors lists them")
        }
        return shortfalls
    }

    /// One line for `systemctl status`.
    package var summary: String {
        if let databaseMessage { return databaseMessage }
        guard !roots.isEmpty else { return "No roots: name a directory under roots: in the configuration" }
        var parts: [String] = []
        let online = roots.count { $0.isOnline }
        let noun = roots.count == 1 ? "root" : "roots"
        parts.append("Watching \(online == roots.count ? "" : "\(online) of ")\(roots.count) \(noun)")
        let files = counts.indexed + counts.pending + counts.error
        parts.append(files == 1 ? "1 file" : "\(files) files")
        if counts.pending > 0 { parts.append("\(counts.pending) to hash (\(Self.size(bytesLeft)))") }
        if hashing.state == .paused { parts.append("hashing is paused") }
        if hashing.state == .backingOff { parts.append("making room for others") }
        if hashing.bytesPerSecond > 0 { parts.append("\(hashing.bytesPerSecond / 1_000_000) MB/s") }
        if let minutes = minutesLeft { parts.append(minutes < 120 ? "\(minutes) min left" : "\(minutes / 60) h left") }
        if counts.error > 0 { parts.append("\(counts.error) in error") }
        return parts.joined(separator: ", ")
    }

    /// Bytes of pending files that are not hashed yet.
    private var bytesLeft: Int64 {
        hashing.reading.filter(\.isFirst).reduce(counts.pendingBytes) { max(0, $0 - max(0, $1.bytesDone)) }
    }

    /// Whole minutes until all is hashed, as it goes now; nil where that says nothing.
    private var minutesLeft: Int64? {
        guard counts.pending > 0, hashing.bytesPerSecond > 0 else { return nil }
        return bytesLeft / hashing.bytesPerSecond / 60 + 1
    }

    private static func size(_ bytes: Int64) -> String {
        bytes < 10_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000) GB"
    }
}

extension Indexer {
    /// How everything is. Reads the catalogue, so it blocks shortly.
    package func status() throws -> IndexerStatus {
        let hashing = running?.hashing
        let queue = hashing?.queueFigures ?? (depth: 0, capacity: 0)
        let figures = try catalog.figures()
        let places = places
        let rootStatus = roots.map { root in
            status(of: root, places.filter { $0.root === root }, files: figures.presentFiles[root.id] ?? 0)
        }
        let trouble = state.withLock { $0.databaseTrouble }
        return IndexerStatus(
            state: overallState(places, trouble), roots: rootStatus, offlinePlaces: offlinePlaces,
            counts: figures.counts, hashing: hashing?.status() ?? IndexerStatus.Hashing(), queueDepth: queue.depth,
            queueCapacity: queue.capacity, databaseMessage: trouble, lastScan: figures.lastScan)
    }

    private func status(of root: WatchedRoot, _ places: [Place], files: Int) -> IndexerStatus.Root {
        let top = places.first { $0.kind == .root }?.condition ?? Place.Condition()
        let (directories, unwatched) = directoryCounts(of: root)
        let online = places.map(\.condition).filter(\.isOnline)
        let watch: IndexerStatus.Watch =
            unwatched == 0 && !online.contains(where: \.isPolled)
            ? .inotify : !online.isEmpty && online.allSatisfy(\.isPolled) ? .poll : .mixed
        return IndexerStatus.Root(
            record: root.record, isOnline: top.isOnline, watch: watch, directories: directories,
            polledDirectories: unwatched, files: files, message: message(of: root, places))
    }

    /// How often the kernel's queue of file events was full since the start.
    package var watchOverflows: Int { running?.watcher.counters.overflows ?? 0 }

    /// Directories in a root, and those of them that have no watch; without the roots that lie in it.
    private func directoryCounts(of root: WatchedRoot) -> (directories: Int, unwatched: Int) {
        guard let watcher = running?.watcher else { return (0, 0) }
        var counts = watcher.counts(below: root.path)
        let inside = roots.filter { $0 !== root && $0.path.isWithin(root.path) }
        for inner in inside where !inside.contains(where: { $0 !== inner && inner.path.isWithin($0.path) }) {
            let others = watcher.counts(below: inner.path)
            counts.directories -= others.directories
            counts.unwatched -= others.unwatched
        }
        return counts
    }

    /// What a person should know of a root and of what begins in it; nil when all is well.
    private func message(of root: WatchedRoot, _ places: [Place]) -> String? {
        var sentences: [String] = []
        for place in places {
            let condition = place.condition
            if !condition.hasBegun {
                if place.kind == .root { sentences.append("it has not answered yet") }
            } else if let reason = condition.offlineReason {
                sentences.append(place.kind == .root ? reason : "\(place.path) is offline: \(reason)")
            } else if let message = condition.message {
                sentences.append(message)
            }
        }
        if sentences.count > Self.sentenceLimit {
            let more = sentences.count - Self.sentenceLimit
            sentences = Array(sentences.prefix(Self.sentenceLimit)) + ["and \(more) more"]
        }
        let unwatched = places.reduce(0) { $0 + $1.condition.unwatchedDirectories }
        if unwatched > 0 { sentences.append(Self.watchesAreUsedUp(unwatched, limit: running?.watcher.watchLimit)) }
        return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
    }

    /// More than this in one line help nobody.
    private static let sentenceLimit = 3

    private static func watchesAreUsedUp(_ unwatched: Int, limit: Int?) -> String {
        let present = limit.map { " (kikod uses \($0) at most)" } ?? ""
        return "\(unwatched) directories are polled, because no inotify watches are left\(present):"
            + " raise fs.inotify.max_user_watches with sysctl"
    }

    private func overallState(_ places: [Place], _ databaseTrouble: String?) -> IndexerStatus.State {
        let conditions = places.map(\.condition)
        if state.withLock({ $0.isStopping }) { return .stopping }
        // Before the roots are known there are none that could contradict.
        let isStarted = state.withLock { $0.isStarted }
        if !isStarted || conditions.contains(where: { !$0.hasBegun }) { return .starting }
        if conditions.contains(where: { $0.isOnline && !$0.isReconciled }) { return .scanning }
        let isImpaired =
            databaseTrouble != nil
            || conditions.contains { $0.offlineReason != nil || $0.message != nil || $0.unwatchedDirectories > 0 }
        return isImpaired ? .degraded : .ready
    }

    /// True when the event reader and the database writer make progress. Blocks for the given time at most, twice.
    package func isAlive(milliseconds: Int) -> Bool {
        guard let watcher = running?.watcher else { return true }
        return watcher.ping(milliseconds: milliseconds) && catalog.ping(milliseconds: milliseconds)
    }

    /// Counts everything by which the index got on.
    var generation: Int { state.withLock { $0.generation } }

    /// True while files are being found or hashed, so that more contents are about to come.
    var isGatheringFiles: Bool { running != nil && !isPaused && !isResting }

    /// True when every root from which no hash is to be sent was walked since the start, or cannot be: what lies in them
    /// is known.
    var knowsPrivateFiles: Bool {
        let (isStarted, privateRoots) = state.withLock { state in
            (state.isStarted, Set(state.settings.roots.filter(\.isPrivate).map(\.path)))
        }
        if privateRoots.isEmpty { return true }
        return isStarted
            && places.filter { privateRoots.contains($0.root.path) }.map(\.condition).allSatisfy {
                $0.hasBegun && ($0.isReconciled || !$0.isOnline)
            }
    }

    /// Ids of the files that are being read.
    package var readingFiles: Set<Int64> { running?.hashing.readingFiles ?? [] }

    /// Waits until the index got on since a generation that this answered before, or until `deadline`. Blocks.
    ///
    /// - Returns: the generation that it is now.
    package func waitForChange(after generation: Int, until deadline: MonotonicTime) -> Int {
        progress.wait(until: deadline) {
            self.state.withLock { $0.generation != generation || $0.isStopping }
        }
        return state.withLock { $0.generation }
    }
}
