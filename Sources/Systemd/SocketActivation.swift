internal import CSystemd
internal import Glibc
package import LinuxSystem

/// Sockets that the service manager opened and passed on (sd_listen_fds(3), systemd.socket(5)).
package struct SocketActivation: ~Copyable {
    /// The listening Unix stream socket of the name that was asked for; nil where none was passed.
    package let socket: FileDescriptor?
    /// What else was passed, as words for people: each is closed.
    package let unused: [String]

    /// Hands on the socket.
    package consuming func takeSocket() -> FileDescriptor? { socket }

    /// Takes what was passed. To be called once, before descriptors are opened that might have the same numbers.
    ///
    /// - Parameter name: the FileDescriptorName= of the socket unit.
    package static func take(named name: String) throws(SystemError) -> SocketActivation {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(0, &names)
        guard count >= 0 else { throw SystemError(Errno(rawValue: -count), call: "sd_listen_fds_with_names") }
        defer {
            for index in 0..<Int(count) { unsafe free(names?[index]) }
            unsafe free(names)
        }
        var socket: FileDescriptor?
        var unused: [String] = []
        for index in 0..<Int(count) {
            let descriptor = FileDescriptor(owning: SD_LISTEN_FDS_START + Int32(index))
            let given = unsafe names?[index].map { unsafe String(cString: $0) } ?? ""
            let isListener = sd_is_socket_unix(descriptor.number, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0
            guard given == name, isListener, socket == nil else {
                unused.append(isListener ? "the socket \(given)" : "\(given), which is no listening Unix socket")
                continue
            }
            socket = consume descriptor
        }
        return SocketActivation(socket: socket, unused: unused)
    }
}
