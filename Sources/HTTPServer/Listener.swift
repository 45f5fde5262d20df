internal import Glibc
internal import LinuxSystem
internal import Synchronization

/// A listening socket and the engines that share its connections. The first of them accepts, and each connection goes to
/// the one that has the fewest: sixteen clients keep two threads busy, not one.
final class Listener: Sendable {
    /// How many connections wait at most (SOMAXCONN).
    private static let queueLength = 4096

    let kind: ListenerKind
    /// How many connections each engine has at most.
    let places: Int
    private let number: Int32
    private let descriptor: Mutex<FileDescriptor?>
    private let engines = Mutex<[Engine]>([])
    /// Readable when a connection has ended while all places were taken.
    private let room: EventDescriptor
    private let isFull = Atomic(false)

    /// Takes over a socket, which does not block from now on.
    init(_ descriptor: consuming FileDescriptor, kind: ListenerKind, places: Int) throws(SystemError) {
        let number = descriptor.number
        let flags = try systemCall("fcntl") { fcntl(number, F_GETFL) }
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
        room = try EventDescriptor()
        self.kind = kind
        self.places = places
        self.number = number
        self.descriptor = Mutex(descriptor)
    }

    /// Names those who get the connections, before any comes.
    func share(among engines: [Engine]) { self.engines.withLock { $0 = engines } }

    /// What becomes readable when there is something to accept.
    var waitDescriptor: Int32 { isFull.load(ordering: .sequentiallyConsistent) ? room.descriptor.number : number }

    /// Accepts who waits, as long as there are places. For the first engine's thread.
    ///
    /// - Throws: when the system lacks a descriptor or memory for the next one.
    func accept() throws(SystemError) {
        if isFull.load(ordering: .sequentiallyConsistent) { room.clear() }
        for _ in 0..<Self.queueLength {
            isFull.store(true, ordering: .sequentiallyConsistent)
            // A place that is given back after this look is told by `room`.
            guard let engine = leastBusy() else { return }
            isFull.store(false, ordering: .sequentiallyConsistent)
            do throws(SystemError) {
                engine.take(try acceptConnection(number))
            } catch {
                switch error.errno.rawValue {
                case EAGAIN: return
                // The client has gone, or the network had an error that is none of the listening socket's (accept(2)).
                case ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                    ENETUNREACH, EPERM:
                    continue
                default: throw error
                }
            }
        }
    }

    /// A place is free again.
    func giveBack() { if isFull.load(ordering: .sequentiallyConsistent) { room.signal() } }

    /// Closes the socket; nothing is accepted any more.
    func close() {
        descriptor.withLock { $0 = nil }
        engines.withLock { $0 = [] }
    }

    private func leastBusy() -> Engine? {
        engines.withLock { engines in
            let engine = engines.min { $0.connectionCount < $1.connectionCount }
            return engine.flatMap { $0.connectionCount < places ? $0 : nil }
        }
    }
}
