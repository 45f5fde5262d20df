/// What a client may take of the server.
package struct HTTPServerLimits: Hashable, Sendable {
    /// Bytes of a request's body; more is answered 413.
    package var body: Int
    /// Connections at once on each listening socket; more wait in the socket's queue.
    package var connections: Int
    /// Threads for each listening socket, which share the connections.
    package var threads: Int
    /// Seconds after which a connection without progress is closed: one on which nothing comes or goes, or whose client
    /// does not take a piece (64 KiB) of its answer. Deferred replies and resting streams are exempt.
    package var idleSeconds: Int
    /// Seconds from the beginning of a connection until its first request is complete, or else it is closed, however
    /// much comes. On a connection that is kept for another request they are added to `idleSeconds`.
    package var requestSeconds: Int
    /// Seconds for which a client may keep the server waiting in any of these ways while all places of the
    /// thread that serves it are taken. Then the one that did so for the longest time makes room.
    package var crowdedSeconds: Int
    /// Bytes a connection for request line, headers and output buffer; longer headers are answered 431 or 414.
    package var connectionMemory: Int

    package init(
        body: Int = 1 << 20, connections: Int = 256, threads: Int = 1, idleSeconds: Int = 60, requestSeconds: Int = 30,
        crowdedSeconds: Int = 2, connectionMemory: Int = 32 << 10
    ) {
        self.body = body
        self.connections = connections
        self.threads = max(1, threads)
        self.idleSeconds = idleSeconds
        self.requestSeconds = requestSeconds
        self.crowdedSeconds = crowdedSeconds
        self.connectionMemory = connectionMemory
    }
}
