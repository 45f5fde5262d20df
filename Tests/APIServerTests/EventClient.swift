import Glibc
import IndexAPI
import LinuxSystem

/// Reads a stream of events over a Unix socket, byte for byte.
final class EventClient {
    private let descriptor: FileDescriptor
    /// All that has come so far, with the head and the chunks' sizes.
    private var received: [UInt8] = []

    init(_ socket: FilePath, lastEventID: String? = nil) throws {
        descriptor = try UnixSocket.connect(to: socket)
        let number = descriptor.number
        let flags = try systemCall("fcntl") { fcntl(number, F_GETFL) }
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
        // A test that would hang fails instead, after a time no healthy machine needs.
        var limit = timeval()
        limit.tv_sec = 60
        try systemCall("setsockopt") {
            unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let header = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        let request = "GET /api/v1/events HTTP/1.1\r\nHost: kikod\r\n\(header)\r\n"
        try descriptor.writeAll(Array(request.utf8), shown: socket)
    }

    /// Reads until this has come, or the stream has ended; all that has come so far.
    @discardableResult
    func read(until wanted: String) throws -> String {
        while !text.contains(wanted), try readSome() {}
        return text
    }

    /// Reads until an event that fits has come, or the stream has ended; all events so far.
    func readEvents(until isLast: (EventFrame) -> Bool) throws -> [EventFrame] {
        while !events.contains(where: isLast), try readSome() {}
        return events
    }

    /// Reads until the server has ended the response; false when it ended the connection before.
    func readToEnd() throws -> Bool {
        // The last chunk (RFC 9112, section 7.1).
        while !text.hasSuffix("\r\n0\r\n\r\n"), try readSome() {}
        return text.hasSuffix("\r\n0\r\n\r\n")
    }

    private var text: String { String(decoding: received, as: UTF8.self) }

    /// The events in the chunks that are complete.
    private var events: [EventFrame] {
        let head = Array("\r\n\r\n".utf8)
        guard let start = received.firstRange(of: head)?.upperBound else { return [] }
        var rest = received[start...]
        var reader = EventFrameReader()
        var frames: [EventFrame] = []
        while let end = rest.firstRange(of: Array("\r\n".utf8)),
            let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16),
            rest.endIndex - end.upperBound >= size + 2
        {
            frames += reader.take(Array(rest[end.upperBound..<end.upperBound + size]))
            rest = rest[(end.upperBound + size + 2)...]
        }
        return frames.filter { $0.event != nil }
    }

    private func readSome() throws -> Bool {
        let number = descriptor.number
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = try systemCall("recv") {
            unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        }
        received += buffer[..<count]
        return count > 0
    }
}
