internal import LinuxSystem
internal import ServiceLifecycle
internal import Synchronization
internal import Systemd

/// What others ask of the process with signals: to end, from its first moment on, and to read its configuration again,
/// once it runs.
final class ProcessRequests: Sendable {
    /// The start was cut short because the process is to end.
    struct StartCancelled: Error {}

    private enum Reload {
        /// Nobody can reload yet; whether somebody has asked.
        case early(isWanted: Bool)
        case by(@Sendable () -> Void)
    }

    /// Fires when the process is to end.
    let termination = Signal()
    private let reload = Mutex(Reload.early(isWanted: false))

    /// Listens from now on; the signals have been blocked.
    init(manager: ServiceManager) throws {
        try ProcessSignals.start { [self] kind in
            switch kind {
            case .terminate:
                // At once, so that nothing that still gets on puts off the service manager.
                manager.stopping()
                termination.fire()
            case .reload: requestReload()
            }
        }
    }

    /// Has reloads begun by `body` from now on, and one now if somebody has asked before. It must return quickly.
    func reloads(by body: @escaping @Sendable () -> Void) {
        let isWanted = reload.withLock { reload in
            defer { reload = .by(body) }
            return if case .early(let isWanted) = reload { isWanted } else { false }
        }
        if isWanted { body() }
    }

    /// The outcome of a step of the start, which may hang, on a thread of its own.
    ///
    /// - Throws: what the step throws, or `StartCancelled` as soon as the process is to end: it is then left behind.
    func unlessEnding<Outcome: Sendable>(
        _ name: String, _ step: @escaping @Sendable () throws -> Outcome
    ) async throws -> Outcome {
        let isOver = Signal()
        let outcome = Mutex<Result<Outcome, any Error>?>(nil)
        _ = try SystemThread(name: name) {
            let result = Result { try step() }
            outcome.withLock { $0 = result }
            isOver.fire()
        }
        Task {
            await termination.wait()
            isOver.fire()
        }
        await isOver.wait()
        // One that came to its end is handed on, so that what it took can be put back.
        guard let result = outcome.withLock({ $0 }) else { throw StartCancelled() }
        return try result.get()
    }

    private func requestReload() {
        let body = reload.withLock { reload -> (@Sendable () -> Void)? in
            if case .by(let body) = reload { return body }
            reload = .early(isWanted: true)
            return nil
        }
        body?()
    }
}
