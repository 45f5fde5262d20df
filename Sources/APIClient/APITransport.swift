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

/// What carries requests to a daemon; tests answer them from memory.
package protocol APITransport: AnyObject {
    /// Sends a request, hands the answer's body with its status piece by piece to `receive`, which returns false to
    /// end the exchange, and returns the status. Blocks the calling thread.
    func send(
        _ request: APIRequest, receive: (_ status: Int, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) -> Int
}
