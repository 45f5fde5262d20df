package import Catalog
package import LinuxSystem
internal import Logging
internal import Synchronization

/// A verification that cannot be done, with a sentence for who asked.
package enum VerificationRefusal: Error, Hashable, Sendable {
    /// No file at or below the path has a digest.
    case nothingToCompare(FilePath)
    /// One pass and out leaves what can wait to the next run.
    case isSinglePass
}

/// Orders to the hashing.
extension Indexer {
    /// Where a pause is kept over restarts: `until resume`, or the time at which it ends.
    private static let pauseKey = "hashing_paused"
    private static let withoutEnd = "until resume"

    /// Holds all reading for digests, the files in flight included, for so many seconds or until `resume`; lasts over
    /// restarts. Blocks.
    package func pause(seconds: Int64?) throws {
        let until = seconds.map { seconds in
            let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            return WallClock.now.addingReportingOverflow(overflow ? .max : nanoseconds)
        }
        // Beyond what the clock can say there is no end.
        let end = until.flatMap { $0.overflow ? nil : $0.partialValue }
        try pauseTurn.withLock { _ in
            try storePause(end.map { Timestamp.text(nanoseconds: $0) } ?? Self.withoutEnd)
            running?.hashing.setPause(.init(until: end))
        }
    }

    /// Ends a pause. Blocks.
    package func resume() throws {
        try pauseTurn.withLock { _ in try endPause() }
    }

    private func endPause() throws {
        try storePause("")
        running?.hashing.setPause(nil)
        running?.hashing.wake()
        watchForSilence()
    }

    var isPaused: Bool { running?.hashing.pause != nil }

    /// A pause that had an end has come to it.
    func endPauseInTime() {
        pauseTurn.withLock { _ in
            // Meanwhile it may have been replaced by another one.
            guard let until = running?.hashing.pause?.until, until <= WallClock.now else { return }
            do {
                try endPause()
            } catch {
                // It is over all the same; the stored end has passed, so that a restart finds nothing to hold.
                running?.hashing.setPause(nil)
                note(databaseError: error)
            }
        }
    }

    private func storePause(_ text: String) throws {
        try catalog.write {
            try $0.setMetadata(Self.pauseKey, text, at: Timestamp.text(nanoseconds: WallClock.now))
        }
    }

    /// What the settings and the time before the start say to the hashing.
    func prepare(_ hashing: HashingService, _ settings: IndexingSettings) throws {
        hashing.setMaximumRate(settings.maximumRate)
        guard let stored = try catalog.read({ try $0.metadata(Self.pauseKey) }), !stored.isEmpty else { return }
        let until = Timestamp.nanoseconds(stored)
        if until.map({ $0 > WallClock.now }) ?? (stored == Self.withoutEnd) { hashing.setPause(.init(until: until)) }
    }

    /// Has files read again, last of all, that lack digests which the settings ask for.
    func queueMissingDigests(_ settings: IndexingSettings) throws {
        let count = try catalog.write {
            try $0.queueMissingDigests(settings.options.wantedDigests)
        }
        if count > 0 {
            logger.notice("contents to be read again for the digests that they lack", .init("count", count))
        }
    }

    /// Has all indexed files at or below a path, or of all roots, read again and compared with what is known.
    ///
    /// - Returns: the row of `scan_history`, and what there is to read. Blocks.
    package func startVerification(path: FilePath?) throws -> CatalogWriter.BegunVerification {
        if let path, place(holding: path) == nil, !roots.contains(where: { $0.path.isWithin(path) }) {
            throw IndexerRefusal.notBelowAnyRoot(path)
        }
        guard !options.isSinglePass else { throw VerificationRefusal.isSinglePass }
        if let path, try !catalog.read({ try $0.hasComparableFiles(atOrBelow: path) }) {
            throw VerificationRefusal.nothingToCompare(path)
        }
        let readable = readablePlaces
        let begun = try catalog.write(telling: events) { writer, events in
            let now = Timestamp.text(nanoseconds: WallClock.now)
            let begun = try writer.beginVerification(
                of: path, ofRoots: readable.roots, outside: readable.offline, at: now)
            events.append(IndexEvent(.scanStarted, path: path, scanID: begun.id))
            // Nothing may be there to be read, and an older verification may have lost its last file to this one.
            try writer.completeScans(telling: &events)
            return begun
        }
        retryAfterDatabaseTrouble()
        running?.hashing.wake()
        watchForSilence()
        noteProgress()
        return begun
    }

    /// Has a file that somebody asked about read before all others.
    package func prefer(_ file: Int64) { running?.hashing.prefer(file) }
}
