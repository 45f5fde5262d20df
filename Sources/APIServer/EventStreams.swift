internal import Catalog
internal import HTTPServer
internal import IndexAPI
internal import Indexing
internal import LinuxSystem
internal import Synchronization

/// Everybody who follows the events: a bounded number of resting connections, and one thread that wakes them all, while
/// there are any, for what is new and as a sign of life.
final class EventStreams: Sendable {
    private struct State {
        /// What wakes each open stream; nil until it has been asked for its first piece.
        var wakers: [Int: HTTPStreamWaker?] = [:]
        var opened = 0
        /// Counts the signs of life that were due.
        var beats = 0
        var isServed = false
        var losses = 0
    }

    let index: APIIndex
    let log: EventLog
    private let limit: Int
    private let heartbeatMilliseconds: Int
    /// How long a client may take for one piece before it counts as slow.
    let patienceMilliseconds: Int
    private let state = Mutex(State())

    /// - Parameter log: the indexer's own, except in tests.
    /// - Parameter limit: streams at once; fewer than the connections of a listening socket, so that they never keep
    ///   everybody else out.
    init(
        index: APIIndex, log: EventLog? = nil, limit: Int = 64, heartbeatMilliseconds: Int = 15_000,
        patienceMilliseconds: Int = 15_000
    ) {
        self.index = index
        self.log = log ?? index.indexer.events
        self.limit = limit
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.patienceMilliseconds = patienceMilliseconds
    }

    /// How often a stream told that events were lost.
    var losses: Int { state.withLock { $0.losses } }

    func noteLoss() { state.withLock { $0.losses += 1 } }

    /// How many streams are open.
    var count: Int { state.withLock { $0.wakers.count } }

    /// Opens a stream of what happens from now on or, for a client that names the event that it saw last, after that.
    func open(after lastSeen: String?) throws -> EventStream {
        let newest = log.newest
        let position = lastSeen.map { log.id(in: $0) } ?? newest
        let (number, isFirst) = try state.withLock { state in
            guard state.wakers.count < limit else {
                throw APIProblem(.unavailable, "\(limit) clients follow the events already; no more are served.")
            }
            state.opened += 1
            state.wakers.updateValue(nil, forKey: state.opened)
            defer { state.isServed = true }
            return (state.opened, !state.isServed)
        }
        let stream = EventStream(self, number: number, after: position)
        guard isFirst else { return stream }
        do throws(SystemError) {
            _ = try SystemThread(name: "api-events") { self.serve(after: newest) }
        } catch {
            state.withLock { $0.isServed = false }
            throw error
        }
        return stream
    }

    /// Has the stream woken from now on; how many signs of life were due so far.
    func register(_ waker: HTTPStreamWaker, of stream: Int) -> Int {
        state.withLock { state in
            state.wakers.updateValue(waker, forKey: stream)
            return state.beats
        }
    }

    /// How many signs of life were due so far.
    var beats: Int { state.withLock { $0.beats } }

    func close(_ stream: Int) {
        state.withLock { _ = $0.wakers.removeValue(forKey: stream) }
        log.wakeWaiters()
    }

    private func serve(after id: Int64) {
        var seen = id
        while true {
            let beat = MonotonicTime.now.advanced(milliseconds: heartbeatMilliseconds)
            let isNews = log.wait(after: seen, until: beat) { self.count == 0 }
            // Before anybody is woken, so that what comes meanwhile wakes them again.
            seen = log.newest
            let wakers = state.withLock { state -> [HTTPStreamWaker]? in
                guard !state.wakers.isEmpty else {
                    state.isServed = false
                    return nil
                }
                if !isNews { state.beats += 1 }
                return state.wakers.values.compactMap(\.self)
            }
            guard let wakers else { return }
            for waker in wakers { waker.wake() }
        }
    }
}
