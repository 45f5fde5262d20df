package import LinuxSystem
internal import Synchronization

/// A thread of the idle class that computes the digests of files: of two at a time, where there are two, because the
/// SHA-256 of two runs nearly as fast as that of one.
///
/// It makes no call that could hang: each file has a reading thread, which inherits its class and hashes small files by
/// itself. And it takes no lock that
/// others hold for anything but a few instructions, nor do they wait for more of it: on a busy machine it may be
/// interrupted for a second at any point.
package final class HashingThread: Sendable {
    /// Files that share the thread.
    package static let filesAtOnce = 2
    /// Work between two looks at what else there is to do: a few milliseconds even without SHA instructions.
    private static let sliceSize = 1 << 20

    /// What one `give` has brought.
    private struct Task {
        let files: [any FileToHash]
        let done: @Sendable () -> Void
    }

    private struct Orders {
        var tasks: [Task] = []
        var isResting = false
        var isEnding = false
    }

    private let options: BlockReader.Options
    private let governor: ReadingGovernor
    private let condition = Condition()
    private let orders = Mutex(Orders())
    private let ended: @Sendable (any FileToHash, Result<Digests, any Error>) -> Void

    /// Starts the thread.
    ///
    /// - Parameter ended: takes the outcome of a file: what its functions threw, `HashingError`, of which `changed` also
    ///   when the file does not end at the size of the plan, or `SystemError` with the offset when reading fails.
    package convenience init(
        name: String, governor: ReadingGovernor,
        ended: @escaping @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    ) throws(SystemError) {
        try self.init(name: name, governor: governor, options: BlockReader.Options(), ended: ended)
    }

    /// Files of so many bytes at most may be given together.
    package static let smallFileSize = Int64(BlockReader.Options().blockSize)

    /// For tests, which read in other ways.
    init(
        name: String, governor: ReadingGovernor, options: BlockReader.Options,
        ended: @escaping @Sendable (any FileToHash, Result<Digests, any Error>) -> Void
    ) throws(SystemError) {
        self.governor = governor
        self.options = options
        self.ended = ended
        _ = try SystemThread(name: name) { [self] in
            SystemThread.makeCurrentIdle()
            run()
        }
    }

    /// Has one file hashed, or several small ones one after the other; beside what one other `give` has brought at most.
    ///
    /// - Parameter done: called when all of the files have ended.
    package func give(_ files: [any FileToHash], done: @escaping @Sendable () -> Void) {
        order { orders in
            orders.tasks.append(Task(files: files, done: done))
            orders.isResting = false
        }
    }

    /// Nothing will come for a while: what was kept ready is let go.
    package func rest() { order { $0.isResting = true } }

    /// Ends the thread after the files that it was given.
    package func end() { order { $0.isEnding = true } }

    private func order(_ change: (inout Orders) -> Void) {
        orders.withLock { change(&$0) }
        condition.broadcast()
    }

    // MARK: - The thread

    private func run() {
        var lanes: [HashingLane] = []
        // Readers without a file; they keep their memory for the next one.
        var readers: [ReaderThread] = []
        while true {
            begin(&lanes, &readers)
            let (isResting, isEnding) = orders.withLock { ($0.isResting, $0.isEnding) }
            if lanes.isEmpty, isResting || isEnding {
                for reader in readers { reader.dismiss() }
                readers = []
                if isEnding { return }
            }
            condition.wait { [lanes] in
                lanes.contains { $0.isReady }
                    || orders.withLock { orders in
                        !orders.tasks.isEmpty && lanes.count < Self.filesAtOnce
                            || lanes.isEmpty && (orders.isEnding || orders.isResting && !readers.isEmpty)
                    }
            }
            hash(&lanes)
            end(&lanes, &readers)
        }
    }

    /// Begins files while there is room.
    private func begin(_ lanes: inout [HashingLane], _ readers: inout [ReaderThread]) {
        while lanes.count < Self.filesAtOnce {
            let task = orders.withLock { $0.tasks.isEmpty ? nil : $0.tasks.removeFirst() }
            guard let task else { return }
            do {
                let reader =
                    try readers.popLast()
                    ?? ReaderThread(options, governor: governor, hasher: condition, ended: ended)
                reader.begin(task.files)
                lanes.append(HashingLane(task.files, reader, done: task.done))
            } catch {
                for file in task.files {
                    file.letGo()
                    ended(file, .failure(error))
                }
                task.done()
            }
        }
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
            guard let end = lanes[index].end else { continue }
            let lane = lanes.remove(at: index)
            var untold: [any FileToHash] = []
            if lane.isReaderFree { readers.append(lane.reader) } else { untold = lane.reader.dismiss() }
            switch end {
            case .file(let file, let result):
                ended(file, result)
                untold.removeAll { $0 === file }
            case .allTold, .givenUp: break
            }
            for file in untold { ended(file, .failure(HashingError.cancelled)) }
            lane.done()
        }
    }
}
