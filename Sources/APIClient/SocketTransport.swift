internal import HTTPClient

/// Carries requests to the first of several Unix sockets at which something listens.
package final class SocketTransport: APITransport {
    /// Room for the listing of a library of millions of files; the pieces are not kept here.
    private static let responseLimit = 1 << 40

    private let sockets: [[UInt8]]
    /// The socket that took the first request; every other request goes there too.
    private var connected: (socket: [UInt8], client: HTTPClient)?

    /// Sockets by their paths' bytes, in the order in which they are tried.
    package init(sockets: [[UInt8]]) { self.sockets = sockets }

    package func send(
        _ request: APIRequest, receive: (_ head: APIAnswerHead, _ bytes: [UInt8]) -> Bool
    ) throws(APIClientError) -> Int {
        if let (socket, client) = connected {
            do throws(HTTPClientError) {
                return try Self.perform(request, client, receive)
            } catch { throw Self.apiError(error, socket) }
        }
        var tried: [ConnectionAttempt] = []
        for socket in sockets {
            do throws(HTTPClientError) {
                let client = try HTTPClient(.unixSocket(socket))
                let status = try Self.perform(request, client, receive)
                connected = (socket, client)
                return status
            } catch {
                // Nothing was sent where there was no connection, so that the next socket may get the same request.
                guard error.code == .cannotConnect else { throw Self.apiError(error, socket) }
                tried.append(ConnectionAttempt(socket: socket, errno: error.errno, message: error.message))
            }
        }
        throw .unreachable(tried: tried)
    }

    private static func perform(
        _ request: APIRequest, _ client: HTTPClient, _ receive: (_ head: APIAnswerHead, _ bytes: [UInt8]) -> Bool
    ) throws(HTTPClientError) -> Int {
        let headers = request.body == nil ? [] : [(name: "Content-Type", value: "application/json")]
        return try client.perform(
            HTTPRequest(
                method: request.method, target: request.target, headers: headers, body: request.body,
                timeoutMilliseconds: request.timeoutMilliseconds, responseLimit: responseLimit),
            receive: { head, bytes in
                let length = head.header("content-length").flatMap { Int64($0) }
                return receive(APIAnswerHead(status: head.status, length: length), bytes)
            }
        ).status
    }

    private static func apiError(_ error: HTTPClientError, _ socket: [UInt8]) -> APIClientError {
        switch error.code {
        case .cancelled: .cancelled
        case .tooLarge, .invalidRequest: .malformed(error.message)
        case .cannotConnect, .timedOut, .protocolViolation:
            .unreachable(tried: [ConnectionAttempt(socket: socket, errno: error.errno, message: error.message)])
        }
    }
}
