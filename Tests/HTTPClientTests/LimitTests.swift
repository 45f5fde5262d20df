import Glibc
import TestSupport
import Testing

@testable import HTTPClient

/// Servers that take their time, send too much, or not what they promised.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    private func client(_ server: TinyServer, _ cancellation: HTTPCancellation? = nil) throws -> HTTPClient {
        try HTTPClient(.origin("http://127.0.0.1:\(server.port)"), cancellation: cancellation)
    }

    private func failure(
        of request: HTTPRequest, answering answer: @escaping @Sendable (String) -> TinyServer.Answer
    ) throws -> HTTPClientError? {
        let server = try TinyServer(answering: answer)
        let client = try client(server)
        return #expect(throws: HTTPClientError.self) { try client.perform(request) }
    }

    @Test func aServerThatFallsSilentIsNotWaitedForLong() throws {
        let request = HTTPRequest(target: "/", timeoutMilliseconds: nil, stallTimeoutMilliseconds: 1)
        let error = try failure(of: request) { _ in .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12".utf8))
        }
        #expect(error?.code == .timedOut)
    }

    @Test func aDripIsStoppedByTheTimeForTheWhole() throws {
        let request = HTTPRequest(target: "/", timeoutMilliseconds: 300, stallTimeoutMilliseconds: 1000)
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8)
        let error = try failure(of: request) { _ in .drip(head, byte: 0x20, milliseconds: 10) }
        #expect(error?.code == .timedOut)
    }

    @Test func aPortWithoutAServerIsNoConnection() throws {
        // Port 9 of the loopback has no server.
        let client = try HTTPClient(.origin("http://127.0.0.1:9"))
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", connectTimeoutMilliseconds: 10_000, usesProxy: false))
        }
        #expect(error?.code == .cannotConnect)
        #expect(error?.errno == ECONNREFUSED)
    }

    @Test func aNameThatDoesNotExistIsNoConnection() throws {
        // RFC 6761, section 6.4: the domain "invalid" has no names.
        let client = try HTTPClient(.origin("http://kikod.invalid"))
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", usesProxy: false))
        }
        #expect(error?.code == .cannotConnect)
    }

    @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1", "gopher://127.0.0.1"])
    func onlyTheWebIsAsked(origin: String) throws {
        let client = try HTTPClient(.origin(origin))
        let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: "/")) }
        #expect(error?.code == .invalidRequest)
    }

    @Test func aConnectionThatEndsEarlyIsAViolation() throws {
        for answer in ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12", "HTTP/1.1 200 OK\r\nContent-Len", ""] {
            let error = try failure(of: HTTPRequest(target: "/")) { _ in .last(Array(answer.utf8)) }
            #expect(error?.code == .protocolViolation)
        }
    }

    @Test func aRedirectionIsAnAnswer() throws {
        let other = try TinyServer { _ in okay("elsewhere") }
        let location = "Location: http://127.0.0.1:\(other.port)/x\r\n"
        let server = try TinyServer { _ in okay("moved", status: "302 Found", headers: location) }
        let response = try client(server).perform(HTTPRequest(target: "/"))
        #expect(response.status == 302)
        #expect(response.header("location") == "http://127.0.0.1:\(other.port)/x")
        #expect(other.connections == 0)
    }

    // MARK: - Compression

    @Test func aCompressedAnswerIsUnpackedWhereItWasAskedFor() throws {
        let server = try TinyServer(answering: { _ in .bytes(CompressedBytes.answer(CompressedBytes.hello)) })
        let response = try client(server).perform(HTTPRequest(target: "/", acceptsCompression: true))
        #expect(response.body == Array("hello hello hello".utf8))
        #expect(server.requests.first?.contains("Accept-Encoding: ") == true)
        #expect(try client(server).perform(HTTPRequest(target: "/")).body == CompressedBytes.hello)
        #expect(server.requests.last?.contains("Accept-Encoding") == false)
    }

    @Test func theLimitCountsUnpackedBytes() throws {
        let bomb = CompressedBytes.zeros
        let request = HTTPRequest(target: "/", responseLimit: 1 << 20, acceptsCompression: true)
        let error = try failure(of: request) { _ in .bytes(CompressedBytes.answer(bomb)) }
        #expect(error?.code == .tooLarge)
    }

    @Test func aBrokenCompressionIsAViolation() throws {
        let request = HTTPRequest(target: "/", acceptsCompression: true)
        let error = try failure(of: request) { _ in .bytes(CompressedBytes.answer(Array(repeating: 0x41, count: 40))) }
        #expect(error?.code == .protocolViolation)
    }

    // MARK: - Cancellation

    @Test func anExchangeIsCancelledFromAnotherThread() throws {
        let cancellation = HTTPCancellation()
        // The server's thread cancels, and never answers.
        let server = try TinyServer(answering: { _ in
            cancellation.cancel()
            return .nothing
        })
        let client = try client(server, cancellation)
        for _ in 0..<2 {
            let error = #expect(throws: HTTPClientError.self) {
                try client.perform(HTTPRequest(target: "/", timeoutMilliseconds: nil))
            }
            #expect(error?.code == .cancelled)
        }
        #expect(server.requests.count == 1)
        #expect(cancellation.isCancelled)
    }

    @Test func anAnswerUnderWayIsCancelledToo() throws {
        let cancellation = HTTPCancellation()
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".utf8)
        let server = try TinyServer(answering: { _ in .drip(head, byte: 0x20, milliseconds: 10) })
        let client = try client(server, cancellation)
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", timeoutMilliseconds: nil)) { _, _ in
                cancellation.cancel()
                return true
            }
        }
        #expect(error?.code == .cancelled)
    }
}
