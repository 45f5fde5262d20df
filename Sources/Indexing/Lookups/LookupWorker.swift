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

    let service: LookupService
    var settings = LookupSettings()
    var host: LookupHost?
    private var settingsGeneration = -1
    var digests = BatchQueue<DueLookup>()
    var versions = BatchQueue<DueLookup>()
    var missed = BatchQueue<Int64>()
    var models = BatchQueue<Int64>()
    /// When contents that wait were seen first.
    private var gatheringSince: Int64?
    private var hasDatabaseTrouble = false

    init(_ service: LookupService) { self.service = service }

    var indexer: Indexer { service.indexer }
    var isStopping: Bool { service.state.withLock { $0.isStopping } }

    func run() {
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

    // MARK: - Waiting

    /// Waits for so long, or for what cannot wait.
    private func pause(_ nanoseconds: Int64) {
        let known = settingsGeneration
        service.urgency.wait(until: .now.advanced(nanoseconds: max(0, nanoseconds))) {
            service.state.withLock { state in
                state.isStopping || !state.wishes.isEmpty || state.settingsGeneration != known
                    || state.isPassEnding && !state.isPassOver
            }
        }
    }

    private func rest(after generation: Int, until moment: Int64) {
        // That there is nothing to do is news, after which this comes back here.
        if service.status().state == .fetching { return service.update { $0.state = .idle } }
        let left = moment == .max ? Int64.max : max(0, moment - WallClock.now)
        _ = indexer.waitForChange(after: generation, until: .now.advanced(nanoseconds: left))
        // What happens in a row is looked at once.
        pause(gatheringSince == nil ? Self.shortPause : Self.longPause)
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
        service.state.withLock { $0.wishes.isEmpty ? nil : $0.wishes.removeFirst() }
    }

    // MARK: - Choosing

    private func step() -> Step {
        guard let host else { return .rest(until: .max) }
        let now = WallClock.now
        do {
            let earliest = host.earliest(now: now)
            if earliest > now {
                if host.isAway(now: now, patience: Self.patienceOfPass) { endPass() }
                return .waitForTurn(until: earliest)
            }
            if try askNext(host, now: now) { return .worked }
            endPass()
            hasDatabaseTrouble = false
            let time = Timestamp.text(nanoseconds: now)
            let next = try indexer.catalog.read { try $0.nextLookupTime(after: time) }
            // What is due and is not asked waits for something else, of which will be told.
            return .rest(until: min(next.flatMap(Timestamp.nanoseconds) ?? .max, gatheringEnd ?? .max))
        } catch let error as CivitAIError {
            // The host knows when it may be asked again.
            if error.code == .cancelled { return .rest(until: .max) }
            return .worked
        } catch {
            if !hasDatabaseTrouble { indexer.note(databaseError: error) }
            hasDatabaseTrouble = true
            endPass()
            return .rest(until: now + 60_000_000_000)
        }
    }

    private var gatheringEnd: Int64? { gatheringSince.map { $0 + Self.longestGathering } }

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
        if try host.checkKey() { return true }
        if try askAboutPin(host, now: now) { return true }
        if try askAboutDigests(host, now: now) { return true }
        if try askForVersions(host, now: now) { return true }
        if try askForMissedVersion(host, now: now) { return true }
        if try askForModels(host, now: now) { return true }
        return try giveSecondChance(host, now: now)
    }

    /// Contents to ask about now; none while more of them are about to come, or while what is private is not known yet.
    func gatherDigests(now: Int64) throws -> [DueLookup] {
        guard indexer.knowsPrivateFiles else { return [] }
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
        guard isEnough else { return [] }
        gatheringSince = nil
        if few.count < Self.worthAsking { return few }
        return try indexer.catalog.read { try $0.dueLookups(at: time, limit: Self.digestsAtOnce) }
    }
}
