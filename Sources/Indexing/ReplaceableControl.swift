internal import Hashing
internal import Synchronization

/// The control of whatever a worker reads right now; once cancelled, everything that follows is cancelled too.
final class ReplaceableControl: Sendable {
    private struct State: Sendable {
        var current = HashingControl()
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// A fresh control for the next file.
    func renew() -> HashingControl {
        state.withLock { state in
            let control = HashingControl()
            if state.isCancelled { control.cancel() }
            state.current = control
            return control
        }
    }

    /// Ends the current file; those that follow are read.
    func cancelCurrent() { state.withLock { $0.current.cancel() } }

    /// Ends the current file and all that follow.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.current.cancel()
        }
    }

    /// Bytes of the current file that are done.
    var bytesDone: UInt64 { state.withLock { $0.current.bytesDone } }
}
