internal import LinuxSystem
internal import Synchronization

/// Says when the next bytes of any file may be read: not during a pause, not faster than the rate, and by no more
/// readers than others can stand.
package final class ReadingGovernor: Sendable {
    fileprivate struct State {
        var isPaused = false
        /// Bytes per second; 0 is no limit.
        var maximumRate: Int64 = 0
        /// Readers that may go on, the oldest first; nil: all.
        var readersAllowed: Int?
        /// Those that have begun and not ended.
        var readers: [HashingControl] = []
        /// From when on the next bytes may be read as far as the rate goes.
        var nextAt = MonotonicTime(nanoseconds: 0)
    }

    /// A rate is held over pieces of this part of a second; smaller ones would cost more than they smooth.
    private static let piecesPerSecond: Int64 = 10
    private static let smallestPiece = 4096

    private let state = Mutex(State())
    private let condition = Condition()

    package init() {}

    /// Holds everybody before the next piece; nothing that was read is lost.
    package var isPaused: Bool {
        get { state.withLock { $0.isPaused } }
        set { change { $0.isPaused = newValue } }
    }

    /// Bytes per second for all files together; 0 is no limit.
    package func setMaximumRate(_ rate: Int64) {
        change { state in
            state.maximumRate = max(0, rate)
            // What was reserved at the old rate is forgotten.
            state.nextAt = .now
        }
    }

    /// How many files may be read at once; nil: any number. At least one always is.
    package func setReadersAllowed(_ count: Int?) { change { $0.readersAllowed = count.map { max(1, $0) } } }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        condition.broadcast()
    }

    // MARK: - For the readers

    /// A file is read from now on until `leave`.
    func enter(_ control: HashingControl) {
        control.wakes(condition)
        state.withLock { $0.readers.append(control) }
    }

    func leave(_ control: HashingControl) {
        change { state in state.readers.removeAll { $0 === control } }
    }

    /// How many of `count` bytes to ask for at once.
    func piece(of count: Int) -> Int {
        let rate = state.withLock { $0.maximumRate }
        guard rate > 0 else { return count }
        let piece = Int(clamping: rate / Self.piecesPerSecond) / Self.smallestPiece * Self.smallestPiece
        return min(count, max(piece, Self.smallestPiece))
    }

    /// Waits until so many bytes may be read; throws `cancelled` when the file is given up meanwhile.
    func admit(_ count: Int, _ control: HashingControl) throws(HashingError) {
        try control.check()
        if state.withLock({ $0.admits(control) && $0.reserve(count) == nil }) { return }
        control.isHeld = true
        defer { control.isHeld = false }
        while true {
            // Either something changes, or the time has come that the rate asks for.
            let next = state.withLock { $0.admits(control) ? $0.nextAt : .distantFuture }
            let isAdmitted = condition.wait(until: next) {
                control.isCancelled || state.withLock { $0.admits(control) && $0.reserve(count) == nil }
            }
            try control.check()
            if isAdmitted { return }
        }
    }
}

extension ReadingGovernor.State {
    fileprivate func admits(_ control: HashingControl) -> Bool {
        if isPaused { return false }
        guard let readersAllowed else { return true }
        // One that was given up may hang with its drive for ever, and must not hold the place of another.
        return readers.lazy.filter { !$0.isCancelled }.prefix(readersAllowed).contains { $0 === control }
    }

    /// Takes the time that so many bytes need; nil when it is free now, else from when on it is.
    fileprivate mutating func reserve(_ count: Int) -> MonotonicTime? {
        guard maximumRate > 0 else { return nil }
        let now = MonotonicTime.now
        guard now >= nextAt else { return nextAt }
        // Time that nobody used is gone, but for what late waking costs.
        let start = max(nextAt, now.advanced(nanoseconds: -100_000_000))
        nextAt = start.advanced(nanoseconds: Int64(Double(count) / Double(maximumRate) * 1e9))
        return nil
    }
}
