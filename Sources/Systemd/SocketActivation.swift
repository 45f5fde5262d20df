internal import CSystemd
internal import Glibc
package import LinuxSystem

/// Sockets that the service manager opened and passed on (sd_listen_fds(3), systemd.socket(5)).
package struct SocketActivation: ~Copyable, Sendable {
    /// A socket that was passed and that nobody asked for; it is closed.
    package struct Unused: Sendable {
        /// Its FileDescriptorName=.
        package let name: String
        /// Where it listens, for a Unix socket in the file system.
        package let path: FilePath?
    }

    /// The listening Unix stream socket of the name that was asked for; nil where none was passed.
    package let socket: FileDescriptor?
    package let unused: [Unused]

    /// Hands on the socket.
    package consuming func takeSocket() -> FileDescriptor? { socket }

    /// Takes what was passed. To be called once, before descriptors are opened that might have the same numbers: a
    /// process may have been told of sockets that are not there.
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
        var unused: [Unused] = []
        for index in 0..<Int(count) {
            let number = SD_LISTEN_FDS_START + Int32(index)
            let given = unsafe names?[index].map { unsafe String(cString: $0) } ?? ""
            // What does not listen may be a descriptor of this process, and is left alone.
            guard sd_is_socket(number, AF_UNSPEC, 0, 1) > 0 else {
                unused.append(Unused(name: given, path: nil))
                continue
            }
            let descriptor = FileDescriptor(owning: number)
            let isStream = sd_is_socket_unix(number, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0
            guard given == name, isStream, socket == nil else {
                unused.append(Unused(name: given, path: isStream ? try? UnixSocket.path(of: descriptor) : nil))
                continue
            }
            socket = consume descriptor
        }
        return SocketActivation(socket: socket, unused: unused)
    }
}
