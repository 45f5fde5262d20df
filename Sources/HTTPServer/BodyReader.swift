internal import Synchronization

/// Hands a response's content to the engine, buffer by buffer.
final class BodyReader: Sendable {
    enum Outcome: Hashable { case filled(Int), resting, end, failed }

    private struct State {
        var piece: [UInt8]
        var sent = 0
    }

    private let gate: ConnectionGate
    private let next: @Sendable (HTTPStreamWaker) throws -> HTTPBodyPiece
    private let failure: @Sendable (any Error) -> Void
    private let state: Mutex<State>

    /// A reader of `piece`, and then of what `next` gives; `failure` learns of its error.
    init(
        _ piece: [UInt8], gate: ConnectionGate,
        next: @escaping @Sendable (HTTPStreamWaker) throws -> HTTPBodyPiece = { _ in .end },
        failure: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.gate = gate
        self.next = next
        self.failure = failure
        state = Mutex(State(piece: piece))
    }

    /// Fills the buffer as far as one piece goes. After `resting` the connection is suspended.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        while true {
            let copied = state.withLock { state in
                let count = min(state.piece.count - state.sent, buffer.count)
                unsafe state.piece.withUnsafeBytes {
                    unsafe buffer.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: $0[state.sent..<state.sent + count]))
                }
                state.sent += count
                return count
            }
            if copied > 0 {
                gate.awaits(.taking)
                return .filled(copied)
            }
            do {
                // Outside the lock: what a handler does in there is its own affair.
                switch try next(HTTPStreamWaker(gate)) {
                case .bytes(let bytes): state.withLock { $0 = State(piece: bytes) }
                case .end: return .end
                case .later:
                    gate.awaits(nil)
                    if gate.rest() { return .resting }
                    if gate.isStopping { return .failed }
                }
            } catch {
                failure(error)
                return .failed
            }
        }
    }
}
