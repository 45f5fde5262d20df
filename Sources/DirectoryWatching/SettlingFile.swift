internal import LinuxSystem

/// What is known of one file that has not settled.
struct SettlingFile: Sendable {
    /// When the next report that does not wait for writers is due, and what it will say.
    var report: (at: MonotonicTime, hint: FileHint)?
    /// When the file counts as settled, if it is being waited for.
    var settledAt: MonotonicTime?
    /// Somebody wrote and has not closed.
    var writerIsOpen = false
    /// A write was seen, and the quiet time after it is not over.
    var wasWritten = false
    /// How often the open writer went on after the file had been taken for complete.
    var overtaken = 0
    /// False for names that are followed only because they may be renamed into a model file.
    var isReported = true
    /// Nobody waits for the end of a write to it, so who asks is told of what was written so far.
    var isCompanion = false
    /// It was written to since the last report.
    private var hasUntoldWrites = false
    /// The entry in the queue that stands for this file; at the due moment or before.
    var queuedAt: MonotonicTime?

    /// When something has to be done; nil when nothing is waited for any more.
    var due: MonotonicTime? {
        // Of a name that is not reported, only an open writer matters: the file may be renamed with it.
        guard isReported else { return writerIsOpen ? settledAt : nil }
        guard let report else { return settledAt }
        return settledAt.map { min($0, report.at) } ?? report.at
    }

    /// Makes the report that waits due at once; of a companion also that it was written to.
    mutating func bringForward(to now: MonotonicTime) {
        if isCompanion, hasUntoldWrites { note(.writing, at: now) }
        if let report, report.at > now { self.report?.at = now }
        hasUntoldWrites = false
    }

    /// Takes in an event.
    ///
    /// - Parameters:
    ///   - arrival: what is known of a file that was moved here.
    ///   - overtaken: how often an open writer of this name went on before.
    mutating func apply(
        _ event: ChangeSettling.Event, _ timing: ChangeSettling.Timing, arrival: Renames.Arrival, overtaken: Int,
        at now: MonotonicTime
    ) {
        let soon = now.advanced(nanoseconds: timing.gather)
        switch event {
        case .created:
            // Another file than the one of which a writer is known.
            beginAnew()
            note(.appeared, at: soon)
            settledAt = now.advanced(nanoseconds: timing.settle)
        case .modified:
            hasUntoldWrites = true
            if !writerIsOpen {
                note(.writing, at: soon)
                self.overtaken = overtaken
            }
            waitForWriter(timing, at: now)
        case .closedAfterWriting:
            waitAfterClose(timing, at: now)
        case .released:
            // The mark of aria2 may go before the file is closed; then the close tells.
            if !writerIsOpen { waitAfterClose(timing, at: now) }
        case .attributes:
            // After a write it is not true that only the inode changed; the end of the writing will be told.
            if !wasWritten { note(.attributes, at: soon) }
        case .movedIn:
            beginAnew()
            (report, settledAt) = (nil, nil)
            if arrival.writerIsOpen {
                note(.writing, at: soon)
                waitForWriter(timing, at: now)
            } else {
                note(arrival.wasWritten ? .arrivedWritten : .arrived, at: now)
            }
        case .movedOut, .deleted:
            beginAnew()
            (report, settledAt) = (nil, nil)
            note(.gone, at: now.advanced(nanoseconds: timing.departure))
        }
    }

    /// The file's directory was renamed after the end of a write.
    mutating func arriveWritten(at now: MonotonicTime) { note(.arrivedWritten, at: now) }

    /// Waits until nobody has written for the time of an open writer.
    mutating func waitForWriter(_ timing: ChangeSettling.Timing, at now: MonotonicTime) {
        writerIsOpen = true
        wasWritten = true
        settledAt = now.advanced(nanoseconds: timing.openWriter(overtaken: overtaken))
    }

    /// Waits no longer than these times say, counted from now; who held the file looks at it again then.
    mutating func shortenWaiting(_ timing: ChangeSettling.Timing, at now: MonotonicTime) {
        let wait = writerIsOpen ? timing.openWriter(overtaken: overtaken) : timing.settle
        settledAt = settledAt.map { min($0, now.advanced(nanoseconds: wait)) }
    }

    private mutating func waitAfterClose(_ timing: ChangeSettling.Timing, at now: MonotonicTime) {
        if settledAt == nil { note(.writing, at: now.advanced(nanoseconds: timing.gather)) }
        hasUntoldWrites = true
        writerIsOpen = false
        wasWritten = true
        overtaken = 0
        settledAt = now.advanced(nanoseconds: timing.settle)
    }

    private mutating func beginAnew() {
        hasUntoldWrites = false
        writerIsOpen = false
        wasWritten = false
        overtaken = 0
    }

    /// A report at a moment or before. A stronger hint takes the place of a weaker one.
    private mutating func note(_ hint: FileHint, at moment: MonotonicTime) {
        guard let present = report else {
            report = (moment, hint)
            return
        }
        report = (min(present.at, moment), Self.keeps(present.hint, over: hint) ? present.hint : hint)
    }

    private static func keeps(_ present: FileHint, over hint: FileHint) -> Bool {
        switch hint {
        case .attributes: true
        case .appeared: present == .writing
        // A write may be told after the name that it was made under had gone; only a new name undoes that.
        case .writing: present == .gone
        default: false
        }
    }

    /// What is due is taken out: first that a name went, then that the file has settled, which says more than the rest.
    mutating func takeDue(at now: MonotonicTime) -> FileHint? {
        let isReportDue = report.map { $0.at <= now } ?? false
        if isReportDue, report?.hint == .gone {
            report = nil
            return .gone
        }
        if let settledAt, settledAt <= now {
            self.settledAt = nil
            if report?.hint != .gone { report = nil }
            beginAnew()
            return .settled
        }
        guard isReportDue, let hint = report?.hint else { return nil }
        report = nil
        hasUntoldWrites = false
        return hint
    }
}
