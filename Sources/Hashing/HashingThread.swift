package import LinuxSystem
internal import Synchronization

/// A thread of the idle class that computes the digests of files: of two at a time, where there are two, because the
/// SHA-256 of two runs nearly as fast as that of one.
///
/// It makes no call that could hang: each file has a reading thread, which inherits its class. And it takes no lock that
/// others hold for anything but a few instructions, nor do they wait for more of it: on a busy machine it may be
/// interrupted for a second at any point.
package final class HashingThread: Sendable {
    /// Files that share the thread.
    package static let filesAtOnce = 2
    /// Work between two looks at what else there is to do: a few milliseconds even without SHA instructions.
    private static let sliceSize = 1 << 20

    private struct Orders {
        var files: [any FileToHash] = []
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

    /// Has a file hashed, beside one other at most.
    package func give(_ file: any FileToHash) {
        order { orders in
            orders.files.append(file)
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
                        !orders.files.isEmpty && lanes.count < Self.filesAtOnce
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
            let file = orders.withLock { $0.files.isEmpty ? nil : $0.files.removeFirst() }
            guard let file else { return }
            do {
                let reader =
                    try readers.popLast() ?? ReaderThread(options, governor: governor, hasher: condition)
                reader.begin(file)
                lanes.append(HashingLane(file, reader))
            } catch {
                file.letGo()
                ended(file, .failure(error))
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
            guard let outcome = lanes[index].outcome else { continue }
            let lane = lanes.remove(at: index)
            if lane.isReaderFree { readers.append(lane.reader) } else { lane.reader.dismiss() }
            ended(lane.file, outcome)
        }
    }
}
