internal import LinuxSystem
internal import Synchronization

/// A queue between any threads and the threads that work it off, in the order of arrival.
///
/// It is as long as there are callers that wait for their work: each adds one element and waits for its outcome.
final class WorkQueue<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var isClosed = false
        var isAbandoned = false
        var pings: UInt64 = 0
        var answered: UInt64 = 0
    }

    private let state = Mutex(State())
    private let changed = Condition()

    /// Adds an element; false, and nothing added, once the queue is closed.
    func append(_ element: Element) -> Bool {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.waiting.append(element) }
            return !state.isClosed
        }
        if isOpen { changed.broadcast() }
        return isOpen
    }

    /// Elements that nobody has taken yet.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Waits for elements and takes the first ones; none only when the queue is closed and worked off.
    func take(upTo count: Int) -> [Element] {
        while true {
            changed.wait {
                state.withLock { !$0.waiting.isEmpty || $0.isClosed || $0.answered != $0.pings }
            }
            answerPings()
            let (taken, isEnded) = state.withLock { state in
                let taken = Array(state.waiting.prefix(count))
                state.waiting.removeFirst(taken.count)
                return (taken, taken.isEmpty && state.isClosed)
            }
            if !taken.isEmpty || isEnded { return taken }
        }
    }

    /// Lets nothing more in; what is in is still worked off.
    func close() {
        state.withLock { $0.isClosed = true }
        changed.broadcast()
    }

    /// Asks whether a working thread comes by before `deadline`: at the latest after the element that it is busy with.
    func ping(until deadline: MonotonicTime) -> Bool {
        let ticket = state.withLock { state in
            state.pings += 1
            return state.pings
        }
        changed.broadcast()
        changed.wait(until: deadline) {
            state.withLock { $0.answered >= ticket || $0.isAbandoned }
        }
        return state.withLock { $0.answered >= ticket }
    }

    /// Called by a working thread between two elements.
    func answerPings() {
        let isNews = state.withLock { state in
            defer { state.answered = state.pings }
            return state.answered != state.pings
        }
        if isNews { changed.broadcast() }
    }

    /// Called by the last working thread at its end: no ping is answered any more.
    func abandon() {
        state.withLock { $0.isAbandoned = true }
        changed.broadcast()
    }
}
