/// Answers requests. Called on the server's thread, so it must not block; what takes longer is deferred.
package protocol HTTPRequestHandler: Sendable {
    func reply(to request: HTTPRequest) -> HTTPReply

    /// The answer to a request that never becomes an `HTTPRequest`, or that the server has to refuse.
    ///
    /// `reason` is a sentence; `status` 400 for a target that cannot be decoded, 413 for a body over the limit,
    /// 500 for a deferred reply that never came, 503 while the server stops. Requests that are not HTTP at all are
    /// answered by the engine alone, in a form of its own, and their connection is closed.
    func failure(status: Int, reason: String) -> HTTPResponse
}

/// An answer now, or the start of the work that leads to it.
package enum HTTPReply: Sendable {
    case response(HTTPResponse)
    /// `start` is called once, at once, on the server's thread. The function that it is given takes the response, from any
    /// thread; the first counts. When it is dropped unused, the client gets the failure 500.
    case deferred(start: @Sendable (_ complete: @escaping @Sendable (HTTPResponse) -> Void) -> Void)
}
