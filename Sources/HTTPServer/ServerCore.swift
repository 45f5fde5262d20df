internal import LinuxSystem
internal import Logging
internal import Synchronization

/// What all listening sockets of a server share: the handler, the limits, and the requests being answered.
final class ServerCore: Sendable {
    private struct State {
        var isStopping = false
        var answering: [ObjectIdentifier: ConnectionGate] = [:]
    }

    let handler: any HTTPRequestHandler
    let limits: HTTPServerLimits
    let logger: Logger
    private let state = Mutex(State())
    private let changed = Condition()

    init(handler: any HTTPRequestHandler, limits: HTTPServerLimits, logger: Logger) {
        self.handler = handler
        self.limits = limits
        self.logger = logger
    }

    /// Notes that a request is being answered; false when the server stops and it must be refused.
    func enter(_ gate: ConnectionGate) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.answering[ObjectIdentifier(gate)] = gate
            return true
        }
    }

    func leave(_ gate: ConnectionGate) {
        let isLast = state.withLock { state in
            state.answering.removeValue(forKey: ObjectIdentifier(gate))
            return state.isStopping && state.answering.isEmpty
        }
        if isLast { changed.broadcast() }
    }

    /// Refuses requests from now on, brings every resting connection back, and waits until all requests that were being
    /// answered are done, or until the deadline. No connection rests after it.
    func stop(until deadline: MonotonicTime) {
        let gates = state.withLock { state in
            state.isStopping = true
            return Array(state.answering.values)
        }
        for gate in gates { gate.stop() }
        changed.wait(until: deadline) { self.state.withLock { $0.answering.isEmpty } }
    }
}
