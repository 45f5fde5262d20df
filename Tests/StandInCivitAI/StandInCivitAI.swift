internal import Synchronization

/// A server on the loopback that answers as CivitAI does, with the faults that a test sets.
///
/// It knows nothing but what it is given, talks to nobody, and stops when it is released.
package final class StandInCivitAI: Sendable {
    let core: StandInCore
    private let server: ConnectionServer

    /// Listens on 127.0.0.1; port 0 lets the kernel choose. `observe` is told of every request before its answer.
    package init(port: UInt16 = 0, observe: @escaping @Sendable (RecordedRequest) -> Void = { _ in }) throws {
        let server = try ConnectionServer(port: port)
        let core = StandInCore(baseURL: "http://127.0.0.1:\(server.port)", observe: observe)
        self.server = server
        self.core = core
        try server.start { socket, connection in core.serve(socket, connection: connection) }
    }

    deinit { server.stop() }

    /// Without a slash at the end.
    package var baseURL: String { core.baseURL }

    /// What goes wrong.
    package var faults: Faults { core.faults }

    /// Ends every connection and frees the port. Blocks for a moment; later calls do nothing.
    package func stop() { server.stop() }

    /// How many connections there have been.
    package var connections: Int { server.connections }

    /// What can be changed at any time.
    package var settings: StandInSettings { core.settings.withLock { $0 } }

    /// Changes the settings.
    package func configure(_ change: (inout StandInSettings) -> Void) { core.settings.withLock { change(&$0) } }
}
