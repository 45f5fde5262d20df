package import Logging
internal import Synchronization

/// Starts services in order, keeps them running, and stops them in reverse order.
///
/// The services run in tasks of their own and not in a task group: one that hangs in a dead drive must not keep
/// the others from being stopped, nor the process from ending.
package final class ServiceGroup: Sendable {
    private let services: [any Service]
    private let logger: Logger
    private let stopRequested = Signal()

    package init(_ services: [any Service], logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// Asks `run` to stop everything and return. Safe from any thread, any number of times.
    package func requestStop() { stopRequested.fire() }

    /// Runs until `requestStop` was called or a service failed; returns after all have stopped or the deadline passed.
    ///
    /// - Parameters:
    ///   - stopDeadline: how long stopping all services may take altogether. When half of it is over, those that
    ///     are left are asked at once, in whatever order they end.
    ///   - onStarted: called when every service has started.
    ///   - onStopping: called first thing when the group begins to stop.
    /// - Throws: the first error of a service.
    package func run(
        stopDeadline: Duration, onStarted: @Sendable () -> Void = {}, onStopping: @Sendable () -> Void = {}
    ) async throws {
        let failure = FirstFailure()
        var running: [RunningService] = []
        for service in services where !stopRequested.hasFired {
            let runner = RunningService(service) { [stopRequested] error in
                failure.note(error)
                stopRequested.fire()
            }
            running.append(runner)
            await runner.waitUntilStartedOrEnded(orUntil: stopRequested)
        }
        if !stopRequested.hasFired { onStarted() }
        await stopRequested.wait()
        onStopping()
        await stop(running, within: stopDeadline)
        if let error = failure.error { throw error }
    }

    private func stop(_ running: [RunningService], within limit: Duration) async {
        let allStopped = Signal()
        let stopping = Task {
            for runner in running.reversed() {
                runner.context.requestShutdown()
                await runner.ended.wait()
            }
            allStopped.fire()
        }
        let timer = Task {
            try? await Task.sleep(for: limit / 2)
            for runner in running.reversed() { runner.context.requestShutdown() }
            try? await Task.sleep(for: limit / 2)
            allStopped.fire()
        }
        await allStopped.wait()
        timer.cancel()
        stopping.cancel()
        for runner in running where !runner.ended.hasFired {
            logger.warning("\(runner.name) did not stop in time and is left behind")
        }
    }
}

/// A service in its task.
private final class RunningService: Sendable {
    let name: String
    let context = ServiceContext()
    let ended = Signal()
    private let startedOrEnded = Signal()

    init(_ service: any Service, onFailure: @escaping @Sendable (any Error) -> Void) {
        name = service.name
        Task { [context, ended, startedOrEnded] in
            do {
                try await service.run(context)
            } catch {
                onFailure(error)
            }
            ended.fire()
            startedOrEnded.fire()
        }
        Task { [context, startedOrEnded] in
            await context.waitUntilStarted()
            startedOrEnded.fire()
        }
    }

    /// A service that hangs while it starts must not keep the group from stopping.
    func waitUntilStartedOrEnded(orUntil stop: Signal) async {
        let waiting = Task { [startedOrEnded] in
            await stop.wait()
            startedOrEnded.fire()
        }
        await startedOrEnded.wait()
        waiting.cancel()
    }
}

/// Keeps the first error that any service ends with.
private final class FirstFailure: Sendable {
    private let stored = Mutex<(any Error)?>(nil)

    var error: (any Error)? { stored.withLock { $0 } }

    func note(_ error: any Error) {
        stored.withLock { if $0 == nil { $0 = error } }
    }
}
