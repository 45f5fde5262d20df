internal import Glibc
package import LinuxSystem
package import Logging
internal import Synchronization

/// Serves HTTP/1.1 on any number of listening sockets with one handler; each has threads of its own.
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
        let watch = try ConnectionWatch(limits: core.limits)
        var engines: [Engine] = []
        do throws(SystemError) {
            for share in core.limits.shares {
                let own = try descriptor.duplicate(shown: Self.shown)
                engines.append(try .start(own, kind: kind, connections: share, watch: watch, core: core))
            }
        } catch {
            Self.end(engines)
            watch.stop()
            throw error
        }
        let started = engines
        let isAccepted = state.withLock { state in
            guard !state.isStopped else { return false }
            state.engines += started
            return true
        }
        guard isAccepted else {
            Self.end(started)
            watch.stop()
            throw SystemError(Errno(rawValue: ESHUTDOWN), call: "accept")
        }
    }

    private static let shown = FilePath("listening socket")

    private static func end(_ engines: [Engine]) {
        for engine in engines { engine.quiesce() }
        for engine in engines { engine.stop() }
    }

    /// Stops: no new connections, 503 for deferred replies and new requests, up to `graceMilliseconds` for responses
    /// under way; then every connection is closed.
    ///
    /// Blocks, so not for the cooperative pool, and never from a handler. Later calls wait for the first, and do nothing.
    package func stop(graceMilliseconds: Int = 500) {
        state.withLock { state in
            state.isStopped = true
            for engine in state.engines { engine.quiesce() }
            core.stop(until: .now.advanced(milliseconds: graceMilliseconds))
            for engine in state.engines {
                engine.stop()
                engine.watch.stop()
            }
            state.engines = []
        }
    }
}
