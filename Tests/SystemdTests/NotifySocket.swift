import Glibc
import LinuxSystem

/// The receiving end of sd_notify(3): a datagram socket at a path, as systemd has it.
final class NotifySocket {
    private let descriptor: FileDescriptor

    /// Binds the socket and names it to this process. For processes of their own only: the environment is everybody's.
    init(_ path: FilePath) throws {
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = try systemCall("socket") { socket(AF_UNIX, kind, 0) }
        descriptor = FileDescriptor(owning: number)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.bytes) }
        try systemCall("bind", path.description) {
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        unsafe setenv("NOTIFY_SOCKET", path.description, 1)
    }

    /// The messages that have come, without waiting: sd_notify(3) has sent them when it returns.
    func messages() throws -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor.number, $0.baseAddress, $0.count, 0)
            }
            guard count >= 0 else {
                guard Errno.current == .again else { throw SystemError(.current, call: "recv") }
                return messages
            }
            messages.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
    }
}
