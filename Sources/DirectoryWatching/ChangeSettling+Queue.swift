internal import LinuxSystem

/// What keeps files, directories and the queue of their moments in agreement.
///
/// Each file that waits has an entry at its due moment or before; one that comes too early is put back. So an event
/// that moves a moment further away, as every write does, costs nothing. The first entry is always exact.
extension ChangeSettling {
    /// Changes what is known of a file. A directory with too many of them is listed at a moment instead.
    mutating func change(_ path: FilePath, orList moment: MonotonicTime, _ body: (inout SettlingFile) -> Void) {
        let (parent, name) = (path.parent, path.name)
        let (entry, isTooBusy) = withDirectory(parent) { directory in
            let entry = directory.change(name, body)
            let isTooBusy = directory.files.count > Self.fileLimit
            // A directory full of open files keeps none of them: their age will tell.
            if isTooBusy { directory.keepOpenWriters(limit: Self.fileLimit / 2) }
            return (entry, isTooBusy)
        }
        if let entry { queue.insert(.file(parent, name: name), at: entry) }
        if isTooBusy { note(listing: moment, of: parent, recursive: false) }
    }

    /// Asks for a listing at a moment or before.
    mutating func note(listing moment: MonotonicTime, of path: FilePath, recursive: Bool) {
        let isEarlier = withDirectory(path) { $0.note(listing: moment, recursive: recursive) }
        if isEarlier { queue.insert(.listing(path), at: moment) }
    }

    /// What is due of a file whose entry was taken out of the queue; nothing when the entry was void.
    mutating func takeDue(
        _ directory: FilePath, _ name: [UInt8], queuedAt: MonotonicTime, at now: MonotonicTime
    ) -> [FileHint] {
        guard directories[directory]?.files[name]?.queuedAt == queuedAt else { return [] }
        var hints: [FileHint] = []
        var unclosedAfter: Int?
        let entry = withDirectory(directory) { directory in
            directory.change(name) { file in
                file.queuedAt = nil
                while let due = file.due, due <= now {
                    let (wasOpen, overtaken) = (file.writerIsOpen, file.overtaken)
                    guard let hint = file.takeDue(at: now) else { break }
                    if hint == .settled, wasOpen { unclosedAfter = overtaken }
                    if file.isReported { hints.append(hint) }
                }
            }
        }
        if let entry { queue.insert(.file(directory, name: name), at: entry) }
        if let unclosedAfter { unclosed.insert(directory.appending(name), overtaken: unclosedAfter) }
        return hints
    }

    /// Takes out what is void and puts back what is too early, until the first entry is exact.
    mutating func settleFirstEntry() {
        if queue.count > 2 * (fileCount + directories.count + appointments.count) + 1024 { rebuildQueue() }
        while let first = queue.first {
            switch first.key {
            case .file(let directory, let name):
                let file = directories[directory]?.files[name]
                guard file?.queuedAt != first.at || file?.due != first.at else { return }
                queue.removeFirst()
                guard file?.queuedAt == first.at else { continue }
                let entry = withDirectory(directory) { $0.change(name) { $0.queuedAt = nil } }
                if let entry { queue.insert(first.key, at: entry) }
            case .listing(let path):
                guard directories[path]?.listing?.at != first.at else { return }
                queue.removeFirst()
            case .appointment(let tag):
                guard appointments[tag] != first.at else { return }
                queue.removeFirst()
            }
        }
    }

    /// Makes the queue anew, without void entries.
    mutating func rebuildQueue() {
        queue.removeAll()
        for path in directories.keys.map(\.self) {
            for name in directories[path]?.files.keys.map(\.self) ?? [] {
                let entry = directories[path]?.change(name) { $0.queuedAt = nil }
                if let entry = entry ?? nil { queue.insert(.file(path, name: name), at: entry) }
            }
            if let listing = directories[path]?.listing { queue.insert(.listing(path), at: listing.at) }
        }
        for (tag, moment) in appointments { queue.insert(.appointment(tag), at: moment) }
    }

    /// Forgets the single files where everything is going to be listed; open writers are kept while they are not many.
    mutating func giveUpFiles() {
        for path in directories.keys.map(\.self) {
            withDirectory(path) { directory in
                directory.keepOpenWriters(limit: Self.fileLimit / 2)
                directory.takeListing()
            }
        }
        if directories.count > Self.directoryLimit / 2 || fileCount > Self.totalFileLimit / 2 {
            directories = [:]
            fileCount = 0
        }
        rebuildQueue()
    }

    /// Changes what is known of a directory; one with nothing in it is not kept.
    @discardableResult
    mutating func withDirectory<Result>(
        _ path: FilePath, _ body: (inout SettlingDirectory) -> Result
    ) -> Result {
        /// In place: taken out of the dictionary and put back, a directory would be copied with all its files.
        func count(_ directory: inout SettlingDirectory) -> (Result, added: Int, isEmpty: Bool) {
            let before = directory.files.count
            let result = body(&directory)
            return (result, directory.files.count - before, directory.isEmpty)
        }
        let (result, added, isEmpty) = count(&directories[path, default: SettlingDirectory()])
        fileCount += added
        if isEmpty { directories[path] = nil }
        return result
    }
}
