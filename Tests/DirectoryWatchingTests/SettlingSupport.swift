import LinuxSystem

@testable import DirectoryWatching

/// A moment so many milliseconds after the start of a test, on a clock that nothing else looks at.
func moment(_ milliseconds: Int64) -> MonotonicTime {
    MonotonicTime(nanoseconds: (1_000_000 + milliseconds) * 1_000_000)
}

/// Settling with a quiet time of two seconds, so: 20 ms to gather, 50 ms to depart, 2 s to settle, 60 s for a writer.
func makeSettling(settle: Int64 = 2_000_000_000) -> ChangeSettling {
    ChangeSettling(timing: ChangeSettling.Timing(settle: settle))
}

extension ChangeSettling {
    /// Everything that ever becomes due, with the milliseconds at which it does, taking out at `nextDue` only.
    mutating func drain() -> [TimedChange] {
        var changes: [TimedChange] = []
        while let next = nextDue {
            let milliseconds = next.since(moment(0)) / 1_000_000
            changes += takeDue(at: next).map { TimedChange(milliseconds, $0) }
        }
        return changes
    }
}

/// A change and when it was reported, in milliseconds.
struct TimedChange: Hashable, CustomStringConvertible {
    let milliseconds: Int64
    let change: DirectoryChange

    init(_ milliseconds: Int64, _ change: DirectoryChange) {
        self.milliseconds = milliseconds
        self.change = change
    }

    init(_ milliseconds: Int64, _ path: FilePath, _ hint: FileHint) {
        self.init(milliseconds, .file(path, hint))
    }

    var description: String { "\(milliseconds) ms: \(change)" }
}
