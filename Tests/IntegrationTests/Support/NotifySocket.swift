import Glibc
import LinuxSystem
import Synchronization

/// Takes the place of systemd's end of sd_notify(3): every datagram that a daemon sends, in order.
final class NotifySocket: Sendable {
    /// What NOTIFY_SOCKET has to say; a name in the abstract namespace, so that no directory bounds its length.
    let address: String
    private let socket: FileDescriptor
    private let stopping: EventDescriptor
    private let received = Mutex<[String]>([])
    private let arrived = Condition()
    private let thread = Mutex<SystemThread?>(nil)

    init() throws {
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = FileDescriptor(owning: try systemCall("socket") { Glibc.socket(AF_UNIX, type, 0) })
        address = try Self.bindToFreeName(socket.number)
        self.socket = socket
        stopping = try EventDescriptor()
        let receiver = try SystemThread(name: "notify-socket") { [self] in receive() }
        thread.withLock { $0 = receiver }
    }

    /// Every datagram so far.
    var messages: [String] { received.withLock { $0 } }

    /// Waits until the datagrams fulfil the condition; false when they do not by `deadline`. Blocks.
    func wait(until deadline: MonotonicTime, _ isMet: ([String]) -> Bool) -> Bool {
        arrived.wait(until: deadline) { isMet(self.messages) }
    }

    /// Takes in what was sent until now and ends the receiving. Blocks.
    func finish() {
        stopping.signal()
        _ = thread.withLock { $0?.join(milliseconds: RunningDaemon.eventMilliseconds) }
    }

    /// Wakes waiters so that they look at something else than the datagrams.
    func wakeWaiters() { arrived.broadcast() }

    private func receive() {
        var buffer = [UInt8](repeating: 0, count: 8192)
        while let ready = try? waitUntilReadable([socket.number, stopping.descriptor.number]), ready[0] || !ready[1] {
            let count = unsafe recv(socket.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { continue }
            let message = String(decoding: buffer.prefix(count), as: UTF8.self)
            received.withLock { $0.append(message) }
            arrived.broadcast()
        }
    }

    /// With nothing but a family, bind(2) chooses a free abstract name (unix(7), "autobind").
    private static func bindToFreeName(_ socket: Int32) throws -> String {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var length = socklen_t(MemoryLayout<sa_family_t>.size)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer throws(SystemError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound throws(SystemError) in
                try systemCall("bind") { unsafe bind(socket, rebound, length) }
                length = socklen_t(MemoryLayout<sockaddr_un>.size)
                try systemCall("getsockname") { unsafe getsockname(socket, rebound, &length) }
            }
        }
        let name = unsafe withUnsafeBytes(of: address.sun_path) { unsafe Array($0) }
        let used = Int(length) - MemoryLayout<sa_family_t>.size
        return "@" + String(decoding: name[1..<used], as: UTF8.self)
    }
}
