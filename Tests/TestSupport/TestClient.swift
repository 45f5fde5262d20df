import Glibc
import LinuxSystem

@testable import HTTPServer

/// Runs blocking work on a thread of its own, for tests must not hold the cooperative pool either.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        do {
            _ = try SystemThread(name: "test") { continuation.resume(with: Swift.Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A response as it came over the wire.
struct RawResponse: Sendable {
    var status = 0
    var headers: [HTTPField] = []
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { equalIgnoringCase($0.name, name) }?.value }
}

/// A client that knows nothing of the server's code: bytes on a blocking socket.
final class TestClient {
    /// The connection ended before the response did.
    struct Closed: Error {
        let received: [UInt8]
    }

    private var number: Int32
    private var unread: [UInt8] = []

    init(_ path: FilePath) throws {
        number = try Self.duplicate(try UnixSocket.connect(to: path))
        try makeBlocking()
    }

    init(port: UInt16) throws {
        number = try systemCall("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
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
    }

    private static func duplicate(_ descriptor: borrowing FileDescriptor) throws -> Int32 {
        let original = descriptor.number
        return try systemCall("dup") { dup(original) }
    }

    deinit { close() }

    func close() {
        if number >= 0 { Glibc.close(number) }
        number = -1
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
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
    func receive(isHead: Bool = false, progress: (Int) -> Void = { _ in }) throws -> RawResponse {
        var response = RawResponse()
        let statusLine = try line()
        response.status = Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0
        while true {
            let text = try line()
            guard let colon = text.firstIndex(of: ":") else { break }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            response.headers.append(HTTPField(String(text[..<colon]), String(value)))
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
    func receiveUntilClosed() throws -> [UInt8] {
        var bytes = unread
        unread = []
        while let more = try fill() { bytes += more }
        return bytes
    }

    /// Waits for the first bytes of a response.
    func receiveSome() throws {
        guard let bytes = try fill() else { throw Closed(received: unread) }
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
    private func fill() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        if count >= 0 { return count == 0 ? nil : Array(buffer[..<count]) }
        let error = SystemError(.current, call: "recv")
        if error.errno.rawValue == ECONNRESET { return nil }
        throw error
    }
}
