internal import Synchronization

/// The faults that are set. The first that concerns a request happens to it.
package final class Faults: Sendable {
    private struct Entry {
        var fault: Fault
        let number: Int
        var happened = 0
    }

    private struct State {
        var entries: [Entry] = []
        var numbers = 0
    }

    private let state = Mutex(State())

    init() {}

    /// Adds a fault behind the others; the number names it to `remove` and `happened`.
    @discardableResult
    package func add(_ fault: Fault) -> Int {
        state.withLock { state in
            state.numbers += 1
            state.entries.append(Entry(fault: fault, number: state.numbers))
            return state.numbers
        }
    }

    /// Ends a fault.
    package func remove(_ number: Int) { state.withLock { $0.entries.removeAll { $0.number == number } } }

    /// Ends all faults.
    package func removeAll() { state.withLock { $0.entries = [] } }

    /// How often a fault has happened.
    package func happened(_ number: Int) -> Int {
        state.withLock { $0.entries.first { $0.number == number }?.happened ?? 0 }
    }

    /// What goes wrong with the answer to this request, which counts as happened.
    func take(for request: RecordedRequest) -> FaultKind? {
        state.withLock { state in
            for index in state.entries.indices {
                let entry = state.entries[index]
                if let times = entry.fault.times, entry.happened >= times { continue }
                guard entry.fault.concerns(request) else { continue }
                if entry.fault.skip > 0 {
                    state.entries[index].fault.skip -= 1
                    continue
                }
                state.entries[index].happened += 1
                return entry.fault.kind
            }
            return nil
        }
    }
}
