internal import LinuxSystem
internal import Synchronization

/// Every request, and how many were being answered at once.
final class RequestLog: Sendable {
    private struct State {
        var requests: [RecordedRequest] = []
        var numbers = 0
        var inFlight = 0
        var peak = 0
    }

    private let state = Mutex(State())
    private let changed = Condition()

    var requests: [RecordedRequest] { state.withLock { $0.requests } }
    var peak: Int { state.withLock { $0.peak } }
    var inFlight: Int { state.withLock { $0.inFlight } }

    /// Notes a request, which is in flight until `end`.
    func begin(_ request: WireRequest, connection: Int) -> RecordedRequest {
        let recorded = state.withLock { state in
            state.numbers += 1
            state.inFlight += 1
            state.peak = max(state.peak, state.inFlight)
            let recorded = RecordedRequest(request, number: state.numbers, connection: connection)
            state.requests.append(recorded)
            return recorded
        }
        changed.broadcast()
        return recorded
    }

    /// Notes that a request has been answered, as far as it will be.
    func end() {
        state.withLock { $0.inFlight -= 1 }
        changed.broadcast()
    }

    /// Forgets the requests and the peak.
    func clear() {
        state.withLock { state in
            state.requests = []
            state.peak = state.inFlight
        }
    }

    /// Waits until the requests, and the number in flight, are as wanted; false when they are not by the deadline.
    func wait(until deadline: MonotonicTime, _ isMet: ([RecordedRequest], Int) -> Bool) -> Bool {
        changed.wait(until: deadline) {
            let (requests, inFlight) = state.withLock { ($0.requests, $0.inFlight) }
            return isMet(requests, inFlight)
        }
    }
}
