/// The answer to a request. Date, Content-Length and Transfer-Encoding are the server's to add.
package struct HTTPResponse: Sendable {
    /// 200 to 599.
    package var status: Int
    package var headers: [HTTPField]
    package var body: HTTPBody

    package init(status: Int = 200, headers: [HTTPField] = [], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The content of a response. The answer to HEAD is made as for GET; the server keeps the content back.
package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Content that is made while it is sent, so that only one piece of it is in memory.
    ///
    /// `length` in bytes where it is known; without it the transfer is chunked. `next` is called on the server's thread
    /// when the client has taken what came before. It must not block: with nothing to give it answers
    /// `.later` and has `HTTPStreamWaker.wake` called. An error ends the connection, so that the client notices.
    case stream(length: Int64? = nil, next: @Sendable (HTTPStreamWaker) throws -> HTTPBodyPiece)
}

/// What a stream has to give.
package enum HTTPBodyPiece: Hashable, Sendable {
    case bytes([UInt8])
    /// Nothing yet. The connection rests, without a thread, until the waker is used. Only then does the server notice
    /// that a client has gone, so a stream that may rest for long should give a sign of life now and then.
    case later
    case end
}

/// Makes the server ask a resting stream again. Any thread may use it, at any time, also after the response has ended.
package struct HTTPStreamWaker: Sendable {
    private let gate: ConnectionGate

    init(_ gate: ConnectionGate) { self.gate = gate }

    package func wake() { gate.wake() }

    /// True once the server stops: a stream that would rest ends as it sees fit, or is cut short.
    package var isStopping: Bool { gate.isStopping }
}
