internal import Catalog
internal import CivitAI
internal import HTTPClient
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// Asks CivitAI about contents and keeps what it says: one question at a time, on a thread of its own.
///
/// What there is to ask stands in the catalogue, and so do all answers; this holds nothing that a restart could lose.
/// All methods are safe from any thread; those that wait say so.
package final class LookupService: Sendable {
    struct State: Sendable {
        var settings: LookupSettings
        /// Counts the settings.
        var settingsGeneration = 0
        var wishes: [LookupWish] = []
        var status = LookupStatus()
        var isStarted = false
        var isStopping = false
        /// One pass is to end when nothing is left to be asked now.
        var isPassEnding = false
        var isPassOver = false
    }

    /// How long somebody waits for an answer at most, and how many may.
    private static let patience = 60_000
    private static let wishesAtMost = 64

    let indexer: Indexer
    let cancellation = HTTPCancellation()
    let state: Mutex<State>
    /// Woken by what the thread must not sleep over: the end, other settings, and what people wait for.
    let urgency = Condition()

    package init(indexer: Indexer, settings: LookupSettings) {
        self.indexer = indexer
        state = Mutex(State(settings: settings))
        setIdleStatus()
    }

    // MARK: - Life

    /// Begins to ask.
    package func start() throws {
        state.withLock { $0.isStarted = true }
        _ = try SystemThread(name: "civitai") { [self] in
            LookupWorker(self).run()
            endWishes()
        }
    }

    /// Ends whatever is being asked. Does not wait: the thread ends by itself within a second.
    package func requestStop() {
        state.withLock { $0.isStopping = true }
        cancellation.cancel()
        endWishes()
        wake()
    }

    /// Goes by other settings from the next request on.
    package func reload(_ settings: LookupSettings) {
        state.withLock { state in
            guard state.settings != settings else { return }
            // Another key, or another site to tell it.
            if (state.settings.apiKey, state.settings.baseURL) != (settings.apiKey, settings.baseURL) {
                state.status.key = .none
            }
            state.settings = settings
            state.settingsGeneration += 1
        }
        setIdleStatus()
        wake()
    }

    /// Waits until everything that is due was answered or has failed once (`--once`), or until the service ends. Blocks.
    package func finishPass() {
        state.withLock { $0.isPassEnding = true }
        wake()
        var generation = -1
        while !state.withLock({ $0.isPassOver || $0.isStopping || !$0.settings.isEnabled }) {
            generation = indexer.waitForChange(after: generation, until: .distantFuture)
        }
    }

    private func wake() {
        urgency.broadcast()
        indexer.noteProgress()
    }

    private func endWishes() {
        let wishes = state.withLock { state in
            defer { state.wishes = [] }
            return state.wishes
        }
        for wish in wishes { wish.finish(.failure(LookupRefusal.unavailable("kikod is stopping."))) }
    }

    // MARK: - Questions of others

    /// How it goes.
    package func status() -> LookupStatus { state.withLock { $0.status } }

    /// Links a content to a version for ever, or, without one, forgets a pin and an `unlink` and asks CivitAI at once.
    /// Blocks until that is done.
    package func link(content: Int64, toVersion version: Int64?) throws {
        guard let version else {
            if let refusal = try refusal(toAskAbout: content) {
                // What people have pinned or forbidden is theirs to take back at any time.
                let now = Timestamp.text(nanoseconds: WallClock.now)
                let wasWish = try indexer.catalog.write(telling: indexer.events) { writer, _ in
                    try writer.takeBackWish(aboutContent: content, at: now)
                }
                guard wasWish else { throw refusal }
                return indexer.noteProgress()
            }
            _ = try fulfil(.ask(content: content))
            return
        }
        guard try indexer.catalog.read({ try $0.hasVersion(version) }) else {
            _ = try fulfil(.pin(content: content, version: version))
            return
        }
        try indexer.catalog.write(telling: indexer.events) { writer, events in
            let now = Timestamp.text(nanoseconds: WallClock.now)
            try writer.pin(content: content, toVersion: version, at: now)
            try LookupAnswers.linkPinned(content, to: version, writer, at: now, telling: &events)
        }
        indexer.noteProgress()
    }

    /// Why nothing is asked about a content now; nil where it can be.
    private func refusal(toAskAbout content: Int64) throws -> LookupRefusal? {
        let (size, isAskable) = try indexer.catalog.read {
            (try $0.contentSize(content), try $0.lookup(ofContent: content) != nil)
        }
        guard let size else { return .unknownContent }
        if size.bytes == 0 { return .isEmpty }
        if !size.hasDigest { return .notHashed }
        if !isAsking { return .disabled }
        if !isAskable { return .isPrivate }
        return indexer.knowsPrivateFiles
            ? nil : .unavailable("kikod is still finding out what is private; it asks as soon as it knows.")
    }

    /// False while the configuration forbids every request.
    package var isAsking: Bool { state.withLock { $0.settings.isEnabled } }

    /// Has everything asked at once that waits for a later time. Does not wait for it.
    package func askAgain() throws {
        guard isAsking else { throw LookupRefusal.disabled }
        try indexer.catalog.write { try $0.askAgainAboutAll(at: Timestamp.text(nanoseconds: WallClock.now)) }
        indexer.noteProgress()
    }

    /// Forbids to link a content, and undoes the link that it has.
    package func unlink(content: Int64) throws {
        try indexer.catalog.write(telling: indexer.events) { writer, _ in try writer.unlink(content: content) }
        indexer.noteProgress()
    }

    /// Fetches a model with all of its versions. Blocks until that is done.
    ///
    /// - Returns: how many versions it has.
    package func cacheModel(_ id: Int64) throws -> Int { try fulfil(.cache(model: id)) }

    private func fulfil(_ kind: LookupWish.Kind) throws -> Int {
        let wish = LookupWish(kind)
        let isTaken = state.withLock { state in
            guard state.settings.isEnabled, state.isStarted, !state.isStopping else { return false }
            state.wishes.removeAll(where: \.isAbandoned)
            guard state.wishes.count < Self.wishesAtMost else { return false }
            state.wishes.append(wish)
            return true
        }
        guard isTaken else {
            throw isAsking ? LookupRefusal.unavailable("Too many wait for CivitAI; try again.") : .disabled
        }
        wake()
        return try wish.wait(milliseconds: Self.patience)
    }

    // MARK: - Status

    /// Changes what is told; nothing while questions are switched off, by an answer that comes too late.
    func update(_ change: (inout LookupStatus) -> Void) {
        state.withLock { state in
            if state.settings.isEnabled { change(&state.status) }
        }
        indexer.noteProgress()
    }

    private func setIdleStatus() {
        state.withLock { state in
            let settings = state.settings
            if !settings.isEnabled {
                state.status.state = .off
                (state.status.retryAt, state.status.message) = (nil, nil)
            } else if state.status.state == .off {
                state.status.state = .idle
            }
            state.status.key =
                settings.apiKey == nil ? .none : state.status.key == .none ? .unchecked : state.status.key
        }
    }
}
