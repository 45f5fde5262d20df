internal import Catalog
internal import CivitAI
internal import FoundationEssentials
internal import LinuxSystem
internal import Logging
internal import Synchronization

/// CivitAI as one thread asks it: its turn, its count, and what is told of it. How it is to be spared is kept over
/// restarts.
final class LookupHost {
    /// A person does not wait for longer than this for a turn.
    private static let patience: Int64 = 20_000_000_000
    /// A check that comes to nothing is repeated as often; it must not keep other questions waiting.
    private static let keyChecksAtMost = 3

    private let service: LookupService
    private let settings: LookupSettings
    private var client: CivitAIClient
    private var pacing: HostPacing
    private var keyChecks = 0
    private var wasTold = ""

    private var key: String { "civitai_pacing \(settings.baseURL)" }

    /// nil where the settings lead to no host; people are told why.
    init?(_ settings: LookupSettings, service: LookupService) {
        self.settings = settings
        self.service = service
        let apiKey = service.status().key == .invalid ? nil : settings.apiKey
        do throws(CivitAIError) {
            client = try Self.makeClient(settings, apiKey: apiKey, service)
        } catch {
            service.indexer.logger.error("CivitAI cannot be asked: \(error)", event: .civitaiAway)
            service.update { status in
                status.state = .blocked
                status.message = error.message
            }
            return nil
        }
        pacing = HostPacing(requestsPerSecond: settings.requestsPerSecond)
        let stored = try? service.indexer.catalog.read { try $0.metadata(key) } ?? nil
        if let stored, let known = try? JSONDecoder().decode(HostPacing.self, from: Data(stored.utf8)) {
            pacing = known
            pacing.setRate(settings.requestsPerSecond)
        }
        tell()
    }

    private static func makeClient(
        _ settings: LookupSettings, apiKey: String?, _ service: LookupService
    ) throws(CivitAIError) -> CivitAIClient {
        try CivitAIClient(
            baseURL: settings.baseURL, userAgent: settings.userAgent, apiKey: apiKey,
            timeoutMilliseconds: settings.timeoutMilliseconds, cancellation: service.cancellation)
    }

    // MARK: - Turns

    /// When the next request may be made, in nanoseconds since 1970.
    func earliest(now: Int64) -> Int64 { pacing.earliest(now: now) }

    /// Whether nothing is to be had of it soon.
    func isAway(now: Int64, patience: Int64) -> Bool {
        pacing.isCircuitOpen || (pacing.retryAt.map { $0 - now > patience } ?? false)
    }

    /// Waits for a turn, for somebody who waits; throws when it does not come soon.
    func waitForTurn() throws {
        let now = WallClock.now
        let earliest = pacing.earliest(now: now)
        if earliest - now > Self.patience {
            let time = Timestamp.text(nanoseconds: earliest)
            throw LookupRefusal.unavailable(
                (pacing.message.map { $0 + " " } ?? "") + "CivitAI is not to be asked before \(time).")
        }
        service.urgency.wait(until: .now.advanced(nanoseconds: max(0, earliest - now))) {
            service.state.withLock { $0.isStopping }
        }
    }

    /// Asks, and notes how it went.
    func ask<Answer>(_ question: (CivitAIClient) throws(CivitAIError) -> Answer) throws(CivitAIError) -> Answer {
        pacing.noteSent(now: WallClock.now)
        service.update { status in
            status.requestsTotal += 1
            status.state = .fetching
        }
        do throws(CivitAIError) {
            let answer = try question(client)
            note { $0.noteSuccess(now: WallClock.now) }
            return answer
        } catch {
            if error.code != .cancelled {
                note { $0.note(error, now: WallClock.now, jitter: .random(in: 0..<1)) }
            }
            throw error
        }
    }

    /// Leaves the host alone though it answers: nothing that it answers is of use.
    func spare(_ error: CivitAIError) {
        let trouble = CivitAIError(.unavailable, error.message)
        note { $0.note(trouble, now: WallClock.now, jitter: .random(in: 0..<1)) }
    }

    /// How it is when there is nothing to ask; nil where that is told already.
    func restingStatus(now: Int64, _ status: LookupStatus) -> LookupStatus? {
        var resting = status
        // Whether the host would answer now is not known, and nobody waits for it.
        if earliest(now: now) <= now { (resting.state, resting.retryAt, resting.message) = (.idle, nil, nil) }
        return resting == status ? nil : resting
    }

    private func note(_ change: (inout HostPacing) -> Void) {
        let before = pacing
        change(&pacing)
        // A turn that was taken a moment ago is not worth a transaction.
        if pacing.state != .open || before.state != .open { keep() }
        tell()
    }

    private func keep() {
        guard let data = try? JSONEncoder().encode(pacing) else { return }
        let (key, text) = (key, String(decoding: data, as: UTF8.self))
        do {
            try service.indexer.catalog.write { writer in
                try writer.setMetadata(key, text, at: Timestamp.text(nanoseconds: WallClock.now))
            }
        } catch {
            service.indexer.note(databaseError: error)
        }
    }

    /// Shows how it stands, and has the journal tell what is new.
    private func tell() {
        let (state, message) = (pacing.state, pacing.message)
        let text = state == .open ? "" : message ?? ""
        if text != wasTold {
            if text.isEmpty {
                service.indexer.logger.notice("CivitAI answers again", event: .civitaiBack)
            } else if wasTold.isEmpty {
                service.indexer.logger.warning("CivitAI: \(text)", event: .civitaiAway)
            }
            wasTold = text
        }
        let retryAt = pacing.retryAt
        service.update { status in
            status.retryAt = retryAt
            status.message = text.isEmpty ? nil : text
            switch state {
            case .open: status.state = status.state == .fetching ? .fetching : .idle
            case .backingOff: status.state = .backingOff
            case .blocked: status.state = .blocked
            }
        }
    }

    // MARK: - The key

    /// Asks once whether the key is one; false when there is nothing to ask.
    func checkKey() throws -> Bool {
        guard settings.apiKey != nil, keyChecks < Self.keyChecksAtMost, service.status().key == .unchecked else {
            return false
        }
        guard client.sendsKey else {
            service.indexer.logger.warning(
                "the API key is not sent: civitai.base_url is neither https nor this machine",
                event: .apiKeyUnused)
            keyChecks = Self.keyChecksAtMost
            return false
        }
        keyChecks += 1
        let isValid = try ask { client throws(CivitAIError) in try client.isKeyValid() }
        if !isValid {
            service.indexer.logger.warning(
                "CivitAI does not accept the API key; kikod goes on without it", event: .apiKeyUnused)
            client = try Self.makeClient(settings, apiKey: nil, service)
        }
        let isCurrent = service.state.withLock { $0.settings.apiKey == settings.apiKey }
        if isCurrent { service.update { $0.key = isValid ? .valid : .invalid } }
        return true
    }
}
