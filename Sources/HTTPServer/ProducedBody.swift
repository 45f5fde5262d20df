package import LinuxSystem
internal import Synchronization

extension HTTPBody {
    /// Content that is made while it is sent, on a thread of its own, so that making it may take its time: it is one piece
    /// ahead of the client, no more. The thread ends with the response, sent to the end or not.
    ///
    /// - Parameter produce: called again and again until it answers nil; an error ends the connection.
    package static func produced(
        length: Int64? = nil, threadName: String, _ produce: @escaping @Sendable () throws -> [UInt8]?
    ) throws(SystemError) -> HTTPBody {
        let body = try ProducedBody(threadName: threadName, produce)
        return .stream(length: length) { try body.next($0) }
    }
}

/// The end of a produced body that the server reads. The thread holds the channel alone, so that this one's end ends it.
private final class ProducedBody: Sendable {
    private let channel: Channel

    init(threadName: String, _ produce: @escaping @Sendable () throws -> [UInt8]?) throws(SystemError) {
        let channel = Channel()
        self.channel = channel
        _ = try SystemThread(name: threadName) { channel.fill(produce) }
    }

    deinit { channel.abandon() }

    func next(_ waker: HTTPStreamWaker) throws -> HTTPBodyPiece { try channel.take(waker) }
}

private final class Channel: Sendable {
    private struct State {
        /// What was made and not yet taken; an empty one is the end.
        var piece: Result<[UInt8], any Error>?
        var waker: HTTPStreamWaker?
        var isAbandoned = false
    }

    private let state = Mutex(State())
    private let changed = Condition()

    func fill(_ produce: () throws -> [UInt8]?) {
        while true {
            let piece = Result { try Self.piece(produce) }
            let (waker, isAbandoned) = state.withLock { state in
                state.piece = piece
                defer { state.waker = nil }
                return (state.waker, state.isAbandoned)
            }
            waker?.wake()
            guard !isAbandoned, case .success(let bytes) = piece, !bytes.isEmpty else { return }
            changed.wait(until: .distantFuture) { state.withLock { $0.piece == nil || $0.isAbandoned } }
            if state.withLock({ $0.isAbandoned }) { return }
        }
    }

    /// What comes next; empty at the end, which an empty piece is not.
    private static func piece(_ produce: () throws -> [UInt8]?) throws -> [UInt8] {
        while let piece = try produce() {
            if !piece.isEmpty { return piece }
        }
        return []
    }

    func take(_ waker: HTTPStreamWaker) throws -> HTTPBodyPiece {
        let piece = state.withLock { state -> Result<[UInt8], any Error>? in
            guard let piece = state.piece else {
                state.waker = waker
                return nil
            }
            // The end and an error stay: there is nothing behind them.
            if case .success(let bytes) = piece, !bytes.isEmpty { state.piece = nil }
            return piece
        }
        guard let bytes = try piece?.get() else { return .later }
        changed.broadcast()
        return bytes.isEmpty ? .end : .bytes(bytes)
    }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        changed.broadcast()
    }
}
