internal import Catalog
internal import DirectoryWatching
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Rows of files that are missing for longer than `keep_missing` are removed. What the files held stays known.
extension Indexer {
    /// Rows that are removed in one transaction.
    private static let batchSize = 500

    /// Makes the appointment for the next row that is to be removed, if there is one.
    func scheduleForgetting() {
        let settings = state.withLock { $0.settings }
        guard settings.keepMissing > 0 else { return }
        let offline = placesToSpare
        guard let first = try? catalog.read({ try $0.firstMissing(outside: offline) }) else { return }
        let due = first.addingReportingOverflow(settings.keepMissing)
        guard !due.overflow else { return }
        // A little later, so that several that went together are removed together.
        let wait = max(0, due.partialValue.subtractingReportingOverflow(WallClock.now).partialValue)
        running?.watcher.schedule(Self.forgetTag, afterNanoseconds: min(wait, Self.longestWait) + 10_000_000)
    }

    /// The clock may be set meanwhile, so no appointment is further away than this.
    private static let longestWait: Int64 = 3_600_000_000_000

    /// Removes what is due. Runs on the event-reading thread, so the work is done elsewhere.
    func forgetMissingFiles() {
        do throws(SystemError) {
            _ = try SystemThread(name: "forget") { [weak self] in self?.removeDueFiles() }
        } catch {
            logger.error("cannot start a thread: \(error)")
        }
    }

    private func removeDueFiles() {
        let keep = state.withLock { $0.settings.keepMissing }
        // An appointment may be from a time when this was another.
        guard keep > 0 else { return }
        let offline = placesToSpare
        do {
            var count = Self.batchSize
            while count == Self.batchSize {
                count = try catalog.write(telling: events) { writer, events in
                    let removed = try writer.removeMissing(
                        since: WallClock.now - keep, outside: offline, limit: Self.batchSize)
                    events += removed.map { IndexEvent(.fileRemoved, path: $0) }
                    return removed.count
                }
            }
        } catch {
            note(databaseError: error)
        }
        scheduleForgetting()
        noteProgress()
    }

    /// Places in which nothing is removed: those that are not there, and those that have not been looked through since
    /// the start.
    private var placesToSpare: [FilePath] {
        places.filter { !$0.condition.isElsewhere && !($0.condition.isOnline && $0.condition.isReconciled) }
            .map(\.path)
    }

    /// Places that are not there, for whose files time stands still.
    var offlinePlaces: [FilePath] {
        places.filter { !$0.condition.isOnline && !$0.condition.isElsewhere }.map(\.path)
    }
}
