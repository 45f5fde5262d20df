internal import Glibc
package import LinuxSystem

/// TCP sockets that listen on a literal IPv4 or IPv6 address.
package enum TCPListener {
    /// Opens a listening socket; port 0 lets the kernel choose. EINVAL when `host` is no literal address.
    package static func listen(
        host: String, port: UInt16, backlog: Int32 = 1024
    ) throws(SystemError) -> FileDescriptor {
        let shown = "\(host):\(port)"
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        guard let address = Address(host: host, port: port) else {
            throw SystemError(.invalidArgument, call: "inet_pton", subject: shown)
        }
        let number = try systemCall("socket", shown) { socket(address.family, flags, 0) }
        let descriptor = FileDescriptor(owning: number)
        // A restarted server must not wait until the kernel has forgotten its predecessor's connections.
        var enabled: Int32 = 1
        try systemCall("setsockopt", shown) {
            unsafe setsockopt(
                number, SOL_SOCKET, SO_REUSEADDR, &enabled, socklen_t(MemoryLayout<Int32>.size))
        }
        try systemCall("bind", shown) { address.bind(number) }
        try systemCall("listen", shown) { Glibc.listen(number, backlog) }
        return descriptor
    }

    /// The port that a listening socket has.
    package static func port(of descriptor: borrowing FileDescriptor) throws(SystemError) -> UInt16 {
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let number = descriptor.number
        try systemCall("getsockname") {
            unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                unsafe UnsafeMutableRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getsockname(number, $0, &length)
                }
            }
        }
        // The port lies at the same place in sockaddr_in and sockaddr_in6.
        return UInt16(bigEndian: storage.sin6_port)
    }

    /// True for 127.0.0.0/8 and ::1, which no other machine reaches; false for what is no literal address.
    package static func isLoopback(host: String) -> Bool {
        switch Address(host: host, port: 0) {
        case .version4(let address): UInt32(bigEndian: address.sin_addr.s_addr) >> 24 == 127
        case .version6(let address):
            unsafe withUnsafeBytes(of: address.sin6_addr) {
                unsafe $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1
            }
        case nil: false
        }
    }

    private enum Address {
        case version4(sockaddr_in)
        case version6(sockaddr_in6)

        init?(host: String, port: UInt16) {
            var version4 = sockaddr_in()
            var version6 = sockaddr_in6()
            if unsafe inet_pton(AF_INET, host, &version4.sin_addr) == 1 {
                version4.sin_family = sa_family_t(AF_INET)
                version4.sin_port = port.bigEndian
                self = .version4(version4)
            } else if unsafe inet_pton(AF_INET6, host, &version6.sin6_addr) == 1 {
                version6.sin6_family = sa_family_t(AF_INET6)
                version6.sin6_port = port.bigEndian
                self = .version6(version6)
            } else {
                return nil
            }
        }

        var family: Int32 {
            switch self {
            case .version4: AF_INET
            case .version6: AF_INET6
            }
        }

        func bind(_ socket: Int32) -> Int32 {
            switch self {
            case .version4(let address): Self.bind(socket, address)
            case .version6(let address): Self.bind(socket, address)
            }
        }

        private static func bind<Value>(_ socket: Int32, _ value: Value) -> Int32 {
            unsafe withUnsafePointer(to: value) { pointer in
                unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.bind(socket, $0, socklen_t(MemoryLayout<Value>.size))
                }
            }
        }
    }
}
