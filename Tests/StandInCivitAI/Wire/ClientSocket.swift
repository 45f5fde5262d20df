internal import Glibc

/// One client's connection. It belongs to the thread that serves it; only `ConnectionServer` closes it.
final class ClientSocket {
    /// The descriptor, for calls that borrow it.
    let number: Int32

    init(_ number: Int32) {
        self.number = number
        // Each piece of a slow answer is on its way at once.
        var enabled: Int32 = 1
        unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
    }

    /// What the client sends next; nil when it, or the server, has ended the connection.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    /// Sends everything; false when the connection has ended.
    func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { rest = rest.dropFirst(count) } else if count == 0 || errno != EINTR { return false }
        }
        return true
    }

    /// Lets so much time pass; false at once when the server stops or the connection breaks.
    func pause(milliseconds: Int) -> Bool {
        // Without an event that is asked for, only the end of the connection interrupts the wait.
        var entry = pollfd(fd: number, events: 0, revents: 0)
        return unsafe poll(&entry, 1, Int32(clamping: milliseconds)) <= 0
    }

    /// Reads, and answers nothing, until the client or the server ends the connection.
    func waitForEnd() { while receive() != nil {} }

    /// Lets the end of the connection be an error for the client (RST), and not an end.
    func endWithReset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
