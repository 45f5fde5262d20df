package import LinuxSystem

/// Collapses the events of files and directories into few reports, and waits for writers to be done.
///
/// A value without I/O or clock. Its size is bounded: a directory with more than `fileLimit` unsettled files
/// is reported as a whole.
package struct ChangeSettling: Sendable {
    /// Events of one file, after inotify(7).
    package enum Event: Hashable, Sendable {
        case created, modified, closedAfterWriting, attributes, deleted
        case movedIn(cookie: UInt32)
        case movedOut(cookie: UInt32)
        /// Something beside the file that said "unfinished" has gone.
        case released
    }

    /// Waiting times in nanoseconds.
    package struct Timing: Hashable, Sendable {
        /// Quiet time after which a file that was closed counts as complete.
        package var settle: Int64
        /// Quiet time for a file that was written to and not closed.
        package var openWriter: Int64 { openWriter(overtaken: 0) }
        /// How long events of one burst are gathered before the first report.
        package var gather: Int64 = 20_000_000
        /// How long a name that went away is kept back, so that its new place is reported first.
        package var departure: Int64 = 50_000_000
        /// How long a directory that is too busy to name its files is gathered.
        package var busyDirectory: Int64 = 500_000_000

        package init(settle: Int64) { self.settle = settle }

        /// The same after its writer went on so many times though the file had been taken for complete.
        package func openWriter(overtaken: Int) -> Int64 {
            let doubled: Int64 = 60_000_000_000 << Int64(min(max(overtaken, 0), 8))
            return max(settle, min(doubled, 600_000_000_000))
        }
    }

    /// What an entry of the queue stands for. It is void when its moment is not the one that its owner knows.
    enum DueKey: Sendable {
        case file(FilePath, name: [UInt8])
        case listing(FilePath)
        case appointment(String)
    }

    package private(set) var timing: Timing
    var directories: [FilePath: SettlingDirectory] = [:]
    var appointments: [String: MonotonicTime] = [:]
    var queue = DueQueue<DueKey>()
    private var renames = Renames()
    var unclosed = UnclosedWriters()
    var movingTrees: [MovingTree] = []
    /// Files that wait for something.
    package internal(set) var fileCount = 0

    /// More unsettled files than this in one directory, and the directory is reported instead.
    package static let fileLimit = 256
    /// More directories with unsettled files than this, and everything is reported instead.
    package static let directoryLimit = 4096
    /// More unsettled files than this in all directories, and everything is reported instead.
    package static let totalFileLimit = 65_536

    package init(timing: Timing) { self.timing = timing }

    /// Goes by other times from now on, also for what waits already if they are shorter.
    package mutating func go(by timing: Timing, at now: MonotonicTime) {
        let isShorter = timing.settle < self.timing.settle
        self.timing = timing
        guard isShorter else { return }
        for path in directories.keys.map(\.self) {
            for name in directories[path]?.files.keys.map(\.self) ?? [] {
                _ = directories[path]?.change(name) { $0.shortenWaiting(timing, at: now) }
            }
        }
        rebuildQueue()
    }

    /// True while writes to the file were seen and the quiet time after them is not over.
    package func isBeingWritten(_ path: FilePath) -> Bool {
        directories[path.parent]?.files[path.name]?.wasWritten == true
    }

    /// Takes in one event.
    ///
    /// - Parameters:
    ///   - isReported: false for a name that is no model file. It is followed only while somebody writes to it.
    ///   - isCompanion: true for a file that only lies beside those that are waited for.
    package mutating func record(
        _ event: Event, path: FilePath, isReported: Bool = true, isCompanion: Bool = false, at now: MonotonicTime
    ) {
        var arrival = Renames.Arrival()
        switch event {
        case .movedOut(let cookie):
            let writerIsOpen = mayBeOpen(path)
            renames.depart(
                cookie, from: path, isReported: isReported, writerIsOpen: writerIsOpen,
                wasWritten: isReported && isBeingWritten(path), at: now)
        case .movedIn(let cookie):
            arrival = renames.arrive(cookie, at: path, coversWriter: mayBeOpen(path), at: now)
        default: break
        }
        let overtaken = event == .modified ? unclosed.overtakenByNextWrite(path) : 0
        let timing = timing
        change(path, orList: now.advanced(nanoseconds: timing.busyDirectory)) { file in
            file.isReported = isReported
            file.isCompanion = isCompanion
            file.apply(event, timing, arrival: arrival, overtaken: overtaken, at: now)
        }
        switch event {
        case .modified, .attributes, .released: break
        default: unclosed.remove(path)
        }
        for (other, isReported) in arrival.exchanged {
            change(other, orList: now.advanced(nanoseconds: timing.busyDirectory)) { file in
                file.isReported = isReported
                file.waitForWriter(timing, at: now)
            }
        }
        settleFirstEntry()
    }

    /// True when somebody wrote to a file and was not seen to close it, however long ago.
    private func mayBeOpen(_ path: FilePath) -> Bool {
        directories[path.parent]?.files[path.name]?.writerIsOpen == true || unclosed.contains(path)
    }

    /// Asks for a listing of a directory, right away.
    package mutating func list(_ path: FilePath, recursive: Bool, at now: MonotonicTime) {
        note(listing: now, of: path, recursive: recursive)
        settleFirstEntry()
    }

    /// Asks for a listing of a directory whose rights have changed. Those of its files often change with them, and what
    /// is known of that is told before.
    package mutating func listAfterChangeOfRights(_ path: FilePath, at now: MonotonicTime) {
        note(listing: now.advanced(nanoseconds: timing.busyDirectory), of: path, recursive: false)
        settleFirstEntry()
    }

    /// Reports a file as `.settled` at a moment, unless events move that moment.
    package mutating func hold(_ path: FilePath, until moment: MonotonicTime) {
        change(path, orList: moment) { file in file.settledAt = file.settledAt.map { max($0, moment) } ?? moment }
        settleFirstEntry()
    }

    /// Reports `.due(tag:)` at a moment; a tag has one appointment at most. Nil cancels it.
    package mutating func schedule(_ tag: String, at moment: MonotonicTime?) {
        appointments[tag] = moment
        if let moment { queue.insert(.appointment(tag), at: moment) }
        settleFirstEntry()
    }

    /// Brings every report forward that does not wait for a writer.
    package mutating func bringForward(to now: MonotonicTime) {
        for path in directories.keys.map(\.self) { directories[path]?.bringForward(to: now) }
        rebuildQueue()
    }

    /// When something is due next; nil when nothing waits.
    package var nextDue: MonotonicTime? { queue.first?.at }

    /// Takes out everything that is due. What came comes before what went, so that a move is seen as one.
    package mutating func takeDue(at now: MonotonicTime) -> [DirectoryChange] {
        renames.forget(at: now)
        var present: [DirectoryChange] = []
        // After the files, of which more is known than a listing finds out.
        var listings: [DirectoryChange] = []
        var gone: [DirectoryChange] = []
        while let entry = queue.first, entry.at <= now {
            queue.removeFirst()
            switch entry.key {
            case .file(let directory, let name):
                for hint in takeDue(directory, name, queuedAt: entry.at, at: now) {
                    let change = DirectoryChange.file(directory.appending(name), hint)
                    if hint == .gone { gone.append(change) } else { present.append(change) }
                }
            case .listing(let path):
                guard let listing = directories[path]?.listing, listing.at == entry.at else { continue }
                listings.append(.directory(path, recursive: listing.recursive))
                withDirectory(path) { $0.takeListing() }
            case .appointment(let tag):
                guard appointments[tag] == entry.at else { continue }
                appointments[tag] = nil
                present.append(.due(tag: tag))
            }
        }
        if directories.count > Self.directoryLimit || fileCount > Self.totalFileLimit {
            giveUpFiles()
            listings.append(.eventsLost)
        }
        settleFirstEntry()
        return present + listings + gone
    }
}
