package import Catalog
internal import DirectoryWatching
package import LinuxSystem
internal import Synchronization

/// How the pipeline is, for people and programs.
package struct IndexerStatus: Sendable {
    package enum State: String, Sendable {
        case starting, scanning, ready, degraded, stopping
    }

    package struct Root: Sendable {
        package let record: RootRecord
        package let isOnline: Bool
        package let watchesByPolling: Bool
        package let directories: Int
        package let polledDirectories: Int
        package let files: Int
        package let message: String?
    }

    package struct Reading: Sendable {
        package let path: FilePath
        package let bytesDone: Int64
        package let size: Int64
    }

    package let state: State
    package let roots: [Root]
    package let counts: StateCounts
    /// Files being read now; the catalogue counts them as pending.
    package let reading: [Reading]
    package let readingIDs: Set<Int64>
    package let isHashing: Bool
    package let queueDepth: Int
    package let queueCapacity: Int
    package let workers: Int
    package let bytesPerSecond: Int64
    package let bytesTotal: Int64
    package let filesTotal: Int
    /// What a person should know of the database; nil when all is well.
    package let databaseMessage: String?
    package let lastScan: StoredScan?

    /// What one pass over everything could not do, in words; empty when all is well.
    package var shortfalls: [String] {
        var shortfalls = roots.filter { !$0.isOnline }.map {
            "\($0.record.path) is offline: \($0.message ?? "unknown")"
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
        if counts.pending > 0 { parts.append("\(counts.pending) to hash") }
        if isHashing, bytesPerSecond > 0 { parts.append("\(bytesPerSecond / 1_000_000) MB/s") }
        if counts.error > 0 { parts.append("\(counts.error) in error") }
        return parts.joined(separator: ", ")
    }
}

extension Indexer {
    /// How everything is. Reads the catalogue, so it blocks shortly.
    package func status() throws -> IndexerStatus {
        let hashing = running?.hashing.snapshot() ?? HashingService.Snapshot()
        let (counts, present, lastScan) = try catalog.read { reader in
            (try reader.counts(), try reader.presentCounts(), try reader.scans(limit: 1).first)
        }
        let roots = roots.map { root -> IndexerStatus.Root in
            let condition = root.condition
            let directories = running?.watcher.counts(below: root.path) ?? (directories: 0, unwatched: 0)
            return IndexerStatus.Root(
                record: root.record, isOnline: condition.isOnline, watchesByPolling: condition.isPolled,
                directories: directories.directories,
                polledDirectories: condition.isPolled ? directories.directories : condition.unwatchedDirectories,
                files: present[root.id] ?? 0,
                message: condition.hasBegun ? condition.message : "it has not answered yet")
        }
        let trouble = state.withLock { $0.databaseTrouble }
        return IndexerStatus(
            state: overallState(trouble), roots: roots, counts: counts,
            reading: hashing.current.map {
                IndexerStatus.Reading(path: $0.path, bytesDone: Int64(clamping: $0.done), size: $0.size)
            },
            readingIDs: Set(hashing.current.map(\.id)), isHashing: !hashing.isIdle, queueDepth: hashing.depth,
            queueCapacity: hashing.capacity, workers: hashing.workers, bytesPerSecond: hashing.bytesPerSecond,
            bytesTotal: Int64(clamping: hashing.bytesTotal), filesTotal: hashing.filesTotal, databaseMessage: trouble,
            lastScan: lastScan)
    }

    private func overallState(_ databaseTrouble: String?) -> IndexerStatus.State {
        let (isStopping, roots) = state.withLock { ($0.isStopping, $0.roots) }
        let conditions = roots.map(\.condition)
        if isStopping { return .stopping }
        if conditions.contains(where: { !$0.hasBegun }) { return .starting }
        if conditions.contains(where: { $0.isOnline && !$0.isReconciled }) { return .scanning }
        let isImpaired = databaseTrouble != nil || conditions.contains { !$0.isOnline || $0.message != nil }
        return isImpaired ? .degraded : .ready
    }

    /// True when the event reader and the database writer make progress. Blocks for the given time at most, twice.
    package func isAlive(milliseconds: Int) -> Bool {
        guard let watcher = running?.watcher else { return true }
        return watcher.ping(milliseconds: milliseconds) && catalog.ping(milliseconds: milliseconds)
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
