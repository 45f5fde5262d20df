internal import Glibc
package import LinuxSystem

/// A response as it came over the wire.
package struct RawResponse: Sendable {
    package var status = 0
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first header of this name, in any case of its letters.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// An HTTP client that knows nothing of the server's code: bytes on a blocking socket.
package final class TestClient {
    /// The connection ended before the response did.
    package struct Closed: Error {
        package let received: [UInt8]
    }

    private var number: Int32
    private var unread: [UInt8] = []

    package init(_ path: FilePath) throws {
        number = try Self.duplicate(try UnixSocket.connect(to: path))
        try makeBlocking()
    }

    package init(port: UInt16) throws {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        number = try systemCall("socket") { socket(AF_INET, type, 0) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let copy = address
        try systemCall("connect") {
            unsafe withUnsafePointer(to: copy) { pointer in
                unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        try makeBlocking()
    }

    /// A test that would hang fails instead, after a time no healthy machine needs.
    private func makeBlocking() throws {
        let flags = try systemCall("fcntl") { fcntl(number, F_GETFL) }
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
        var limit = timeval()
        limit.tv_sec = 60
        try systemCall("setsockopt") {
            unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        try systemCall("setsockopt") {
            unsafe setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func duplicate(_ descriptor: borrowing FileDescriptor) throws -> Int32 {
        let original = descriptor.number
        return try systemCall("fcntl") { fcntl(original, F_DUPFD_CLOEXEC, 0) }
    }

    deinit { close() }

    package func close() {
        if number >= 0 { Glibc.close(number) }
        number = -1
    }

    /// Sends nothing more, and goes on reading.
    package func finishSending() { shutdown(number, Int32(SHUT_WR)) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: some Collection<UInt8>) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            sent += try systemCall("send") {
                unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.send(
                        number, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }

    /// The next response; `isHead` when its request was HEAD.
    package func receive(isHead: Bool = false, progress: (Int) -> Void = { _ in }) throws -> RawResponse {
        var response = RawResponse()
        let statusLine = try line()
        response.status = Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0
        while true {
            let text = try line()
            guard let colon = text.firstIndex(of: ":") else { break }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            response.headers.append((String(text[..<colon]), String(value)))
        }
        if isHead || response.status == 204 || response.status == 304 { return response }
        if let length = response.header("Content-Length").flatMap({ Int($0) }) {
            response.body = try take(length, progress)
        } else if response.header("Transfer-Encoding") == "chunked" {
            while true {
                let size = Int(try line(), radix: 16) ?? 0
                let bytes = try take(size, progress)
                _ = try line()
                if size == 0 { break }
                response.body += bytes
            }
        } else {
            while let bytes = try fill() { response.body += bytes }
        }
        return response
    }

    /// Everything until the server closes the connection.
    package func receiveUntilClosed() throws -> [UInt8] {
        var bytes = unread
        unread = []
        while let more = try fill() { bytes += more }
        return bytes
    }

    /// What has come so far; does not wait.
    package func receiveAvailable() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
        }
        return unread + buffer.prefix(max(0, count))
    }

    /// Waits for the first bytes of a response.
    package func receiveSome(atMost limit: Int = 64 << 10) throws {
        guard let bytes = try fill(limit) else { throw Closed(received: unread) }
        unread += bytes
    }

    private func line() throws -> String {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let bytes = unread[..<end].filter { $0 != UInt8(ascii: "\r") }
                unread.removeFirst(end + 1)
                return String(decoding: bytes, as: UTF8.self)
            }
            guard let bytes = try fill() else { throw Closed(received: unread) }
            unread += bytes
        }
    }

    private func take(_ count: Int, _ progress: (Int) -> Void) throws -> [UInt8] {
        var taken = Array(unread.prefix(count))
        unread.removeFirst(taken.count)
        progress(taken.count)
        while taken.count < count {
            guard let bytes = try fill() else { throw Closed(received: taken) }
            let wanted = min(bytes.count, count - taken.count)
            taken += bytes[..<wanted]
            unread += bytes[wanted...]
            progress(wanted)
        }
        return taken
    }

    /// What the socket gives next; nil at the end, which a reset is too.
    private func fill(_ limit: Int = 64 << 10) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        if count >= 0 { return count == 0 ? nil : Array(buffer[..<count]) }
        let error = SystemError(.current, call: "recv")
        if error.errno.rawValue == ECONNRESET { return nil }
        throw error
    }
}
