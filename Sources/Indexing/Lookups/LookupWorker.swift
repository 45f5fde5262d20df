internal import Catalog
internal import CivitAI
internal import CivitAIRecords
internal import HTTPClient
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// The thread of a `LookupService`: chooses what to ask next, waits for its turn, and has the answers kept.
///
/// Used by one thread only.
final class LookupWorker {
    /// What a look at what there is to do has come to.
    enum Step {
        /// Something was done; there may be more.
        case worked
        /// The host is not to be asked before this moment, in nanoseconds since 1970.
        case waitForTurn(until: Int64)
        /// There is nothing to ask before this moment, or before something happens.
        case rest(until: Int64)
    }

    /// As many digests are asked about at once; CivitAI allows 10,000.
    static let digestsAtOnce = 5000
    /// Versions and models by their numbers; CivitAI allows as many.
    static let descriptionsAtOnce = 100
    /// While files are being hashed, contents are gathered until there are so many of them ...
    private static let worthAsking = 1000
    /// ... or the oldest has waited for so long.
    private static let longestGathering: Int64 = 300_000_000_000
    /// A look for work is not worth its while more often than that; the second while contents are gathered.
    private static let shortPause: Int64 = 100_000_000
    private static let longPause: Int64 = 1_000_000_000
    /// A pass does not wait for a host for longer than this.
    private static let patienceOfPass: Int64 = 60_000_000_000
    /// After trouble with the database nothing is asked for so long.
    private static let databasePause: Int64 = 60_000_000_000

    let service: LookupService
    var settings = LookupSettings()
    var host: LookupHost?
    private var settingsGeneration = -1
    var digests = BatchQueue<DueLookup>()
    var versions = BatchQueue<DueLookup>()
    var missed = BatchQueue<Int64>()
    var models = BatchQueue<Int64>()
    /// Contents whose second chance came to nothing since the start.
    var failedChances: Set<Int64> = []
    /// When contents that wait were seen first.
    private var gatheringSince: Int64?
    /// True when the last look left out contents that are due, because more are about to come or because what is private
    /// is not known yet.
    private var isHoldingBack = false
    /// After trouble with the database: when to try again.
    private var databaseRetryAt: Int64?
    /// What `pause` knows of an ending pass.
    private var hasSeenPassEnding = false

    init(_ service: LookupService) { self.service = service }

    var indexer: Indexer { service.indexer }
    var isStopping: Bool { service.state.withLock { $0.isStopping } }

    func run() {
        bringForward()
        while !isStopping {
            let generation = indexer.generation
            takeSettings()
            if let wish = takeWish() {
                fulfil(wish)
                continue
            }
            switch step() {
            case .worked: continue
            case .waitForTurn(let moment): pause(moment - WallClock.now)
            case .rest(let moment): rest(after: generation, until: moment)
            }
        }
    }

    /// A clock that was far ahead may have put questions off for years.
    private func bringForward() {
        let now = WallClock.now
        do {
            try indexer.catalog.write { writer in
                try writer.bringForward(
                    lookups: Timestamp.text(nanoseconds: LookupSchedule.latestLookup(now: now)),
                    models: Timestamp.text(nanoseconds: LookupSchedule.latestModel(now: now)),
                    at: Timestamp.text(nanoseconds: now))
            }
        } catch {
            indexer.note(databaseError: error)
        }
    }

    // MARK: - Waiting

    /// Waits for so long, or for what cannot wait.
    private func pause(_ nanoseconds: Int64) {
        let (settings, seen) = (settingsGeneration, hasSeenPassEnding)
        service.urgency.wait(until: .now.advanced(nanoseconds: max(0, nanoseconds))) {
            service.state.withLock { state in
                state.isStopping || !state.wishes.isEmpty || state.settingsGeneration != settings
                    || state.isPassEnding != seen
            }
        }
        hasSeenPassEnding = service.state.withLock { $0.isPassEnding }
    }

    private func rest(after generation: Int, until moment: Int64) {
        // That there is nothing to do is news, after which this comes back here.
        if let status = host?.restingStatus(now: WallClock.now, service.status()) {
            return service.update { $0 = status }
        }
        let left = moment == .max ? Int64.max : max(0, moment - WallClock.now)
        _ = indexer.waitForChange(after: generation, until: .now.advanced(nanoseconds: left))
        // What happens in a row is looked at once.
        pause(isHoldingBack ? Self.longPause : Self.shortPause)
    }

    private func takeSettings() {
        let (settings, generation) = service.state.withLock { ($0.settings, $0.settingsGeneration) }
        guard generation != settingsGeneration else { return }
        settingsGeneration = generation
        self.settings = settings
        host = nil
        if settings.isEnabled {
            host = LookupHost(settings, service: service)
        }
        (digests, versions, missed, models) = (BatchQueue(), BatchQueue(), BatchQueue(), BatchQueue())
    }

    private func takeWish() -> LookupWish? {
        service.state.withLock { state in
            state.wishes.removeAll(where: \.isAbandoned)
            return state.wishes.isEmpty ? nil : state.wishes.removeFirst()
        }
    }

    // MARK: - Choosing

    private func step() -> Step {
        guard let host else {
            endPass()
            return .rest(until: .max)
        }
        let now = WallClock.now
        do {
            try waitForDatabase(now: now)
            let earliest = host.earliest(now: now)
            if earliest > now {
                if host.isAway(now: now, patience: Self.patienceOfPass) { endPass() }
                return .waitForTurn(until: earliest)
            }
            if try askNext(host, now: now) { return .worked }
            if !isHoldingBack { endPass() }
            return .rest(until: try nextMoment(now: now))
        } catch let error as CivitAIError {
            // The host knows when it may be asked again.
            return error.code == .cancelled ? .waitForTurn(until: now + Self.longPause) : .worked
        } catch is LookupRefusal {
            // What was pinned is gone.
            return .worked
        } catch {
            if databaseRetryAt == nil { indexer.note(databaseError: error) }
            service.update { $0.state = .idle }
            let retry = now + Self.databasePause
            databaseRetryAt = retry
            endPass()
            // Not to be woken by whatever happens: nothing could be kept of an answer.
            return .waitForTurn(until: retry)
        }
    }

    /// After trouble nothing is asked before something can be written.
    private func waitForDatabase(now: Int64) throws {
        guard databaseRetryAt != nil else { return }
        try indexer.catalog.write { writer in
            try writer.setMetadata("civitai_resumed", "after trouble", at: Timestamp.text(nanoseconds: now))
        }
        databaseRetryAt = nil
    }

    /// When there is something to ask again. What is due and is not asked waits for something else, of which will be told.
    private func nextMoment(now: Int64) throws -> Int64 {
        let time = Timestamp.text(nanoseconds: now)
        var moments = [try indexer.catalog.read { try $0.nextLookupTime(after: time) }.flatMap(Timestamp.nanoseconds)]
        moments.append(gatheringSince.map { $0 + Self.longestGathering })
        if try !hasDailyAllowance(now: now) { moments.append(LookupSchedule.nextDay(now: now)) }
        return moments.compactMap(\.self).min() ?? .max
    }

    private func endPass() {
        let isOver = service.state.withLock { state -> Bool in
            guard state.isPassEnding, !state.isPassOver else { return false }
            state.isPassOver = true
            return true
        }
        if isOver { indexer.noteProgress() }
    }

    /// Asks the question that comes next; false when there is none.
    private func askNext(_ host: LookupHost, now: Int64) throws -> Bool {
        isHoldingBack = false
        if try host.checkKey() { return true }
        if try askAboutPin(host, now: now) { return true }
        if try askAboutDigests(host, now: now) { return true }
        if try askForVersions(host, now: now) { return true }
        if try askForMissedVersion(host, now: now) { return true }
        if try askForModels(host, now: now) { return true }
        return try giveSecondChance(host, now: now)
    }

    /// False as long as nothing may be asked by digests, because some that are private may not be known.
    var knowsPrivateFiles: Bool {
        let isKnown = indexer.knowsPrivateFiles
        if !isKnown { isHoldingBack = true }
        return isKnown
    }

    /// Contents to ask about now; none while more of them are about to come.
    func gatherDigests(now: Int64) throws -> [DueLookup] {
        let time = Timestamp.text(nanoseconds: now)
        let few = try indexer.catalog.read { try $0.dueLookups(at: time, limit: Self.worthAsking) }
        guard !few.isEmpty else {
            gatheringSince = nil
            return []
        }
        let since = gatheringSince ?? now
        gatheringSince = since
        let isEnough =
            few.count >= Self.worthAsking || now - since >= Self.longestGathering || !indexer.isGatheringFiles
            || service.state.withLock { $0.isPassEnding }
        isHoldingBack = !isEnough
        guard isEnough else { return [] }
        gatheringSince = nil
        if few.count < Self.worthAsking { return few }
        return try indexer.catalog.read { try $0.dueLookups(at: time, limit: Self.digestsAtOnce) }
    }
}
