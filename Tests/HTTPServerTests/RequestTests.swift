import Glibc
import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(2))) struct RequestTests {
    /// What the handler was given, as text.
    @Sendable private static func echo(_ request: HTTPRequest) -> HTTPReply {
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        let body = String(decoding: request.body, as: UTF8.self)
        return text("\(request.method) \(request.path) \(query) \(request.header("x-test") ?? "-") \(body)")
    }

    @Test func handlerIsGivenTheDecodedRequest() async throws {
        let response = try await withServer(Self.echo) { path, _ in
            let client = try TestClient(path)
            try client.send("POST /a%20b/c?q=x+y HTTP/1.1\r\nHost: h\r\nX-TEST: yes\r\nContent-Length: 4\r\n\r\nbody")
            return try client.receive()
        }
        #expect(response.status == 200)
        #expect(response.text == #"POST ["a b", "c"] q=x y yes body"#)
        #expect(response.header("Content-Length") == String(response.body.count))
    }

    @Test func chunkedBodyArrivesWhole() async throws {
        let response = try await withServer(Self.echo) { path, _ in
            let client = try TestClient(path)
            try client.send(
                "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
            return try client.receive()
        }
        #expect(response.text == "PUT []  - abcde")
    }

    @Test func headHasTheLengthButNoContent() async throws {
        let (head, get) = try await withServer(Self.echo) { path, _ in
            let client = try TestClient(path)
            try client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n")
            let head = try client.receive(isHead: true)
            try client.send("GET /ab HTTP/1.1\r\nHost: h\r\n\r\n")
            return (head, try client.receive())
        }
        #expect(head.status == 200)
        #expect(head.header("Content-Length") == String(#"HEAD ["a"]  - "#.utf8.count))
        #expect(get.text == #"GET ["ab"]  - "#)
    }

    @Test func headOfAStreamIsItsHeadAlone() async throws {
        let bytes = try await withServer({ _ in
            .response(HTTPResponse(body: .stream { _ in .bytes([UInt8(ascii: "x")]) }))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
            client.finishSending()
            return try client.receiveUntilClosed()
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 200 "))
        #expect(
            text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).count == 2 && text.hasSuffix("\r\n\r\n")
        )
    }

    /// Far more parameters than the engine had memory for.
    @Test func aQueryOfNothingButParametersIsTheHandlers() async throws {
        let response = try await withServer({ text("\($0.query.count)") }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET /?\(String(repeating: "a=1&", count: 5000)) HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive()
        }
        #expect(response.text == "5000")
    }

    @Test(arguments: ["/a\0b", "/a?b=\0c", "/\0", "/a\0b?c"])
    func nulDoesNotEndATarget(_ target: String) async throws {
        let response = try await withServer(Self.echo) { path, _ in
            let client = try TestClient(path)
            try client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive()
        }
        #expect(response.status == 400)
        // Since 1.0 the engine itself refuses it.
        #expect(response.text.contains("NUL") || response.text.contains("<html>"))
    }

    @Test func manyRequestsOnOneConnection() async throws {
        let answers = try await withServer({ text($0.path.joined()) }) { path, _ in
            let client = try TestClient(path)
            return try (0..<2000).map { number in
                try client.send("GET /\(number) HTTP/1.1\r\nHost: h\r\n\r\n")
                return try client.receive().text
            }
        }
        #expect(answers == (0..<2000).map(String.init))
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let answers = try await withServer({ text($0.path.joined()) }) { path, _ in
            let client = try TestClient(path)
            try client.send((0..<100).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
            return try (0..<100).map { _ in try client.receive().text }
        }
        #expect(answers == (0..<100).map(String.init))
    }

    @Test(arguments: ["/%zz", "/%00", "/%ff", "/?a=%1", "nothing"])
    func brokenTargetIsTheHandlersFailure(_ target: String) async throws {
        let wasAsked = Event<Bool>()
        let (broken, next) = try await withServer({ request in
            if request.path != ["next"] { wasAsked.set(true) }
            return text("fine")
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            let broken = try client.receive()
            try client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            return (broken, try client.receive())
        }
        #expect(broken.status == 400)
        #expect(broken.header("Content-Type") == "application/json")
        #expect(broken.text.hasPrefix(#"{"success":false"#))
        #expect(next.text == "fine")
    }

    /// Requests that no server should understand. The raw value names each in the test's output.
    enum Malformed: String, CaseIterable, Sendable {
        case controlCharacters, noTarget, unknownVersion, negativeLength, badChunk, longTarget, longHeader

        var text: String {
            let filler = String(repeating: "a", count: 100_000)
            return switch self {
            case .controlCharacters: "\u{1}\u{2}\u{3}\r\n\r\n"
            case .noTarget: "GET\r\n\r\n"
            case .unknownVersion: "GET / HTTP/9.9\r\nHost: h\r\n\r\n"
            case .negativeLength: "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n"
            case .badChunk: "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
            case .longTarget: "GET /\(filler) HTTP/1.1\r\nHost: h\r\n\r\n"
            case .longHeader: "GET / HTTP/1.1\r\nHost: h\r\nX: \(filler)\r\n\r\n"
            }
        }
    }

    @Test(arguments: Malformed.allCases)
    func malformedRequestsEndTheirOwnConnectionOnly(_ request: Malformed) async throws {
        let (bytes, next) = try await withServer({ _ in text("fine") }) { path, _ in
            let client = try TestClient(path)
            // The server may be done with it before all of it is sent.
            try? client.send(request.text)
            let bytes = try client.receiveUntilClosed()
            let other = try TestClient(path)
            try other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return (bytes, try other.receive())
        }
        #expect(bytes.isEmpty || bytes.starts(with: "HTTP/1.1 4".utf8) || bytes.starts(with: "HTTP/1.1 505".utf8))
        #expect(next.text == "fine")
    }

    @Test func bodyUpToTheLimitIsTakenAndOneByteMoreIs413() async throws {
        let limits = HTTPServerLimits(body: 100_000)
        let statuses = try await withServer(limits: limits, { text("\($0.body.count)") }) { path, _ in
            try [100_000, 100_001].flatMap { size in
                let body = String(repeating: "a", count: size)
                let client = try TestClient(path)
                try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
                try? client.send(body)
                let declared = try client.receive()
                let other = try TestClient(path)
                try other.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                try other.send("\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
                let chunked = try other.receive()
                return [declared, chunked]
            }
        }
        #expect(statuses.map(\.status) == [200, 200, 413, 413])
        #expect(statuses[0].text == "100000")
        #expect(statuses[2].text.hasPrefix(#"{"success":false"#))
    }

    @Test func endlessBodyIsCutOff() async throws {
        let sent = try await withServer(limits: HTTPServerLimits(body: 10_000), { _ in text("never") }) { path, _ in
            let client = try TestClient(path)
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "1000\r\n" + String(repeating: "a", count: 4096) + "\r\n"
            var sent = 0
            while sent < 100 << 20, (try? client.send(chunk)) != nil { sent += chunk.utf8.count }
            return sent
        }
        #expect(sent < 100 << 20)
    }

    @Test(arguments: [1, 2]) func twoHundredConnectionsAreHeldAtOnce(threads: Int) async throws {
        let waiting = Mutex<[@Sendable (HTTPResponse) -> Void]>([])
        let answers = try await withServer(
            limits: HTTPServerLimits(threads: threads),
            { _ in
                .deferred { complete in
                    // Nobody is answered before the last one is here.
                    let all = waiting.withLock { waiting in
                        waiting.append(complete)
                        return waiting.count == 200 ? waiting : []
                    }
                    for complete in all { complete(HTTPResponse(body: .bytes(Array("fine".utf8)))) }
                }
            }
        ) { path, _ in
            let clients = try (0..<200).map { _ in try TestClient(path) }
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
            return try clients.map { try $0.receive().text }
        }
        #expect(answers == Array(repeating: "fine", count: 200))
    }

    /// The engine asks the kernel for 128 events at a time, and must not wait for more when that many have come.
    @Test(arguments: [127, 128, 129]) func requestsThatComeAtTheSameTimeAreAnswered(_ count: Int) async throws {
        let isHeld = Event<Bool>()
        let released = Event<Bool>()
        let answers = try await withServer({ request in
            if request.path == ["hold"] {
                isHeld.set(true)
                _ = released.wait()
            }
            return text("fine")
        }) { path, _ in
            let holder = try TestClient(path)
            let clients = try (0..<count).map { _ in try TestClient(path) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try client.receive()
            }
            try holder.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = isHeld.wait()
            for client in clients { try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
            released.set(true)
            return try clients.map { try $0.receive().text }
        }
        #expect(answers == Array(repeating: "fine", count: count))
    }

    /// In a process of its own, whose limit it changes.
    @Test func shortageOfDescriptorsIsToldOnceAndPasses() async throws {
        await #expect(processExitsWith: .success) {
            try await withTemporaryDirectory { directory in
                let path = directory.appending("socket")
                let (isHeld, released) = (Event<Bool>(), Event<Bool>())
                let log = MemoryHandler()
                let handler = ClosureHandler { request in
                    if request.path == ["hold"] {
                        isHeld.set(true)
                        _ = released.wait()
                    }
                    return text("fine")
                }
                let server = HTTPRequestServer(handler: handler, logger: Logger(handler: log))
                try serve(server, at: path)
                try await onOwnThread("test") {
                    defer { server.stop() }
                    let holder = try TestClient(path)
                    try holder.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
                    _ = isHeld.wait()
                    let client = try TestClient(path)
                    try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                    var limit = rlimit()
                    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                    var none = rlimit(rlim_cur: 3, rlim_max: limit.rlim_max)
                    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
                    released.set(true)
                    // It tries again all the while.
                    while log.records.isEmpty { usleep(1000) }
                    #expect(server.isAlive(milliseconds: 60_000))
                    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                    #expect(try client.receive().text == "fine")
                    #expect(log.records.map(\.level) == [.warning])
                }
            }
        }
    }

    @Test(arguments: ["GET", "POST"]) func peerOfAUnixSocketIsKnownForChanges(_ method: String) async throws {
        let seen = Event<HTTPRequest>()
        _ = try await withServer({ request in
            seen.set(request)
            return text("fine")
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("\(method) / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
            return try client.receive()
        }
        let request = try #require(seen.wait())
        #expect(request.listener == .unix)
        let own = PeerCredentials(process: getpid(), user: getuid(), group: getgid())
        #expect(request.peer == (method == "GET" ? nil : own))
    }

    @Test func headersThatWouldSplitTheResponseAreLeftOut() async throws {
        let response = try await withServer({ _ in
            .response(HTTPResponse(headers: [HTTPField("X-Bad", "a\r\nX-Evil: b"), HTTPField("X-Good", "c")]))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive()
        }
        #expect(response.header("X-Evil") == nil)
        #expect(response.header("X-Bad") == nil)
        #expect(response.header("X-Good") == "c")
    }
}
