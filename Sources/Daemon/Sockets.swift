internal import Configuration
internal import Glibc
internal import HTTPServer
internal import LinuxSystem
internal import Synchronization
internal import Systemd

/// The sockets on which the API listens, opened before anything else starts so that a conflict ends the start.
///
/// The Unix socket comes from the service manager where that has one for kikod (systemd/kikod.socket), so that no client
/// is refused while kikod is restarted; else kikod binds it.
final class Sockets: Sendable {
    /// Where the Unix socket is.
    let path: FilePath
    /// What people should know about the sockets.
    let notes: [String]
    /// nil for a socket of the service manager, whose file stays.
    private let file: SocketFile?
    private let waiting: Mutex<Listening?>

    fileprivate struct Listening: ~Copyable, Sendable {
        let unix: FileDescriptor
        let tcp: FileDescriptor?
    }

    /// The FileDescriptorName= of systemd/kikod.socket.
    private static let activationName = "api"

    private init(
        path: FilePath, notes: [String], file: SocketFile?, unix: consuming FileDescriptor,
        tcp: consuming FileDescriptor?
    ) {
        self.path = path
        self.notes = notes
        self.file = file
        waiting = Mutex(Listening(unix: unix, tcp: tcp))
    }

    /// What the service manager has passed on; before any other descriptor is opened.
    static func takePassed() throws(DaemonFailure) -> SocketActivation {
        do throws(SystemError) { return try SocketActivation.take(named: activationName) } catch {
            throw DaemonFailure("the service manager's sockets cannot be taken", error)
        }
    }

    static func open(
        _ settings: Settings, passed: consuming SocketActivation
    ) throws(DaemonFailure) -> Sockets {
        // To bind the path would fail, and ask the service manager to start kikod once more.
        if passed.socket == nil, let other = passed.unused.first(where: { $0.path == settings.socket }) {
            throw DaemonFailure(
                .configuration, "the service manager listens on \(settings.socket) under the name \(other.name)",
                advice: ["its socket unit needs FileDescriptorName=\(activationName)"])
        }
        var notes = passed.unused.map {
            "the service manager passed the socket \($0.name), which is not used: kikod takes a Unix stream socket with "
                + "FileDescriptorName=\(activationName)"
        }
        let tcp = try openTCP(settings.http.listen)
        if let unix = passed.takeSocket() {
            do throws(SystemError) {
                let path = try UnixSocket.adopt(unix)
                if path != settings.socket {
                    notes.append("the service manager's socket \(path) is served, and not \(settings.socket)")
                }
                return Sockets(path: path, notes: notes, file: nil, unix: unix, tcp: tcp)
            } catch {
                throw DaemonFailure("the service manager's socket cannot be used", error)
            }
        }
        let unix = try openUnix(settings.socket)
        let file = unix.file
        return Sockets(path: file.path, notes: notes, file: file, unix: unix.takeDescriptor(), tcp: tcp)
    }

    /// Hands the descriptors to the server, once.
    func serve(by server: HTTPRequestServer) throws {
        guard let listening = waiting.withLock({ $0.take() }) else { return }
        try listening.serve(by: server)
    }

    /// Removes the socket from the file system if it is ours, and still there.
    func remove() { file?.remove() }

    private static func openUnix(_ path: FilePath) throws(DaemonFailure) -> UnixListener {
        do throws(SystemError) {
            try makeDirectories(path.parent, mode: 0o700)
        } catch {
            throw DaemonFailure("the socket's directory cannot be made", error)
        }
        // Under systemd the group of the service may connect; else only the user.
        let isService = unsafe getenv("INVOCATION_ID") != nil && getenv("RUNTIME_DIRECTORY") != nil
        do throws(UnixSocketError) {
            return try UnixSocket.listen(at: path, mode: isService ? 0o660 : 0o600)
        } catch {
            switch error {
            case .inUse: throw DaemonFailure(.unavailable, "\(error)")
            case .notASocket: throw DaemonFailure(.configuration, "cannot listen on the socket \(path): \(error)")
            case .system(let error): throw DaemonFailure("cannot listen on the socket \(path)", error)
            }
        }
    }

    private static func openTCP(_ address: ListenAddress?) throws(DaemonFailure) -> FileDescriptor? {
        guard let address else { return nil }
        do throws(SystemError) {
            return try TCPListener.listen(host: address.host, port: address.port)
        } catch {
            throw DaemonFailure("cannot listen on \(address)", error)
        }
    }
}

extension Sockets.Listening {
    fileprivate consuming func serve(by server: HTTPRequestServer) throws {
        try server.serve(unix, as: .unix)
        if let tcp { try server.serve(tcp, as: .tcp) }
    }
}
