internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

/// Serves HTTP/1.1 on any number of listening sockets with one handler.
///
/// Once it serves, it lives until `stop`, which MUST be called.
package final class HTTPRequestServer: Sendable {
    private struct State {
        var isStopped = false
        var engines: [Engine] = []
    }

    private let core: ServerCore
    private let state = Mutex(State())

    package init(
        handler: any HTTPRequestHandler, limits: HTTPServerLimits = HTTPServerLimits(), logger: Logger = .silent
    ) {
        core = ServerCore(handler: handler, limits: limits, logger: logger)
    }

    /// Takes over a listening socket and answers requests on it from now on; closed when the server stops.
    /// ESHUTDOWN after `stop`.
    package func serve(_ descriptor: consuming FileDescriptor, as kind: ListenerKind) throws(SystemError) {
        let threads = core.limits.threads
        let listener = try Listener(descriptor, kind: kind, places: max(1, core.limits.connections / threads))
        var engines: [Engine] = []
        var started = 0
        var isServing = false
        defer {
            if !isServing {
                for engine in engines[..<started] { engine.stop() }
                for engine in engines[started...] { engine.abandon() }
            }
        }
        for number in 0..<threads {
            engines.append(try Engine(listener, core: core, accepts: number == 0))
        }
        listener.share(among: engines)
        for engine in engines {
            try engine.start()
            started += 1
        }
        isServing = state.withLock { state in
            guard !state.isStopped else { return false }
            state.engines += engines
            return true
        }
        guard isServing else { throw SystemError(Errno(rawValue: ESHUTDOWN), call: "accept") }
    }

    /// Whether every listening socket is being looked after: true when each thread comes round within this time. Blocks.
    package func isAlive(milliseconds: Int) -> Bool {
        let engines = state.withLock { $0.engines }
        return engines.allSatisfy { $0.turns(milliseconds: milliseconds) }
    }

    /// Stops: no new connections; time for the first request of those that were just made, half of `graceMilliseconds` at
    /// most; then 503 for deferred replies and new requests, and the rest of it for responses under way; then every
    /// connection is closed.
    ///
    /// Blocks, so not for the cooperative pool, and never from a handler. Later calls wait for the first, and do nothing.
    package func stop(graceMilliseconds: Int = 500) {
        state.withLock { state in
            state.isStopped = true
            for engine in state.engines { engine.quiesce() }
            // Whoever connected just now is about to send a request; closed before, they would get no answer at all.
            let start = MonotonicTime.now
            let half = start.advanced(milliseconds: graceMilliseconds / 2)
            for engine in state.engines { engine.watch.waitForFirstRequests(until: half) }
            core.stop(until: start.advanced(milliseconds: graceMilliseconds))
            for engine in state.engines { engine.stop() }
            state.engines = []
        }
    }
}
