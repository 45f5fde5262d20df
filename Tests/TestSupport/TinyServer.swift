internal import Glibc
package import LinuxSystem
internal import Synchronization

/// An HTTP server of a few lines, apart from the product's own: one connection after the other, canned answers.
package final class TinyServer: Sendable {
    /// What the server does with a request.
    package enum Answer: Sendable {
        /// Sends these bytes and waits for the next request.
        case bytes([UInt8])
        /// Sends these bytes and ends the connection.
        case last([UInt8])
        /// Sends these bytes, then this one every so often for as long as somebody reads.
        case drip([UInt8], byte: UInt8, milliseconds: UInt32)
        /// Leaves the request without an answer.
        case nothing

        /// A text to send; nil for `nothing`.
        package init(_ text: String?) { self = text.map { .bytes(Array($0.utf8)) } ?? .nothing }
    }

    /// The port of a TCP server, 0 for a Unix socket.
    package let port: UInt16
    private let listener: Int32
    private let seen = Mutex<(requests: [String], connections: Int)>(([], 0))

    /// What the server got, head and body, in order.
    package var requests: [String] { seen.withLock { $0.requests } }
    /// How many connections were accepted.
    package var connections: Int { seen.withLock { $0.connections } }

    /// Serves a Unix socket; `answer` gives the bytes for a request, nil leaves it without an answer.
    package convenience init(socket path: FilePath, answer: @escaping @Sendable (String) -> String?) throws {
        try self.init(socket: path, answering: { Answer(answer($0)) })
    }

    /// Serves a Unix socket, in any way.
    package init(socket path: FilePath, answering answer: @escaping @Sendable (String) -> Answer) throws {
        // Bound by way of the directory, so that the path may be of any length.
        let directory = try FileDescriptor.open(path.parent, O_RDONLY | O_DIRECTORY)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array("/proc/self/fd/\(directory.number)/".utf8) + path.name
        precondition(name.count < 108)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        listener = try systemCall("socket") { Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
        port = 0
        try bindSocket(listener, &address)
        try serve(answer)
    }

    /// Serves a free port on the loopback.
    package convenience init(answer: @escaping @Sendable (String) -> String?) throws {
        try self.init(answering: { Answer(answer($0)) })
    }

    /// Serves a free port on the loopback, in any way.
    package init(answering answer: @escaping @Sendable (String) -> Answer) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let listener = try systemCall("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        self.listener = listener
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try bindSocket(listener, &address)
        try systemCall("getsockname") {
            unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe getsockname(listener, $0, &length)
                }
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try serve(answer)
    }

    /// Wakes the thread in accept, which then closes the listener: nobody else may, as the number could be in use again.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ answer: @escaping @Sendable (String) -> Answer) throws {
        let listener = listener
        _ = try SystemThread(name: "tiny-server") { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                self?.seen.withLock { $0.connections += 1 }
                while let request = readRequest(connection) {
                    self?.seen.withLock { $0.requests.append(request) }
                    guard send(answer(request), connection) else { break }
                }
                close(connection)
            }
        }
    }
}

private func bindSocket<Address>(_ socket: Int32, _ address: inout Address) throws {
    try systemCall("bind") {
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(socket, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
    try systemCall("listen") { listen(socket, 8) }
}

/// The next request of a connection with its body; nil at the end.
private func readRequest(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    while true {
        let text = String(decoding: bytes, as: UTF8.self)
        if let end = text.firstRange(of: "\r\n\r\n") {
            let length =
                text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
            if text[end.upperBound...].utf8.count >= length { return text }
        }
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe piece.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        bytes += piece.prefix(count)
    }
}

/// Sends an answer; false when the connection ends with it.
private func send(_ answer: TinyServer.Answer, _ connection: Int32) -> Bool {
    switch answer {
    case .bytes(let bytes): return sendAll(connection, bytes)
    case .last(let bytes):
        _ = sendAll(connection, bytes)
        return false
    case .drip(let bytes, let byte, let milliseconds):
        _ = sendAll(connection, bytes)
        while sendAll(connection, [byte]) { usleep(milliseconds * 1000) }
        return false
    case .nothing: return true
    }
}

/// False when nobody reads any more.
private func sendAll(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes {
            unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

/// An answer with the head that its body needs.
package func okay(_ body: String, status: String = "200 OK", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
