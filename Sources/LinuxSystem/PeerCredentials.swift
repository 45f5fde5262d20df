internal import CLinux
internal import Glibc

/// Who is at the other end of a connected Unix socket, as the kernel noted it when the connection was made (unix(7)).
package struct PeerCredentials: Hashable, Sendable, CustomStringConvertible {
    /// The process, or nil where it lives in a process namespace that is not visible from here.
    package let process: Int32?
    package let user: UInt32
    package let group: UInt32

    package init(process: Int32?, user: UInt32, group: UInt32) {
        self.process = process
        self.user = user
        self.group = group
    }

    package var description: String { "user \(user), \(describeProcess(process))" }

    /// SO_PEERCRED of a connected Unix socket; for the dialling side it names the process that called listen(2).
    package static func of(socket: Int32) throws(SystemError) -> PeerCredentials {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
        try systemCall("getsockopt", "SO_PEERCRED") {
            unsafe linux_peer_credentials(socket, &process, &user, &group)
        }
        return PeerCredentials(process: process > 0 ? process : nil, user: user, group: group)
    }
}

/// The name of a running process (`/proc/PID/comm`, at most 15 bytes), or nil when there is none.
package func processName(_ process: Int32) -> String? {
    guard let bytes = try? readFile(FilePath("/proc/\(process)/comm"), limit: 64) else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}

/// A process for a message: its number, and its name if it runs.
func describeProcess(_ process: Int32?) -> String {
    guard let process else { return "another process" }
    guard let name = processName(process) else { return "process \(process)" }
    return "process \(process) (\(name))"
}
