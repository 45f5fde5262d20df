internal import CLinux
internal import Glibc

/// Why no Unix socket could be opened for listening.
package enum UnixSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody answers there; the process where the kernel tells it.
    case inUse(FilePath, process: Int32?)
    /// The path holds something that is not a socket; it is never removed.
    case notASocket(FilePath)
    case system(SystemError)

    package var description: String {
        switch self {
        case .inUse(let path, let process): "\(path): \(describeProcess(process)) listens here already"
        case .notASocket(let path): "\(path): not a socket; remove it, or choose another path for the socket"
        case .system(let error): error.description
        }
    }
}

/// A Unix stream socket that listens, and the path through which it is reached.
package struct UnixListener: ~Copyable, Sendable {
    /// Does not block, closes at exec(3).
    package let descriptor: FileDescriptor
    package let file: SocketFile

    /// Ends the listener and hands on its descriptor; take `file` before.
    package consuming func takeDescriptor() -> FileDescriptor { descriptor }
}

/// The file system's side of a listening socket.
package struct SocketFile: Hashable, Sendable {
    package let path: FilePath
    private let device: UInt64
    private let inode: UInt64

    fileprivate init(path: FilePath) throws(SystemError) {
        let status = try FileStatus.of(path, followLinks: false)
        self.path = path
        device = status.device
        inode = status.inode
    }

    /// Removes the path if it is still this socket: a successor may have taken it.
    package func remove() {
        guard let status = try? FileStatus.of(path, followLinks: false), status.device == device, status.inode == inode
        else { return }
        // A socket that somebody else removed is as good.
        try? removePath(path)
    }
}

/// Stream sockets in the file system. Paths longer than `sockaddr_un` holds (107 bytes) work as well, as long as
/// the name in the last directory does not fill it alone.
package enum UnixSocket {
    /// Opens a socket that listens at `path` with exactly the permissions `mode`.
    ///
    /// Waits up to a second for another process that opens a socket in the same directory.
    /// A socket at which nobody listens is replaced. At no moment has anybody more access than `mode` gives.
    package static func listen(
        at path: FilePath, mode: UInt32, backlog: Int32 = 1024
    ) throws(UnixSocketError) -> UnixListener {
        // Two processes that start at once would both find a stale socket, and the slower one remove the other's
        // new one: the directory is locked from the look to listen(2).
        let lock = lockDirectory(of: path)
        defer { withExtendedLifetime(lock) {} }
        let occupant: Occupant
        do throws(SystemError) { occupant = try Self.occupant(of: path) } catch { throw .system(error) }
        switch occupant {
        case .nothing: break
        case .stale: try? removePath(path)  // bind(2) tells if it is still there
        case .notASocket: throw .notASocket(path)
        case .listener(let process): throw .inUse(path, process: process)
        }
        do throws(SystemError) { return try bind(path, mode: mode, backlog: backlog) } catch { throw .system(error) }
    }

    /// Takes over a socket that somebody else opened, which does not block any more; where it is bound, as `path` says.
    package static func adopt(_ descriptor: borrowing FileDescriptor) throws(SystemError) -> FilePath {
        let number = descriptor.number
        let flags = try systemCall("fcntl") { fcntl(number, F_GETFL) }
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
        return try path(of: descriptor)
    }

    /// Where a socket is bound; throws for one that is bound to no path.
    package static func path(of descriptor: borrowing FileDescriptor) throws(SystemError) -> FilePath {
        let number = descriptor.number
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        try systemCall("getsockname") {
            unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getsockname(number, $0, &length)
                }
            }
        }
        // One without a path has no bytes there, one in the abstract name space begins with a NUL (unix(7)).
        let bytes = unsafe withUnsafeBytes(of: &address.sun_path) { unsafe Array($0.prefix { $0 != 0 }) }
        guard address.sun_family == sa_family_t(AF_UNIX), bytes.first == UInt8(ascii: "/"),
            let path = FilePath(bytes: bytes)
        else { throw SystemError(.invalidArgument, call: "getsockname", subject: "a socket without a path") }
        return path
    }

    /// A connection to the socket at `path`. It does not block; while the listener's queue is full the error is EAGAIN.
    package static func connect(to path: FilePath) throws(SystemError) -> FileDescriptor {
        let descriptor = try makeSocket(path)
        try unsafe withAddress(of: path) { (address, length) throws(SystemError) in
            _ = try systemCall("connect", path.description) {
                unsafe Glibc.connect(descriptor.number, address, length)
            }
        }
        return descriptor
    }

    private static func makeSocket(_ path: FilePath) throws(SystemError) -> FileDescriptor {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return FileDescriptor(owning: try systemCall("socket", path.description) { socket(AF_UNIX, flags, 0) })
    }

    /// What a path holds for somebody who wants to listen there.
    private enum Occupant { case nothing, stale, notASocket, listener(process: Int32?) }

    private static func occupant(of path: FilePath) throws(SystemError) -> Occupant {
        do throws(SystemError) {
            let status = try FileStatus.of(path, followLinks: false)
            guard status.mode & UInt32(S_IFMT) == UInt32(S_IFSOCK) else { return .notASocket }
            let connection = try connect(to: path)
            return .listener(process: (try? PeerCredentials.of(socket: connection.number))?.process)
        } catch {
            switch error.errno {
            case .noEntry: return .nothing
            case .connectionRefused: return .stale
            // Its queue is full, so there is somebody who does not come to accept.
            case .again: return .listener(process: nil)
            default: throw error
            }
        }
    }

    private static func bind(
        _ path: FilePath, mode: UInt32, backlog: Int32
    ) throws(SystemError) -> UnixListener {
        let descriptor = try makeSocket(path)
        // bind(2) gives the file the permissions of the socket, less the umask (unix_bind_bsd in the kernel's
        // net/unix/af_unix.c): never more than asked for, and chmod(2) adds what the umask took.
        try systemCall("fchmod", path.description) { fchmod(descriptor.number, mode) }
        try unsafe withAddress(of: path) { (address, length) throws(SystemError) in
            _ = try systemCall("bind", path.description) { unsafe Glibc.bind(descriptor.number, address, length) }
        }
        let file = try SocketFile(path: path)
        do throws(SystemError) {
            try unsafe withCString(path.bytes) { pointer throws(SystemError) in
                _ = try systemCall("chmod", path.description) { unsafe chmod(pointer, mode) }
            }
            try systemCall("listen", path.description) { Glibc.listen(descriptor.number, backlog) }
        } catch {
            file.remove()
            throw error
        }
        return UnixListener(descriptor: descriptor, file: file)
    }

    /// A short exclusive lock on the directory of `path`. Without one, where the directory cannot be read or
    /// somebody keeps it locked, the caller goes on: only the race of two starts is then open.
    private static func lockDirectory(of path: FilePath) -> FileDescriptor? {
        guard let directory = try? FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY) else { return nil }
        for _ in 0..<100 {
            if flock(directory.number, LOCK_EX | LOCK_NB) == 0 { return directory }
            usleep(10_000)
        }
        return nil
    }
}

/// Calls `body` with the socket address of a path. One too long for it is reached through its open directory.
private func withAddress(
    of path: FilePath, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
) throws(SystemError) {
    guard path.bytes.count > longestAddress else {
        try unsafe withAddress(bytes: path.bytes, body)
        return
    }
    let directory = try FileDescriptor.open(path.parent, linux_o_path | O_DIRECTORY)
    let bytes = Array("/proc/self/fd/\(directory.number)/".utf8) + path.name
    guard bytes.count <= longestAddress else {
        throw SystemError(.nameTooLong, call: "sockaddr_un", subject: path.description)
    }
    try unsafe withAddress(bytes: bytes, body)
}

/// `sun_path` has 108 bytes, the last for the NUL (unix(7)).
private let longestAddress = 107

private func withAddress(
    bytes: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
) throws(SystemError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    // withUnsafePointer carries typed throws, withMemoryRebound too.
    try unsafe withUnsafePointer(to: address) { pointer throws(SystemError) in
        try unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
            rebound throws(SystemError) in try unsafe body(rebound, length)
        }
    }
}
