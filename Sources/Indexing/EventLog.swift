package import LinuxSystem
internal import Synchronization

/// The latest events, numbered from 1, for anybody who follows them.
///
/// It holds a bounded number: a follower that falls further behind learns that events were lost, and nobody waits for
/// it. All methods are safe from any thread.
package final class EventLog: Sendable {
    /// An event with its number.
    package struct Entry: Sendable, Equatable {
        package let id: Int64
        package let event: IndexEvent
    }

    fileprivate struct State {
        /// The event with number n lies at (n - 1) modulo the capacity.
        var ring: [IndexEvent] = []
        var newest: Int64 = 0
        /// How many turns were taken.
        var turns: Int64 = 0
        /// Turns up to this one are over.
        var finishedTurns: Int64 = 0
        /// Events of later turns, which wait for earlier ones.
        var early: [Int64: [IndexEvent]] = [:]
        var earlyCount = 0
    }

    /// Tells the numbers of this log from those of another run of the daemon: eight hexadecimal digits.
    package let instance: String
    /// How many events are held at most.
    package let capacity: Int
    private let observe: @Sendable ([IndexEvent]) -> Void
    private let state = Mutex(State())
    private let changed = Condition()

    /// About a megabyte of events; more than a directory tree that is renamed as a whole usually holds.
    package static let defaultCapacity = 4096

    /// - Parameter observe: gets all events that are told, on the thread that tells them, which holds no lock.
    package init(
        capacity: Int = defaultCapacity, observe: @escaping @Sendable ([IndexEvent]) -> Void = { _ in }
    ) {
        self.observe = observe
        self.capacity = max(1, capacity)
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        instance = String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The number of the last event; 0 before the first.
    package var newest: Int64 { state.withLock { $0.newest } }

    /// Numbers the events in their order and lets followers know. Waits for nobody. To be called after the transaction
    /// that made them true, never before.
    package func append(_ events: [IndexEvent]) {
        guard !events.isEmpty else { return }
        state.withLock { $0.append(events, capacity: capacity) }
        changed.broadcast()
        observe(events)
    }

    // MARK: - The order of transactions

    /// A place in the order of events, taken inside of a transaction and filled after its commit.
    ///
    /// Events of later turns are told after it. One that is let go unused, as by a transaction that failed, is empty.
    package final class Turn: Sendable {
        private let log: EventLog
        private let number: Int64

        fileprivate init(_ log: EventLog, _ number: Int64) {
            self.log = log
            self.number = number
        }

        /// Tells what the transaction has done; to be called once.
        package func tell(_ events: [IndexEvent]) { log.finish(number, events) }

        deinit { log.finish(number, []) }
    }

    /// Takes the next place in the order of events.
    package func takeTurn() -> Turn {
        let number = state.withLock { state in
            state.turns += 1
            return state.turns
        }
        return Turn(self, number)
    }

    private func finish(_ turn: Int64, _ events: [IndexEvent]) {
        state.withLock { state in
            // Too late for its place, see below.
            guard turn > state.finishedTurns else { return state.append(events, capacity: capacity) }
            guard state.early[turn] == nil else { return }
            state.early[turn] = events
            state.earlyCount += events.count
            // Memory is bounded: a turn that is held up for too long is not waited for.
            while let next = state.early.removeValue(forKey: state.finishedTurns + 1)
                ?? (state.earlyCount + state.early.count > capacity ? [] : nil)
            {
                state.finish(next, capacity: capacity)
            }
        }
        changed.broadcast()
        if !events.isEmpty { observe(events) }
    }

    // MARK: - Following

    /// The events that follow the one with this number, at most `limit` of them; empty where there are none yet.
    ///
    /// - Returns: nil when some of them are held no more, or the number was never given.
    package func read(after id: Int64, limit: Int) -> [Entry]? {
        state.withLock { state in
            let oldest = state.newest - Int64(state.ring.count)
            guard id >= oldest, id <= state.newest else { return nil }
            let count = min(state.newest - id, Int64(max(0, limit)))
            return (id..<id + count).map {
                Entry(id: $0 + 1, event: state.ring[Int($0 % Int64(capacity))])
            }
        }
    }

    /// Waits for an event after the one with this number, until `deadline`, or until `isOver` answers true, which is
    /// asked after each `wakeWaiters`; true when there is such an event. Blocks.
    ///
    /// `isOver` must not block nor call this log.
    @discardableResult
    package func wait(
        after id: Int64, until deadline: MonotonicTime = .distantFuture, unless isOver: () -> Bool = { false }
    ) -> Bool {
        changed.wait(until: deadline) { newest > id || isOver() }
        return newest > id
    }

    /// Has everybody who waits ask again whether to go on.
    package func wakeWaiters() { changed.broadcast() }

    // MARK: - Numbers as text

    /// A number as followers get and return it, with the instance that gave it: `1f00baa5-42`.
    package func text(of id: Int64) -> String { "\(instance)-\(id)" }

    /// The number in such a text; nil when another instance has given it, or nobody.
    package func id(in text: String) -> Int64? {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == instance,
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(parts[1])
    }
}

extension EventLog.State {
    fileprivate mutating func append(_ events: [IndexEvent], capacity: Int) {
        for event in events {
            if ring.count < capacity {
                ring.append(event)
            } else {
                ring[Int(newest % Int64(capacity))] = event
            }
            newest += 1
        }
    }

    /// Ends the next turn.
    fileprivate mutating func finish(_ events: [IndexEvent], capacity: Int) {
        finishedTurns += 1
        earlyCount -= events.count
        append(events, capacity: capacity)
    }
}
