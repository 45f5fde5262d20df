/// What a client may take of the server.
package struct HTTPServerLimits: Hashable, Sendable {
    /// Bytes of a request's body; more is answered 413.
    package var body: Int
    /// Connections at once on each listening socket; more wait in the socket's queue.
    package var connections: Int
    /// Seconds after which a connection without progress is closed. Deferred replies and resting streams are exempt.
    package var idleSeconds: Int
    /// Bytes a connection for request line, headers and output buffer; longer headers are answered 431 or 414.
    package var connectionMemory: Int

    package init(
        body: Int = 1 << 20, connections: Int = 256, idleSeconds: Int = 60, connectionMemory: Int = 32 << 10
    ) {
        self.body = body
        self.connections = connections
        self.idleSeconds = idleSeconds
        self.connectionMemory = connectionMemory
    }
}
