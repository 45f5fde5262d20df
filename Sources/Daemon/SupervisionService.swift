internal import Catalog
internal import HTTPServer
internal import Indexing
internal import LinuxSystem
internal import ServiceLifecycle
internal import Synchronization
internal import Systemd

/// Tells systemd how it goes: the status line as things change, and the watchdog while everything makes progress.
///
/// A thread that hangs on a dead drive does not count; the event reader, the database's writer and the API do.
struct SupervisionService: Service {
    let name = "supervision"
    let indexer: Indexer
    let catalog: ModelCatalog
    let server: HTTPRequestServer
    let manager: ServiceManager

    private static let pingMilliseconds = 2000

    func run(_ context: ServiceContext) async throws {
        let thread = try SupervisionThread(self)
        context.markStarted()
        await context.shutdown()
        thread.stop()
    }

    /// True when every part that must never hang answers.
    fileprivate func isAlive() -> Bool {
        indexer.isAlive(milliseconds: Self.pingMilliseconds) && server.isAlive(milliseconds: Self.pingMilliseconds)
    }
}

/// The thread that looks after the others.
private final class SupervisionThread: Sendable {
    private let service: SupervisionService
    private let isStopping = Atomic(false)
    private let condition = Condition()

    /// The status line changes at most once in this time.
    private static let statusTime: Int64 = 1_000_000_000
    /// With nothing new for so long, the log of the database is folded into it.
    private static let quietTime: Int64 = 5_000_000_000
    /// While files are being read the figures change without any event.
    private static let progressTime: Int64 = 2_000_000_000
    /// After a failed look the next comes so soon: one slow moment must not end a daemon that is well.
    private static let secondLookTime: Int64 = 1_000_000_000

    init(_ service: SupervisionService) throws {
        self.service = service
        _ = try SystemThread(name: "supervision") { [self] in supervise() }
    }

    /// The thread ends by itself when it wakes next; nothing waits for it.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        condition.broadcast()
    }

    private func supervise() {
        let (indexer, manager) = (service.indexer, service.manager)
        let interval = manager.watchdogInterval.map { $0 / 2 }
        var nextPing = interval.map { _ in MonotonicTime.now } ?? .distantFuture
        var generation = -1
        var hasUnfoldedLog = false
        while !isStopping.load(ordering: .relaxed) {
            var deadline = nextPing
            do {
                let status = try indexer.status()
                manager.show(status.summary)
                if status.hashing.state != .idle {
                    deadline = min(deadline, .now.advanced(nanoseconds: Self.progressTime))
                }
            } catch {
                manager.show("The index cannot be read: \(error)")
            }
            if hasUnfoldedLog { deadline = min(deadline, .now.advanced(nanoseconds: Self.quietTime)) }
            // Counting costs more than telling, so changes are gathered for a second before they are counted.
            pause(until: min(nextPing, .now.advanced(nanoseconds: Self.statusTime)))
            let seen = indexer.waitForChange(after: generation, until: deadline)
            if seen != generation {
                generation = seen
                hasUnfoldedLog = true
            } else if hasUnfoldedLog, MonotonicTime.now >= deadline, service.catalog.checkpoint() {
                hasUnfoldedLog = false
            }
            if let interval, MonotonicTime.now >= nextPing {
                let isAlive = service.isAlive()
                if isAlive { manager.alive() }
                nextPing = .now.advanced(nanoseconds: isAlive ? interval : min(interval, Self.secondLookTime))
            }
        }
    }

    private func pause(until deadline: MonotonicTime) {
        condition.wait(until: deadline) { isStopping.load(ordering: .relaxed) }
    }
}
