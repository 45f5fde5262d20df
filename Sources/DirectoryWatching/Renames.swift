internal import LinuxSystem

/// Names on their way: what the two halves of a rename, which share a cookie, know of open writers.
///
/// RENAME_EXCHANGE (renameat2(2)) is told as two renames, one after the other: from A to B and from B to A. So is a
/// file that moves there and back; both names are then taken for what they may be.
struct Renames: Sendable {
    /// What is known of a file that came by rename.
    struct Arrival: Sendable {
        /// Somebody may have it open for writing.
        var writerIsOpen = false
        /// Somebody wrote to it and closed it, so shortly ago that nobody has looked since.
        var wasWritten = false
        /// Names that may have been exchanged with this one, whose files somebody may have open for writing,
        /// and whether they are reported.
        var exchanged: [FilePath: Bool] = [:]
    }

    private struct Move: Sendable {
        let cookie: UInt32
        let at: MonotonicTime
        /// Names that it had, in one directory or more, and whether they are reported.
        var from: [FilePath: Bool] = [:]
        var to: Set<FilePath> = []
        /// Somebody writes to the file that moved.
        var carriesWriter = false
        /// Somebody wrote to a file whose name it took.
        var coversWriter = false
    }

    /// Both halves of a rename come at once; nanoseconds after which the second is not waited for any more.
    private static let patience: Int64 = 1_000_000_000
    /// Nanoseconds within which the two renames of an exchange are told.
    private static let exchangePatience: Int64 = 50_000_000
    /// More written files on their way are not remembered.
    private static let limit = 1024

    private struct Departure: Sendable {
        let isForgottenAt: MonotonicTime
        let writerIsOpen: Bool
    }

    /// Files that left their names while somebody wrote to them, or shortly after.
    private var written: [UInt32: Departure] = [:]
    private var last: Move?
    private var beforeLast: Move?

    /// A name went away.
    ///
    /// - Parameter wasWritten: writes to the file were seen, and nobody has looked since.
    mutating func depart(
        _ cookie: UInt32, from path: FilePath, isReported: Bool, writerIsOpen: Bool, wasWritten: Bool,
        at now: MonotonicTime
    ) {
        forget(at: now)
        if last?.cookie != cookie {
            beforeLast = last
            last = Move(cookie: cookie, at: now)
        }
        last?.from[path] = isReported
        if writerIsOpen { last?.carriesWriter = true }
        guard writerIsOpen || wasWritten, written.count < Self.limit else { return }
        written[cookie] = Departure(
            isForgottenAt: now.advanced(nanoseconds: Self.patience), writerIsOpen: writerIsOpen)
    }

    /// A name came.
    ///
    /// - Parameter coversWriter: somebody wrote to the file that had the name before.
    mutating func arrive(
        _ cookie: UInt32, at path: FilePath, coversWriter: Bool, at now: MonotonicTime
    ) -> Arrival {
        forget(at: now)
        let departure = written[cookie]
        var arrival = Arrival(writerIsOpen: departure?.writerIsOpen == true, wasWritten: departure != nil)
        guard last?.cookie == cookie, let move = last else { return arrival }
        last?.to.insert(path)
        if coversWriter { last?.coversWriter = true }
        guard let first = beforeLast, first.from[path] != nil, now.since(first.at) <= Self.exchangePatience,
            move.from.keys.contains(where: { first.to.contains($0) })
        else { return arrival }
        if first.carriesWriter { arrival.exchanged = move.from }
        arrival.writerIsOpen = arrival.writerIsOpen || first.coversWriter
        return arrival
    }

    /// Forgets what has not arrived in time.
    mutating func forget(at now: MonotonicTime) {
        if written.contains(where: { $0.value.isForgottenAt <= now }) {
            written = written.filter { $0.value.isForgottenAt > now }
        }
    }
}
