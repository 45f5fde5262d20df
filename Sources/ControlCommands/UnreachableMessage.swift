internal import APIClient
internal import Glibc
internal import LinuxSystem

/// Says what was tried to reach the daemon, why it failed, and what to do about it.
struct UnreachableMessage {
    let text: String

    init(_ tried: [ConnectionAttempt]) {
        var lines = ["The daemon cannot be reached. Tried:"]
        for attempt in tried {
            let path = displayed(escapedText(attempt.socket))
            lines.append("  \(path): \(displayed(attempt.message))")
        }
        if let refused = tried.first(where: { $0.errno == EACCES }), let path = FilePath(bytes: refused.socket) {
            lines += Self.advice(for: path)
        } else if tried.allSatisfy({ $0.errno == ENOENT || $0.errno == ECONNREFUSED }) {
            lines.append("Is kikod running? Another socket is named with --socket or KIKOD_SOCKET.")
        }
        text = lines.joined(separator: "\n")
    }

    /// Whose group may talk to the socket, and how to become a member.
    private static func advice(for socket: FilePath) -> [String] {
        // Where the directory already refuses, the socket itself cannot be looked at.
        var path = socket
        while (try? FileStatus.of(path)) == nil, path.parent != path { path = path.parent }
        guard let status = try? FileStatus.of(path) else { return [] }
        let owner = displayed(userName(status.owner) ?? String(status.owner))
        // connect(2) needs the right to write to the socket and to search each directory above it.
        let needed: UInt32 = status.kind == .directory ? 0o010 : 0o020
        guard status.mode & needed != 0, let group = groupName(status.group) else {
            return ["Only the user \(owner) may talk to this daemon."]
        }
        let name = displayed(group)
        let user = displayed(userName(geteuid()) ?? "$USER")
        return [
            "Members of the group \(name) may talk to the daemon. Join it, and log in again:",
            "  sudo usermod -aG \(name) \(user)",
        ]
    }

    private static func groupName(_ number: gid_t) -> String? {
        guard let entry = unsafe getgrgid(number), let name = unsafe entry.pointee.gr_name else { return nil }
        return unsafe String(cString: name)
    }

    private static func userName(_ number: uid_t) -> String? {
        guard let entry = unsafe getpwuid(number), let name = unsafe entry.pointee.pw_name else { return nil }
        return unsafe String(cString: name)
    }
}
