internal import LinuxSystem
internal import Synchronization

/// The thread that makes all path calls on one file system. Should the drive hang, only this thread does.
final class WalkingThread: Sendable {
    private struct State: Sendable {
        var urgent: [WalkJob] = []
        var others: [WalkJob] = []
        var isWorking = false
        var isStopping = false
    }

    /// More urgent jobs than this, and their roots are scanned instead: memory stays bounded in any burst.
    private static let urgentLimit = 4096

    private let state = Mutex(State())
    private let condition = Condition()
    private let perform: @Sendable (WalkJob, WalkingThread) -> Void
    private let becameIdle: @Sendable () -> Void

    /// - Parameters:
    ///   - perform: does one job; called on the thread.
    ///   - becameIdle: called on the thread when nothing is left to do, so that `isBusy` is false.
    init(
        name: String, perform: @escaping @Sendable (WalkJob, WalkingThread) -> Void,
        becameIdle: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        self.perform = perform
        self.becameIdle = becameIdle
        _ = try SystemThread(name: name) { [weak self] in
            while let job = self?.next() { self?.run(job) }
        }
    }

    /// Hands in a job. A job that waits already is not doubled.
    func add(_ job: WalkJob) {
        state.withLock { state in
            guard job.isUrgent else {
                if !state.others.contains(where: { job.isCovered(by: $0) }) { state.others.append(job) }
                return
            }
            if let last = state.urgent.last, job.isCovered(by: last) { return }
            state.urgent.append(job)
            if state.urgent.count > Self.urgentLimit { Self.promote(&state) }
        }
        condition.broadcast()
    }

    /// True while a job runs or waits.
    var isBusy: Bool { state.withLock { $0.isWorking || !$0.urgent.isEmpty || !$0.others.isEmpty } }

    /// True while changes wait that somebody wants to see soon.
    var hasUrgentWork: Bool { state.withLock { !$0.urgent.isEmpty } }

    /// Does the urgent jobs that wait. Called by a long walk between two directories.
    func performUrgent() {
        while let job = state.withLock({ state -> WalkJob? in
            state.urgent.isEmpty || state.isStopping ? nil : state.urgent.removeFirst()
        }) {
            perform(job, self)
        }
    }

    /// True once the thread is to end; long work looks at it often.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Drops what waits and ends the thread after the current step. Does not wait for it: it may hang in the kernel.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            state.urgent = []
            state.others = []
        }
        condition.broadcast()
    }

    private func next() -> WalkJob? {
        var job: WalkJob?
        condition.wait {
            self.state.withLock { state in
                if state.isStopping { return true }
                if !state.urgent.isEmpty {
                    job = state.urgent.removeFirst()
                } else if !state.others.isEmpty {
                    job = state.others.removeFirst()
                } else {
                    return false
                }
                state.isWorking = true
                return true
            }
        }
        return job
    }

    private func run(_ job: WalkJob) {
        if case .barrier(let reached) = job { reached() } else { perform(job, self) }
        let isIdle = state.withLock { state in
            state.isWorking = false
            return state.urgent.isEmpty && state.others.isEmpty
        }
        if isIdle { becameIdle() }
    }

    private static func promote(_ state: inout State) {
        var roots: [Int64: WatchedRoot] = [:]
        for job in state.urgent { if let root = job.root { roots[root.id] = root } }
        state.urgent = []
        for root in roots.values {
            let scan = WalkJob.scan(root, ScanRequest(path: root.path, reason: .eventsLost))
            if !state.others.contains(where: { scan.isCovered(by: $0) }) { state.others.append(scan) }
        }
    }
}

extension WalkJob {
    /// True when doing `other`, which waits, does what this one would.
    func isCovered(by other: WalkJob) -> Bool {
        switch (self, other) {
        case (.open(let root), .open(let otherRoot)): root === otherRoot
        case (.scan(let root, let request), .scan(let otherRoot, let otherRequest)):
            root === otherRoot && request == otherRequest
        case (
            .directory(let root, let path, let recursive), .directory(let otherRoot, let otherPath, let otherRecursive)
        ):
            root === otherRoot && path == otherPath && (otherRecursive || !recursive)
        case (.file(let root, let path, let hint), .file(let otherRoot, let otherPath, let otherHint)):
            root === otherRoot && path == otherPath && hint == otherHint
        default: false
        }
    }
}
