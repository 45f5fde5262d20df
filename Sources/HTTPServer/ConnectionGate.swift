internal import CMicroHTTPD
internal import Synchronization

/// Takes a connection out of the engine's loop while there is nothing to send, and back into it.
///
/// Every other thread reaches a connection through its gate alone, and the gate lets nobody through after `finish`.
///
/// `@unchecked Sendable`: the pointer is constant, and the engine's object behind it lives until `finish`, which the
/// engine's completion callback calls; suspending and resuming take the lock that `finish` takes, and the engine
/// allows resuming from any thread.
@safe final class ConnectionGate: @unchecked Sendable {
    private enum State {
        case open
        /// Woken while open: the next rest ends at once, so that no wake-up is lost.
        case woken
        case resting
        /// Never rests again: the engine aborts the process when it is stopped with a suspended connection.
        case stopping
        case finished
    }

    /// For the engine's thread, within the engine's callbacks.
    let connection: OpaquePointer
    private let engine: Engine?
    private let state = Mutex(State.open)

    /// - Parameter engine: nil in tests without one.
    init(_ connection: OpaquePointer, engine: Engine? = nil) {
        unsafe self.connection = connection
        self.engine = engine
    }

    /// Notes what the client has to do from now on; nil when it is the server's turn. Only for the engine's thread,
    /// before `finish`.
    func awaits(_ wait: ConnectionDeadlines.Wait?) { engine?.watch.set(wait, of: unsafe microhttpd_socket(connection)) }

    /// Suspends the connection until `wake` or `stop`; false when there is a reason to go on at once.
    /// Only for the engine's thread, which must return from its callback after true.
    func rest() -> Bool {
        state.withLock { state in
            switch state {
            case .open:
                unsafe MHD_suspend_connection(connection)
                state = .resting
                return true
            case .woken:
                state = .open
                return false
            case .resting, .stopping, .finished:
                return false
            }
        }
    }

    func wake() {
        state.withLock { state in
            switch state {
            case .open: state = .woken
            case .resting:
                state = .open
                resume()
            case .woken, .stopping, .finished: break
            }
        }
    }

    func stop() {
        state.withLock { state in
            if case .finished = state { return }
            if case .resting = state { resume() }
            state = .stopping
        }
    }

    func finish() {
        awaits(.nextRequest)
        state.withLock { $0 = .finished }
    }

    private func resume() {
        unsafe MHD_resume_connection(connection)
        engine?.wake()
    }

    var isStopping: Bool {
        state.withLock { if case .stopping = $0 { true } else { false } }
    }
}
