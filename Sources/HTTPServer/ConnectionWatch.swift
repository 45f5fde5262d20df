internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// Closes the connections of one engine whose clients keep the server waiting for too long.
///
/// The engine itself only closes those on which nothing moves. A client that sends a byte now and then, or takes one,
/// could stay for ever, and a few hundred of them would keep everybody else out.
///
/// It has a thread of its own, which sleeps while nobody is connected.
final class ConnectionWatch: Sendable {
    private struct State {
        var deadlines: ConnectionDeadlines
        /// When the thread looks again by itself.
        var wakesAt = MonotonicTime.distantFuture
        /// Whether somebody waits for the first requests.
        var areFirstRequestsAwaited = false
        var isStopped = false
    }

    private let state: Mutex<State>
    private let changed = Condition()

    /// Starts the thread, which ends with `stop`.
    ///
    /// - Parameter places: how many connections there may be.
    init(limits: HTTPServerLimits, places: Int) throws(SystemError) {
        state = Mutex(State(deadlines: ConnectionDeadlines(limits: limits, places: places)))
        _ = try SystemThread(name: "http-deadlines") { [self] in run() }
    }

    func open(_ descriptor: Int32) { change { $0.open(descriptor, at: .now) } }

    /// Notes what the client has to do from now on; nil when it is the server's turn.
    func set(_ wait: ConnectionDeadlines.Wait?, of descriptor: Int32) {
        change { $0.set(wait, of: descriptor, at: .now) }
    }

    /// To be called while the descriptor is still that of the connection.
    func close(_ descriptor: Int32) { change { $0.close(descriptor) } }

    /// Waits until every connection has sent its first request, or until the deadline.
    func waitForFirstRequests(until deadline: MonotonicTime) {
        state.withLock { $0.areFirstRequestsAwaited = true }
        changed.wait(until: deadline) { state.withLock { !$0.deadlines.awaitsFirstRequest } }
        state.withLock { $0.areFirstRequestsAwaited = false }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        changed.broadcast()
    }

    private func change(_ body: (inout ConnectionDeadlines) -> Void) {
        let isAwaited = state.withLock { state in
            body(&state.deadlines)
            return state.deadlines.nextLook < state.wakesAt || state.areFirstRequestsAwaited
        }
        if isAwaited { changed.broadcast() }
    }

    private func run() {
        while let next = look() {
            changed.wait(until: next) {
                state.withLock { $0.isStopped || $0.deadlines.nextLook < $0.wakesAt }
            }
        }
    }

    /// Closes what is overdue; when to look again, nil after `stop`.
    private func look() -> MonotonicTime? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            // Under the lock that `close` takes, so that the number has not become another connection's. The engine
            // notices, and closes the connection as if the client had.
            for descriptor in state.deadlines.removeOverdue(at: .now) { shutdown(descriptor, Int32(SHUT_RDWR)) }
            state.wakesAt = state.deadlines.nextLook
            return state.wakesAt
        }
    }
}
