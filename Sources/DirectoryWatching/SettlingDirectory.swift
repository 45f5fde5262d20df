internal import LinuxSystem

/// What is known of the files of one directory that have not settled.
struct SettlingDirectory: Sendable {
    var files: [[UInt8]: SettlingFile] = [:]
    /// When the directory is to be listed, if it is, and whether with everything below it.
    private(set) var listing: (at: MonotonicTime, recursive: Bool)?

    var isEmpty: Bool { files.isEmpty && listing == nil }

    /// Changes what is known of a file.
    ///
    /// - Returns: the moment for an entry in the queue, where the file has none that is early enough.
    mutating func change(_ name: [UInt8], _ body: (inout SettlingFile) -> Void) -> MonotonicTime? {
        var file = files[name] ?? SettlingFile()
        body(&file)
        guard let due = file.due else {
            files[name] = nil
            return nil
        }
        let needsEntry = file.queuedAt.map { due < $0 } ?? true
        if needsEntry { file.queuedAt = due }
        files[name] = file
        return needsEntry ? due : nil
    }

    /// A listing at a moment or before; true when that is earlier than any moment asked for so far.
    mutating func note(listing moment: MonotonicTime, recursive: Bool) -> Bool {
        let isEarlier = listing.map { moment < $0.at } ?? true
        listing = (min(listing?.at ?? moment, moment), recursive || listing?.recursive == true)
        return isEarlier
    }

    mutating func takeListing() { listing = nil }

    /// Forgets all files but those that somebody has open for writing, and these as well if they are more than a limit.
    mutating func keepOpenWriters(limit: Int) {
        files = files.filter { $0.value.writerIsOpen }
        if files.count > limit { files = [:] }
    }

    /// Brings every report and the listing forward that are due later than `now`.
    mutating func bringForward(to now: MonotonicTime) {
        for name in files.keys { files[name]?.bringForward(to: now) }
        if let listing, listing.at > now { self.listing?.at = now }
    }
}
