internal import LinuxSystem
internal import Synchronization

/// The thread that makes all path calls on one device. Should the drive hang, only this thread does.
final class WalkingThread: Sendable {
    fileprivate struct State: Sendable {
        var urgent = UrgentJobs()
        var others = FirstInFirstOut<WalkJob>()
        /// How many urgent jobs still go before the first of the others.
        var urgentBeforeOthers = 0
        var current: WalkJob?
        /// When the current work last got on.
        var lastSign = MonotonicTime.now
        /// The current work waits for something else than the drive.
        var isWaitingForOthers = false
        var isStopping = false
    }

    /// More urgent jobs than this, and their places are scanned instead: memory stays bounded in any burst.
    fileprivate static let urgentLimit = 4096
    /// A drive that gives no sign for so long does not answer, in nanoseconds.
    static let patience: Int64 = 2_000_000_000

    let device: UInt64
    private let patience: Int64
    private let state = Mutex(State())
    private let condition = Condition()
    private let perform: @Sendable (WalkJob, WalkingThread) -> Void
    private let becameIdle: @Sendable (WalkingThread) -> Void

    /// - Parameters:
    ///   - perform: does one job; called on the thread.
    ///   - becameIdle: called on the thread when nothing is left to do, so that `isBusy` is false.
    init(
        device: UInt64, patience: Int64, perform: @escaping @Sendable (WalkJob, WalkingThread) -> Void,
        becameIdle: @escaping @Sendable (WalkingThread) -> Void
    ) throws(SystemError) {
        self.device = device
        self.patience = patience
        self.perform = perform
        self.becameIdle = becameIdle
        _ = try SystemThread(name: "walk-\(device >> 32):\(UInt32(truncatingIfNeeded: device))") { [weak self] in
            while let job = self?.next() { self?.run(job) }
        }
    }

    /// Hands in a job.
    ///
    /// - Returns: the job, if one that waits already does the same; and those that were given up for scans of their
    ///   places, because there are too many.
    func add(_ job: WalkJob) -> (isCovered: Bool, givenUp: [WalkJob]) {
        let outcome = state.withLock { state -> (Bool, [WalkJob]) in
            guard job.isUrgent else {
                if state.others.contains(where: { job.isCovered(by: $0) }) { return (true, []) }
                if state.others.isEmpty { state.urgentBeforeOthers = Self.urgentLimit }
                state.others.append(job)
                return (false, [])
            }
            guard state.urgent.append(job) else { return (true, []) }
            return (false, state.urgent.count > Self.urgentLimit ? state.urgent.removeAll() : [])
        }
        condition.broadcast()
        return outcome
    }

    /// True while a job runs or waits.
    var isBusy: Bool { state.withLock { $0.isBusy } }

    /// True while changes wait that somebody wants to see soon.
    var hasUrgentWork: Bool { state.withLock { !$0.urgent.isEmpty } }

    /// The current work got on. Long work says so often.
    func sign() { state.withLock { $0.lastSign = .now } }

    /// Does something that takes its time and asks nothing of the drive, as a transaction. Called on the thread.
    func waitingForOthers<Success, Failure: Error>(_ body: () throws(Failure) -> Success) throws(Failure) -> Success {
        state.withLock { $0.isWaitingForOthers = true }
        defer {
            state.withLock { state in
                state.isWaitingForOthers = false
                state.lastSign = .now
            }
        }
        return try body()
    }

    /// True when the current work has given no sign for longer than a drive that answers takes.
    var isSilent: Bool {
        state.withLock {
            $0.current != nil && !$0.isWaitingForOthers && MonotonicTime.now.since($0.lastSign) >= patience
        }
    }

    /// Parts of scans that run or wait here.
    var scanParts: [(run: ScanRun, part: ScanRun.Part)] {
        state.withLock { ([$0.current].compactMap(\.self) + $0.others.elements).compactMap { $0.part(on: device) } }
    }

    /// Directories whose links are looked at here, or wait for that.
    var linkedDirectories: [FilePath] {
        state.withLock { ([$0.current].compactMap(\.self) + $0.others.elements) }.compactMap { job in
            if case .linkedFiles(_, let path, _) = job { path } else { nil }
        }
    }

    /// Does the urgent jobs that wait, and not those that come meanwhile: changes without end must not hold up a walk.
    /// Called by a long walk between two directories.
    func performUrgent() {
        for _ in 0..<state.withLock({ $0.urgent.count }) {
            guard let job = state.withLock({ $0.isStopping ? nil : $0.urgent.popFirst() }) else { return }
            perform(job, self)
        }
    }

    /// True once the thread is to end; long work looks at it often.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Ends the thread after the current step. Does not wait for it: it may hang in the kernel.
    ///
    /// - Returns: the jobs that it leaves undone.
    @discardableResult
    func stop() -> [WalkJob] {
        let left = state.withLock { state -> [WalkJob] in
            state.isStopping = true
            return state.urgent.removeAll() + state.others.removeAll()
        }
        condition.broadcast()
        return left
    }

    private func next() -> WalkJob? {
        var job: WalkJob?
        condition.wait {
            self.state.withLock { state in
                if state.isStopping { return true }
                guard let next = state.popFirst() else { return false }
                state.current = next
                state.lastSign = .now
                job = next
                return true
            }
        }
        return job
    }

    private func run(_ job: WalkJob) {
        if case .barrier(let reached) = job { reached() } else { perform(job, self) }
        let isIdle = state.withLock { state in
            state.current = nil
            return !state.isBusy
        }
        if isIdle { becameIdle(self) }
    }
}

extension WalkingThread.State {
    /// The next job: an urgent one, unless those that keep coming have held up the others for long enough. All that
    /// were waiting when the first of the others came have gone before it by then.
    fileprivate mutating func popFirst() -> WalkJob? {
        if !others.isEmpty, urgentBeforeOthers <= 0 || urgent.isEmpty {
            urgentBeforeOthers = WalkingThread.urgentLimit
            return others.popFirst()
        }
        urgentBeforeOthers -= 1
        return urgent.popFirst()
    }

    fileprivate var isBusy: Bool { current != nil || !urgent.isEmpty || !others.isEmpty }
}

/// A queue whose both ends are cheap.
struct FirstInFirstOut<Element> {
    private var stored: [Element] = []
    private var position = 0

    var isEmpty: Bool { position == stored.count }
    var count: Int { stored.count - position }
    var last: Element? { isEmpty ? nil : stored.last }
    var elements: ArraySlice<Element> { stored[position...] }

    func contains(where isWanted: (Element) -> Bool) -> Bool { elements.contains(where: isWanted) }

    mutating func append(_ element: Element) { stored.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer {
            position += 1
            // What was taken is given back when it is half of all.
            if position * 2 > stored.count {
                stored.removeFirst(position)
                position = 0
            }
        }
        return stored[position]
    }

    mutating func removeAll() -> [Element] {
        defer {
            stored = []
            position = 0
        }
        return Array(elements)
    }
}

extension FirstInFirstOut: Sendable where Element: Sendable {}
