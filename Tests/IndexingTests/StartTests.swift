import Logging
import Synchronization
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing
@testable import LinuxSystem

/// What holds while the index starts, with a walking thread that is held up at will.
@Suite struct StartTests {
    @Test func aLongWalkKeepsNoOtherRootFromBeingOnline() async throws {
        try await withHeldUpIndexer(at: "scanned ", roots: ["one", "two"], existing: ["one", "two"]) { indexer, gate in
            try await onThread { try indexer.start() }
            try await onThread { gate.waitUntilHeldUp() }
            #expect(indexer.tops.map(\.condition.isOnline) == [true, true])
            #expect(indexer.tops.map(\.condition.isReconciled) == [true, false])
        }
    }

    @Test func aRootThatDoesNotAnswerIsOfflineUntilItDoes() async throws {
        try await withHeldUpIndexer(at: "root offline: it does not exist", roots: ["none", "two"], existing: ["two"]) {
            indexer, gate in
            try await onThread { try indexer.start() }
            #expect(indexer.tops.last?.condition.offlineReason == "it does not answer")
            gate.open()
            #expect(try await onThread { indexer.waitForFirstPass() })
            let outcome = try await onThread { indexer.sync(hashed: true, milliseconds: IndexerFixture.patience) }
            #expect(outcome.isSynced)
            #expect(indexer.tops.map(\.condition.isOnline) == [false, true])
        }
    }

    @Test func whoAsksBeforeTheStartWaitsForIt() async throws {
        try await withHeldUpIndexer(at: "never", roots: ["one", "none"], existing: ["one"]) { indexer, _ in
            async let outcome = onThread { indexer.sync(hashed: true, milliseconds: IndexerFixture.patience) }
            let early = try await onThread { indexer.sync(hashed: false, milliseconds: 0) }
            #expect(!early.isSynced)
            try await onThread { try indexer.start() }
            #expect(try await outcome.isSynced)
            #expect(try await outcome.skipped == indexer.roots.dropFirst().map(\.path))
        }
    }

    @Test func aStartThatWaitsForARootIsCutShort() async throws {
        try await withHeldUpIndexer(at: "root offline: it does not exist", roots: ["none", "two"], existing: ["two"]) {
            indexer, gate in
            async let start: Void = onThread { try indexer.start() }
            try await onThread { gate.waitUntilHeldUp() }
            indexer.requestStop()
            try await start
            // The time for its answer was not over.
            #expect(indexer.tops.map(\.condition.hasBegun) == [true, false])
            #expect(try indexer.status().state == .stopping)
        }
    }
}

/// Runs `body` with an index that is not started, and whose thread stops at the first log line of the given beginning.
private func withHeldUpIndexer(
    at beginning: String, roots: [String], existing: [String], _ body: (Indexer, Gate) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        for name in existing { try makeDirectory(directory.appending(name)) }
        let data = directory.appending("data")
        try makeDirectory(data)
        let catalog = try ModelCatalog.open(directory: data)
        let gate = Gate(beginning)
        let indexer = Indexer(
            catalog: catalog, settings: IndexerFixture.settings(roots.map { directory.appending($0) }),
            runtimeDirectory: directory.appending("run"), logger: Logger(level: .debug, handler: gate))
        try await TakingTurns.watching.run {
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(indexer, gate)) } catch { outcome = .failure(error) }
            gate.open()
            try await onThread {
                indexer.stop()
                catalog.close()
            }
            try outcome.get()
        }
    }
}

/// Holds up the thread that writes a log line of a certain beginning, until it is opened.
private final class Gate: LogHandler {
    private let beginning: String
    private let state = Mutex((isHolding: false, isOpen: false))
    private let condition = Condition()

    init(_ beginning: String) { self.beginning = beginning }

    func write(_ record: LogRecord) {
        guard record.message.hasPrefix(beginning) else { return }
        state.withLock { $0.isHolding = true }
        condition.broadcast()
        condition.wait { self.state.withLock { $0.isOpen } }
    }

    func waitUntilHeldUp() {
        let deadline = MonotonicTime.now.advanced(milliseconds: IndexerFixture.patience)
        #expect(condition.wait(until: deadline) { self.state.withLock { $0.isHolding } })
    }

    func open() {
        state.withLock { $0.isOpen = true }
        condition.broadcast()
    }
}
