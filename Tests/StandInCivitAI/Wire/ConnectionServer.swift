internal import CTestSupport
internal import Glibc
internal import HTTPServer
internal import LinuxSystem
internal import Synchronization

/// Accepts connections on a port of the loopback and serves each with a thread of its own.
///
/// The project's own server is not used for this: it cannot lie about a length, reset a connection, or tell a target as
/// it was sent, and a test would not notice a fault that client and server share.
final class ConnectionServer: Sendable {
    private struct State {
        var isStopping = false
        var sockets: Set<Int32> = []
        var accepted = 0
        var isListening = true
    }

    /// The port that the kernel gave.
    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let changed = Condition()

    /// Listens from now on; `port` 0 lets the kernel choose. `start` has to follow.
    init(port: UInt16) throws {
        let descriptor = try TCPListener.listen(host: "127.0.0.1", port: port)
        self.port = try TCPListener.port(of: descriptor)
        let borrowed = descriptor.number
        listener = try systemCall("fcntl") { fcntl(borrowed, F_DUPFD_CLOEXEC, 0) }
        let number = listener
        let flags = fcntl(number, F_GETFL)
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
    }

    /// Hands each connection, with its place in their order, to `serve` on a thread of its own.
    func start(_ serve: @escaping @Sendable (ClientSocket, _ connection: Int) -> Void) throws {
        do {
            _ = try SystemThread(name: "stand-in") { [self] in accept(serve) }
        } catch {
            endListening()
            throw error
        }
    }

    /// How many connections there have been.
    var connections: Int { state.withLock { $0.accepted } }

    /// Ends every connection, and waits until no thread is left. Blocks.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            if state.isListening { shutdown(listener, Int32(SHUT_RDWR)) }
            // The threads close them, once nobody else knows their numbers.
            for number in state.sockets { shutdown(number, Int32(SHUT_RDWR)) }
        }
        changed.wait { state.withLock { !$0.isListening && $0.sockets.isEmpty } }
    }

    private func accept(_ serve: @escaping @Sendable (ClientSocket, _ connection: Int) -> Void) {
        while true {
            let number = test_accept(listener)
            if number < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            let connection: Int? = state.withLock { state in
                guard !state.isStopping else { return nil }
                state.sockets.insert(number)
                state.accepted += 1
                return state.accepted
            }
            guard let connection else {
                close(number)
                break
            }
            do {
                _ = try SystemThread(name: "stand-in-client") { [self] in
                    serve(ClientSocket(number), connection)
                    end(number)
                }
            } catch {
                end(number)
            }
        }
        endListening()
    }

    private func end(_ number: Int32) {
        state.withLock { state in
            state.sockets.remove(number)
            close(number)
        }
        changed.broadcast()
    }

    private func endListening() {
        state.withLock { state in
            if state.isListening { close(listener) }
            state.isListening = false
        }
        changed.broadcast()
    }
}
