import Glibc
import LinuxSystem

@testable import StandInCivitAI

/// A connection that shows what HTTP clients hide: how it ended, and what came before.
final class RawCaller {
    /// How a connection ended.
    enum End {
        case closed
        case reset
    }

    private let number: Int32

    init(_ server: StandInCivitAI) throws {
        number = try systemCall("socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (UInt16(server.baseURL.split(separator: ":").last ?? "") ?? 0).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let (copy, number) = (address, number)
        try systemCall("connect") {
            unsafe withUnsafePointer(to: copy) { pointer in
                unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        // A test that would hang fails instead, after a time that no healthy machine needs.
        var limit = timeval()
        limit.tv_sec = 60
        unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(number) }

    /// Asks for a target.
    func ask(_ target: String) throws { try send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n") }

    /// Sends these bytes.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        let sent = try systemCall("send") {
            unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
        }
        precondition(sent == bytes.count)
    }

    /// What one receive gives; nil at the end.
    func receive() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = try systemCall("recv") {
            unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        }
        return count == 0 ? nil : Array(buffer[..<count])
    }

    /// Everything until the connection ends, head and content.
    func receiveAll() throws -> (text: String, end: End) {
        var bytes: [UInt8] = []
        do {
            while let more = try receive() { bytes += more }
            return (String(decoding: bytes, as: UTF8.self), .closed)
        } catch let error as SystemError where error.errno.rawValue == ECONNRESET {
            return (String(decoding: bytes, as: UTF8.self), .reset)
        }
    }
}
