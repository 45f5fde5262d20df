import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import HTTPClient

@Suite struct HTTPClientTests {
    @Test func aRequestReachesAUnixSocketAndTheAnswerComesBack() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("s")
            let server = try TinyServer(socket: path) { _ in
                okay("hello", status: "404 Not Found", headers: "X-A: b \r\n")
            }
            let client = try HTTPClient(.unixSocket(path.bytes))
            let response = try client.perform(
                HTTPRequest(
                    method: "POST", target: "/a?b=c%20d", headers: [("Content-Type", "application/json")],
                    body: Array(#"{"x":1}"#.utf8)))
            #expect(response.status == 404)
            #expect(response.header("x-a") == "b")
            #expect(response.body == Array("hello".utf8))
            let request = try #require(server.requests.first)
            #expect(request.hasPrefix("POST /a?b=c%20d HTTP/1.1\r\n"))
            #expect(request.contains("\r\nContent-Type: application/json\r\n"))
            #expect(!request.contains("Expect:"))
            #expect(request.hasSuffix("\r\n\r\n{\"x\":1}"))
        }
    }

    @Test func theConnectionIsKeptAndNothingOfTheLastRequestStays() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("s")
            let server = try TinyServer(socket: path) { _ in okay("x") }
            let client = try HTTPClient(.unixSocket(path.bytes))
            _ = try client.perform(HTTPRequest(method: "POST", target: "/one", headers: [("X-Y", "z")], body: [65]))
            _ = try client.perform(HTTPRequest(target: "/two"))
            #expect(server.connections == 1)
            let second = try #require(server.requests.last)
            #expect(second.hasPrefix("GET /two "))
            #expect(!second.contains("X-Y"))
        }
    }

    @Test func anEmptyBodyIsSentAsOne() async throws {
        let server = try TinyServer { _ in okay("x") }
        let client = try HTTPClient(.origin("http://127.0.0.1:\(server.port)"))
        _ = try client.perform(HTTPRequest(method: "POST", target: "/", body: []))
        #expect(server.requests.first?.lowercased().contains("content-length: 0\r\n") == true)
    }

    @Test func aSocketWithALongPathIsReached() async throws {
        try await withTemporaryDirectory { directory in
            let deep = directory.appending(String(repeating: "d", count: 200))
            try makeDirectory(deep)
            let path = deep.appending("s")
            let server = try TinyServer(socket: path) { _ in okay("far") }
            let client = try HTTPClient(.unixSocket(path.bytes))
            #expect(try client.perform(HTTPRequest(target: "/")).body == Array("far".utf8))
            #expect(try client.perform(HTTPRequest(target: "/")).status == 200)
            _ = server.port
        }
    }

    @Test(arguments: [20, 200])
    func aMissingSocketIsTold(length: Int) async throws {
        try await withTemporaryDirectory { directory in
            let client = try HTTPClient(
                .unixSocket(directory.appending(String(repeating: "n", count: length)).bytes))
            let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: "/")) }
            #expect(error?.code == .cannotConnect)
            #expect(error?.errno == ENOENT)
        }
    }

    @Test func aSocketWithoutAServerIsTold() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("s")
            try writeFile(path, "no socket")
            let client = try HTTPClient(.unixSocket(path.bytes))
            let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: "/")) }
            #expect(error?.code == .cannotConnect)
            #expect(error?.errno == ECONNREFUSED)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may open every socket"))
    func aSocketWithoutTheRightIsTold() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("s")
            let server = try TinyServer(socket: path) { _ in okay("x") }
            chmodPath(path, 0)
            let client = try HTTPClient(.unixSocket(path.bytes))
            let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: "/")) }
            #expect(error?.errno == EACCES)
            #expect(server.connections == 0)
        }
    }

    @Test func aServerThatNeverAnswersTimesOut() async throws {
        let server = try TinyServer { _ in nil }
        let client = try HTTPClient(.origin("http://127.0.0.1:\(server.port)"))
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", timeoutMilliseconds: 50))
        }
        #expect(error?.code == .timedOut)
    }

    @Test func anAnswerOverTheLimitIsRefused() async throws {
        let server = try TinyServer { _ in okay(String(repeating: "x", count: 100_000)) }
        let client = try HTTPClient(.origin("http://127.0.0.1:\(server.port)"))
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", responseLimit: 99_999))
        }
        #expect(error?.code == .tooLarge)
        #expect(try client.perform(HTTPRequest(target: "/", responseLimit: 100_000)).body.count == 100_000)
    }

    @Test func aBodyArrivesInPiecesAndCanBeCutShort() async throws {
        let body = String(repeating: "0123456789", count: 100_000)
        let server = try TinyServer { _ in okay(body) }
        let client = try HTTPClient(.origin("http://127.0.0.1:\(server.port)"))
        var pieces: [[UInt8]] = []
        let response = try client.perform(HTTPRequest(target: "/")) { head, bytes in
            #expect(head.status == 200)
            pieces.append(bytes)
            return true
        }
        #expect(pieces.count > 1)
        #expect(Array(pieces.joined()) == Array(body.utf8))
        #expect(response.body.isEmpty)
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/")) { _, _ in false }
        }
        #expect(error?.code == .cancelled)
    }

    @Test func whatIsNotHTTPIsAProtocolViolation() async throws {
        let server = try TinyServer { _ in "220 ready for mail\r\n" }
        let client = try HTTPClient(.origin("http://127.0.0.1:\(server.port)"))
        let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: "/")) }
        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: ["", "no-slash", "/a b", "/a\r\nX: y"])
    func aTargetThatIsNoneIsRefused(_ target: String) throws {
        let client = try HTTPClient(.origin("http://127.0.0.1:9"))
        let error = #expect(throws: HTTPClientError.self) { try client.perform(HTTPRequest(target: target)) }
        #expect(error?.code == .invalidRequest)
    }

    @Test func aHeaderFieldCannotSmuggleAnother() throws {
        let client = try HTTPClient(.origin("http://127.0.0.1:9"))
        let error = #expect(throws: HTTPClientError.self) {
            try client.perform(HTTPRequest(target: "/", headers: [("A", "b\r\nC: d")]))
        }
        #expect(error?.code == .invalidRequest)
    }

    /// In a process of its own, because the environment belongs to every test of this one.
    @Test func aProxyIsNotUsedForAUnixSocket() async {
        await #expect(processExitsWith: .success) {
            // Port 9 of the loopback has no server; a client that asked a proxy there would fail.
            unsafe setenv("http_proxy", "http://127.0.0.1:9", 1)
            try await withTemporaryDirectory { directory in
                let path = directory.appending("s")
                let server = try TinyServer(socket: path) { _ in okay("direct") }
                let client = try HTTPClient(.unixSocket(path.bytes))
                #expect(try client.perform(HTTPRequest(target: "/")).body == Array("direct".utf8))
                #expect(server.requests.first?.hasPrefix("GET / HTTP/1.1") == true)
            }
        }
    }
}
