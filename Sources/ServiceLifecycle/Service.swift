/// A part of the daemon that runs for as long as the daemon does.
package protocol Service: Sendable {
    /// For log lines.
    var name: String { get }

    /// Runs until `context.shutdown()` returns, then puts everything away and returns.
    ///
    /// It calls `context.markStarted()` once it serves: the next service starts only then.
    /// - Throws: when it cannot start or cannot go on; the group then stops all others and passes the error on.
    func run(_ context: ServiceContext) async throws
}

/// What a running service and its group tell each other.
package final class ServiceContext: Sendable {
    private let started = Signal()
    private let stop = Signal()

    package init() {}

    /// The service serves now.
    package func markStarted() { started.fire() }

    /// Returns when the service is to end.
    package func shutdown() async { await stop.wait() }

    func requestShutdown() { stop.fire() }
    func waitUntilStarted() async { await started.wait() }
}
