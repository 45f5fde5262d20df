internal import Synchronization

/// Something that happens once and that any number of tasks wait for.
package final class Signal: Sendable {
    private enum State: Sendable {
        case waiting([CheckedContinuation<Void, Never>])
        case fired
    }

    private let state = Mutex(State.waiting([]))

    package init() {}

    package var hasFired: Bool {
        state.withLock { if case .fired = $0 { true } else { false } }
    }

    /// Lets every waiter go on, those of the future too. Further calls do nothing.
    package func fire() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .waiting(let waiters) = state else { return [] }
            state = .fired
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the signal has fired.
    package func wait() async {
        await withCheckedContinuation { continuation in
            let hasFired = state.withLock { state -> Bool in
                guard case .waiting(let waiters) = state else { return true }
                state = .waiting(waiters + [continuation])
                return false
            }
            if hasFired { continuation.resume() }
        }
    }
}
