/// A request as the transport sees it.
package struct APIRequest: Sendable, Equatable {
    /// The method in capitals.
    package var method: String
    /// Path and query, percent-encoded.
    package var target: String
    /// JSON; nil for a request without a body.
    package var body: [UInt8]?
    /// How long the whole exchange may take; nil for as long as it needs.
    package var timeoutMilliseconds: Int?

    package init(method: String, target: String, body: [UInt8]? = nil, timeoutMilliseconds: Int? = 30_000) {
        self.method = method
        self.target = target
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// What is known of an answer before its body.
package struct APIAnswerHead: Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// The bytes of the body; nil where the daemon does not know them before.
    package var length: Int64?

    package init(status: Int, length: Int64? = nil) {
        self.status = status
        self.length = length
    }
}

/// What carries requests to a daemon; tests answer them from memory.
package protocol APITransport: AnyObject {
    /// Sends a request, hands the answer's body with its head piece by piece to `receive`, which returns false to
    /// end the exchange, and returns the status. Blocks the calling thread.
    func send(
        _ request: APIRequest, receive: (_ head: APIAnswerHead, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) -> Int
}
