/// Answers requests. Called on the server's thread, so it must not block; what takes longer is deferred.
package protocol HTTPRequestHandler: Sendable {
    func reply(to request: HTTPRequest) -> HTTPReply

    /// The answer to a request that never becomes an `HTTPRequest`, or that the server has to refuse.
    ///
    /// `reason` is a sentence; `status` 400 for a target that cannot be decoded or an unknown transfer coding, 413 for a
    /// body over the limit, 500 for a deferred reply that never came, 503 while the server stops.
    ///
    /// What is no HTTP/1 request never gets here. libmicrohttpd, which has no hook for it, answers in HTML of its own and
    /// closes the connection: 400 for a malformed request line, header line, Content-Length or chunk, 413 for the length
    /// of a body or chunk beyond 64 bits, 414 and 431 for a head beyond `HTTPServerLimits.connectionMemory`, 505 for
    /// another version than HTTP/1. Before 1.0 some of these pages are sent twice. Without an answer it closes where
    /// there is no target; the server does where a request is not complete in its time.
    func failure(status: Int, reason: String) -> HTTPResponse
}

/// An answer now, or the start of the work that leads to it.
package enum HTTPReply: Sendable {
    case response(HTTPResponse)
    /// `start` is called once, at once, on the server's thread. The function that it is given takes the response, from any
    /// thread; the first counts. When it is dropped unused, the client gets the failure 500.
    case deferred(start: @Sendable (_ complete: @escaping @Sendable (HTTPResponse) -> Void) -> Void)
}
