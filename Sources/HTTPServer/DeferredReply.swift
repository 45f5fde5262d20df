internal import Synchronization

/// Where the response of a deferred reply arrives. The first one counts.
final class DeferredReply: Sendable {
    private let gate: ConnectionGate
    private let arrived = Mutex<HTTPResponse?>(nil)

    init(gate: ConnectionGate) { self.gate = gate }

    var response: HTTPResponse? { arrived.withLock { $0 } }

    /// The function for whoever does the work; `dropped` makes the response when it is never called.
    func completion(
        dropped: @escaping @Sendable () -> HTTPResponse
    ) -> @Sendable (HTTPResponse) -> Void {
        let sender = Sender(reply: self, dropped: dropped)
        return { sender.reply.complete($0) }
    }

    private func complete(_ response: HTTPResponse) {
        let isFirst = arrived.withLock { arrived in
            guard arrived == nil else { return false }
            arrived = response
            return true
        }
        if isFirst { gate.wake() }
    }

    /// Lives as long as somebody can still answer.
    private final class Sender: Sendable {
        let reply: DeferredReply
        let dropped: @Sendable () -> HTTPResponse

        init(reply: DeferredReply, dropped: @escaping @Sendable () -> HTTPResponse) {
            self.reply = reply
            self.dropped = dropped
        }

        deinit { if reply.response == nil { reply.complete(dropped()) } }
    }
}
