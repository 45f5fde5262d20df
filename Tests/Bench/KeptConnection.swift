import Glibc
import LinuxSystem
import TestSupport

/// One connection to kikod's socket that is kept for many requests; as little as HTTP needs, so that the time is kikod's.
final class KeptConnection {
    private static let success = Array("HTTP/1.1 200".utf8)
    /// As kikod spells it.
    private static let length = Array("Content-Length: ".utf8)

    private let number: Int32
    private let descriptor: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)

    init(_ socket: FilePath) throws {
        let descriptor = try UnixSocket.connect(to: socket)
        number = descriptor.number
        self.descriptor = descriptor
        // Reading waits for as long as it takes.
        let flags = fcntl(number, F_GETFL)
        try systemCall("fcntl") { fcntl(number, F_SETFL, flags & ~O_NONBLOCK) }
    }

    /// Asks, and reads the answer, whose length is known from its head; a status other than 200 is a failure.
    func get(_ target: String) throws {
        try ask(target)
        var held = 0
        var whole = Int.max
        while held < whole {
            held += try read(after: held)
            guard whole == .max, let end = headEnd(within: held) else { continue }
            whole = end + (try length(inHeadBefore: end))
            guard whole <= buffer.count else { throw TestFailure("an answer of \(whole) bytes") }
        }
    }

    /// Asks for an answer of unknown length and returns how many bytes came, until the chunk that ends it.
    func bytes(of target: String) throws -> Int {
        try ask(target)
        let last = Array("0\r\n\r\n".utf8)
        var count = 0
        var tail: [UInt8] = []
        repeat {
            let got = try read(after: 0)
            count += got
            tail = (tail + buffer[max(0, got - last.count)..<got]).suffix(last.count)
        } while tail != last
        return count
    }

    private func ask(_ target: String) throws {
        try descriptor.writeAll(Array("GET \(target) HTTP/1.1\r\nHost: kikod\r\n\r\n".utf8), shown: .root)
    }

    private func read(after held: Int) throws -> Int {
        let number = number
        let got = try systemCall("read") {
            unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress?.advanced(by: held), $0.count - held)
            }
        }
        guard got > 0 else { throw TestFailure("kikod has closed the connection") }
        return got
    }

    /// Where the body begins, if it does among the first bytes.
    private func headEnd(within held: Int) -> Int? {
        let (cr, lf) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        return (0...held).first { end in
            end > 3 && buffer[end - 1] == lf && buffer[end - 2] == cr && buffer[end - 3] == lf && buffer[end - 4] == cr
        }
    }

    private func length(inHeadBefore end: Int) throws -> Int {
        let head = buffer[..<end]
        let field = head.indices.first { head[$0] == Self.length[0] && head[$0...].starts(with: Self.length) }
        guard head.starts(with: Self.success), let field else {
            throw TestFailure("kikod answered: \(String(decoding: head, as: UTF8.self))")
        }
        return head[(field + Self.length.count)...].prefix { $0 != UInt8(ascii: "\r") }.reduce(0) {
            $0 * 10 + Int($1) - Int(UInt8(ascii: "0"))
        }
    }
}
