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
        package var openWriter: Int64 { max(settle, 60_000_000_000) }
        /// How long events of one burst are gathered before the first report.
        package var gather: Int64 = 20_000_000
        /// How long a name that went away is kept back, so that its new place is reported first.
        package var departure: Int64 = 50_000_000
        /// How long a directory that is too busy to name its files is gathered.
        package var busyDirectory: Int64 = 500_000_000

        package init(settle: Int64) { self.settle = settle }
    }

    fileprivate struct FileState: Sendable {
        /// When the next report that does not wait for writers is due, and what it will say.
        var report: (at: MonotonicTime, hint: FileHint)?
        /// When the file counts as settled, if it is being waited for.
        var settledAt: MonotonicTime?
        /// Somebody wrote and has not closed.
        var writerIsOpen = false
        /// A write was seen, and the quiet time after it is not over.
        var wasWritten = false
        /// False for names that are followed only because they may be renamed into a model file.
        var isReported = true
    }

    fileprivate struct DirectoryState: Sendable {
        var files: [[UInt8]: FileState] = [:]
        var listing: (at: MonotonicTime, recursive: Bool)?
        var isEmpty: Bool { files.isEmpty && listing == nil }
    }

    package var timing: Timing
    private var directories: [FilePath: DirectoryState] = [:]
    private var appointments: [String: MonotonicTime] = [:]
    /// Writers of names that moved away and have not arrived yet, by rename cookie.
    private var movingWriters: [UInt32: MonotonicTime] = [:]

    /// More unsettled files than this in one directory, and the directory is reported instead.
    package static let fileLimit = 256
    /// More directories with unsettled files than this, and everything is reported instead.
    package static let directoryLimit = 4096

    package init(timing: Timing) { self.timing = timing }

    /// Files that wait for something.
    package var fileCount: Int { directories.values.reduce(0) { $0 + $1.files.count } }

    /// True while writes to the file were seen and the quiet time after them is not over.
    package func isBeingWritten(_ path: FilePath) -> Bool {
        directories[path.parent]?.files[path.name]?.wasWritten == true
    }

    /// Takes in one event.
    ///
    /// - Parameter isReported: false for a name that is no model file. It is followed only while somebody writes to it.
    package mutating func record(_ event: Event, path: FilePath, isReported: Bool = true, at now: MonotonicTime) {
        let name = path.name
        var directory = directories[path.parent] ?? DirectoryState()
        var state = directory.files[name] ?? FileState(isReported: isReported)
        apply(event, to: &state, at: now)
        directory.files[name] = state.isIdle ? nil : state
        directory.limitFiles(listing: now.advanced(nanoseconds: timing.busyDirectory))
        directories[path.parent] = directory.isEmpty ? nil : directory
    }

    private mutating func apply(_ event: Event, to state: inout FileState, at now: MonotonicTime) {
        let soon = now.advanced(nanoseconds: timing.gather)
        switch event {
        case .created:
            state.note(.appeared, at: soon)
            state.settledAt = now.advanced(nanoseconds: timing.settle)
        case .modified:
            if !state.writerIsOpen { state.note(.writing, at: soon) }
            state.writerIsOpen = true
            state.wasWritten = true
            state.settledAt = now.advanced(nanoseconds: timing.openWriter)
        case .closedAfterWriting, .released:
            if state.settledAt == nil { state.note(.writing, at: soon) }
            state.writerIsOpen = false
            state.wasWritten = true
            state.settledAt = now.advanced(nanoseconds: timing.settle)
        case .attributes:
            // After a write it is not true that only the inode changed; the end of the writing will be told.
            if !state.wasWritten { state.note(.attributes, at: soon) }
        case .movedIn(let cookie):
            state = FileState(isReported: state.isReported)
            if movingWriters.removeValue(forKey: cookie) == nil {
                state.note(.arrived, at: now)
            } else {
                state.note(.writing, at: soon)
                state.writerIsOpen = true
                state.wasWritten = true
                state.settledAt = now.advanced(nanoseconds: timing.openWriter)
            }
        case .movedOut(let cookie):
            if state.writerIsOpen { movingWriters[cookie] = now.advanced(nanoseconds: 1_000_000_000) }
            state = FileState(isReported: state.isReported)
            state.note(.gone, at: now.advanced(nanoseconds: timing.departure))
        case .deleted:
            state = FileState(isReported: state.isReported)
            state.note(.gone, at: now.advanced(nanoseconds: timing.departure))
        }
    }

    /// Asks for a listing of a directory, right away.
    package mutating func list(_ path: FilePath, recursive: Bool, at now: MonotonicTime) {
        var directory = directories[path] ?? DirectoryState()
        directory.note(listing: now, recursive: recursive)
        directories[path] = directory
    }

    /// Reports a file as `.settled` at a moment, unless events move that moment.
    package mutating func hold(_ path: FilePath, until moment: MonotonicTime) {
        var directory = directories[path.parent] ?? DirectoryState()
        var state = directory.files[path.name] ?? FileState()
        state.settledAt = state.settledAt.map { max($0, moment) } ?? moment
        directory.files[path.name] = state
        directory.limitFiles(listing: moment)
        directories[path.parent] = directory
    }

    /// Reports `.due(tag:)` at a moment; a tag has one appointment at most. Nil cancels it.
    package mutating func schedule(_ tag: String, at moment: MonotonicTime?) { appointments[tag] = moment }

    /// Brings every report forward that does not wait for a writer.
    package mutating func bringForward(to now: MonotonicTime) {
        for (path, var directory) in directories {
            for (name, state) in directory.files where state.report != nil {
                directory.files[name]?.report?.at = min(state.report?.at ?? now, now)
            }
            if let listing = directory.listing { directory.listing?.at = min(listing.at, now) }
            directories[path] = directory
        }
    }

    /// When something is due next; nil when nothing waits.
    package var nextDue: MonotonicTime? {
        var next: MonotonicTime?
        func consider(_ moment: MonotonicTime?) { if let moment { next = min(next ?? moment, moment) } }
        for directory in directories.values {
            consider(directory.listing?.at)
            for state in directory.files.values {
                consider(state.report?.at)
                consider(state.settledAt)
            }
        }
        for moment in appointments.values { consider(moment) }
        return next
    }

    /// Takes out everything that is due. What came comes before what went, so that a move is seen as one.
    package mutating func takeDue(at now: MonotonicTime) -> [DirectoryChange] {
        movingWriters = movingWriters.filter { $0.value > now }
        var present: [DirectoryChange] = []
        var gone: [DirectoryChange] = []
        for (path, var directory) in directories {
            if let listing = directory.listing, listing.at <= now {
                present.append(.directory(path, recursive: listing.recursive))
                directory.listing = nil
            }
            for (name, var state) in directory.files {
                if let hint = state.takeDue(at: now), state.isReported {
                    let change = DirectoryChange.file(path.appending(name), hint)
                    if hint == .gone { gone.append(change) } else { present.append(change) }
                }
                directory.files[name] = state.isIdle ? nil : state
            }
            directories[path] = directory.isEmpty ? nil : directory
        }
        for (tag, moment) in appointments where moment <= now {
            present.append(.due(tag: tag))
            appointments[tag] = nil
        }
        if directories.count > Self.directoryLimit {
            directories = [:]
            present.append(.eventsLost)
        }
        return present + gone
    }
}

extension ChangeSettling.DirectoryState {
    /// Gives up the single files of a directory that has too many of them, for a listing of it at a moment or before.
    fileprivate mutating func limitFiles(listing moment: MonotonicTime) {
        guard files.count > ChangeSettling.fileLimit else { return }
        files = files.filter { $0.value.writerIsOpen }
        // A directory full of open files keeps none of them: their age will tell.
        if files.count > ChangeSettling.fileLimit / 2 { files = [:] }
        note(listing: moment, recursive: false)
    }

    fileprivate mutating func note(listing moment: MonotonicTime, recursive: Bool) {
        listing = (min(listing?.at ?? moment, moment), recursive || listing?.recursive == true)
    }
}

extension ChangeSettling.FileState {
    fileprivate var isIdle: Bool { (report == nil || !isReported) && settledAt == nil }

    /// A report at a moment or before. A stronger hint takes the place of `.attributes`; writing outweighs appearing.
    fileprivate mutating func note(_ hint: FileHint, at moment: MonotonicTime) {
        guard let present = report else {
            report = (moment, hint)
            return
        }
        let keepsHint = hint == .attributes || (hint == .appeared && present.hint == .writing)
        report = (min(present.at, moment), keepsHint ? present.hint : hint)
    }

    fileprivate mutating func takeDue(at now: MonotonicTime) -> FileHint? {
        if let settledAt, settledAt <= now {
            self.settledAt = nil
            report = nil
            writerIsOpen = false
            wasWritten = false
            return .settled
        }
        guard let due = report, due.at <= now else { return nil }
        report = nil
        return due.hint
    }
}
