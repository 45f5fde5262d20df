import Glibc
import LinuxSystem
import TestSupport

/// The TCP port on which a process listens at an IPv4 address; nil when on none (proc(5), `net/tcp`).
func listeningPort(ofProcess id: pid_t) throws -> UInt16? {
    let descriptors = FilePath("/proc/\(id)/fd")
    let sockets = Set(
        try directoryNames(descriptors).compactMap { name -> String? in
            let target = linkTarget(descriptors.appending(name))
            return target.hasPrefix("socket:[") ? String(target.dropFirst(8).dropLast()) : nil
        })
    let table = String(decoding: try readFile(FilePath("/proc/\(id)/net/tcp"), limit: 1 << 24), as: UTF8.self)
    for line in table.split(separator: "\n").dropFirst() {
        // Number, local address, remote address, state (0A is LISTEN), four more, user, timeout, inode.
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", sockets.contains(String(fields[9])) else { continue }
        return fields[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
    return nil
}

/// Where a symbolic link leads; an empty text when it is gone.
func linkTarget(_ path: FilePath) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(path.description, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// An answer over TCP, byte for byte.
struct RawAnswer {
    let status: Int
    let text: String
}

/// Sends a request with `Connection: close` to a port of the loopback interface and reads the answer to its end.
func request(
    port: UInt16, _ method: String, _ target: String, host: String? = nil, token: String? = nil, body: String? = nil
) async throws -> RawAnswer {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")", "Connection: close"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let body { lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] }
    let message = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    let bytes = try await onOwnThread("tcp-request") { try exchange(port, Array(message.utf8)) }
    let text = String(decoding: bytes, as: UTF8.self)
    let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
    guard words.count > 1, let status = Int(words[1]) else { throw IntegrationFailure("no HTTP answer: \(text)") }
    return RawAnswer(status: status, text: text)
}

private func exchange(_ port: UInt16, _ message: [UInt8]) throws -> [UInt8] {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let socket = FileDescriptor(owning: try systemCall("socket") { Glibc.socket(AF_INET, type, 0) })
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try unsafe withUnsafePointer(to: address) { pointer throws(SystemError) in
        try unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
            rebound throws(SystemError) in
            _ = try systemCall("connect") {
                unsafe connect(socket.number, rebound, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
    try socket.writeAll(message, shown: FilePath("the connection"))
    let deadline = MonotonicTime.now.advanced(milliseconds: RunningDaemon.eventMilliseconds)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while try waitUntilReadable([socket.number], until: deadline)[0] {
        let count = unsafe read(socket.number, &buffer, buffer.count)
        if count <= 0 { return answer }
        answer += buffer.prefix(count)
    }
    throw IntegrationFailure("no end of the answer: \(String(decoding: answer, as: UTF8.self))")
}
