package import LinuxSystem
internal import Synchronization

/// A thread of the idle class that computes the digests of files: of two at a time, where there are two, because the
/// SHA-256 of two runs nearly as fast as that of one.
///
/// It makes no call that could hang: each file has a reading thread, which it inherits its class to.
package final class HashingThread: Sendable {
    /// What there is to do.
    package enum Work {
        case file(any FileToHash)
        /// Nothing now; `wake` tells when there is.
        case nothing
        /// The thread ends after the files that it has begun.
        case end
    }

    /// Files that share the thread.
    package static let filesAtOnce = 2
    /// Work between two looks at what else there is to do: a few milliseconds even without SHA instructions.
    private static let sliceSize = 1 << 20

    private let options: BlockReader.Options
    private let governor: ReadingGovernor
    private let condition = Condition()
    private let isWoken = Atomic(true)
    private let next: @Sendable (_ begun: Int) -> Work
    private let ended: @Sendable (any FileToHash, Result<Digests, any Error>) -> Void

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - next: what to do, asked with the number of files begun and not ended. Must not block.
    ///   - ended: takes the outcome of a file: what its functions threw, `HashingError`, of which `changed` also when the
    ///     file does not end at the size of the plan, or `SystemError` with the offset when reading fails.
    package convenience init(
        name: String, governor: ReadingGovernor, next: @escaping @Sendable (_ begun: Int) -> Work,
        ended: @escaping @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    ) throws(SystemError) {
        try self.init(name: name, governor: governor, options: BlockReader.Options(), next: next, ended: ended)
    }

    /// For tests, which read in other ways.
    init(
        name: String, governor: ReadingGovernor, options: BlockReader.Options,
        next: @escaping @Sendable (_ begun: Int) -> Work,
        ended: @escaping @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    ) throws(SystemError) {
        self.governor = governor
        self.options = options
        self.next = next
        self.ended = ended
        _ = try SystemThread(name: name) { [self] in
            SystemThread.makeCurrentIdle()
            run()
        }
    }

    /// There may be something to do.
    package func wake() {
        isWoken.store(true, ordering: .sequentiallyConsistent)
        condition.broadcast()
    }

    // MARK: - The thread

    private func run() {
        var lanes: [HashingLane] = []
        // Readers without a file; they keep their memory for the next one.
        var readers: [ReaderThread] = []
        var isEnding = false
        while true {
            if isWoken.exchange(false, ordering: .sequentiallyConsistent) {
                isEnding = begin(&lanes, &readers) || isEnding
            }
            if lanes.isEmpty {
                for reader in readers { reader.dismiss() }
                readers = []
                if isEnding { return }
            }
            condition.wait {
                isWoken.load(ordering: .sequentiallyConsistent) || lanes.contains { $0.isReady }
            }
            hash(&lanes)
            end(&lanes, &readers)
        }
    }

    /// Begins files while there is room; true when the thread has to end.
    private func begin(_ lanes: inout [HashingLane], _ readers: inout [ReaderThread]) -> Bool {
        while lanes.count < Self.filesAtOnce {
            switch next(lanes.count) {
            case .end: return true
            case .nothing: return false
            case .file(let file):
                do {
                    let reader =
                        try readers.popLast()
                        ?? ReaderThread(options, governor: governor, hasher: condition)
                    reader.begin(file)
                    lanes.append(HashingLane(file, reader))
                } catch {
                    // Without a thread no call was made for it.
                    file.letGo()
                    ended(file, .failure(error))
                }
            }
        }
        return false
    }

    /// Hashes a slice of every file that has bytes to be hashed.
    private func hash(_ lanes: inout [HashingLane]) {
        for index in lanes.indices { lanes[index].fetch() }
        let ready = lanes.indices.filter { lanes[$0].remaining > 0 }
        guard let first = ready.first else { return }
        let count = ready.reduce(Self.sliceSize) { min($0, lanes[$1].remaining) }
        if ready.count > 1 {
            HashingLane.hash(&lanes, first, ready[1], count: count)
        } else {
            lanes[first].hash(count: count)
        }
    }

    /// Tells of the files that have ended, and keeps their readers if they have nothing to do with them any more.
    private func end(_ lanes: inout [HashingLane], _ readers: inout [ReaderThread]) {
        for index in lanes.indices.reversed() {
            guard let outcome = lanes[index].outcome else { continue }
            let lane = lanes.remove(at: index)
            if lane.isReaderFree { readers.append(lane.reader) } else { lane.reader.dismiss() }
            ended(lane.file, outcome)
            isWoken.store(true, ordering: .sequentiallyConsistent)
        }
    }
}
