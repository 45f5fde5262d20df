import Glibc
import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Clients that take their time, with limits that leave all others an hour.
@Suite(.timeLimit(.minutes(2))) struct SlowClientTests {
    private static let hour = 3600

    /// Sends a byte now and then until the server has closed the connection; throws when it never does.
    @Sendable private static func drip(_ client: TestClient) throws {
        let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
        while (try? client.send("a")) != nil {
            try #require(MonotonicTime.now < deadline)
            usleep(20_000)
        }
    }

    @Test(arguments: [
        "", "GET /", "GET / HTTP/1.1\r\nHost: h\r\nX: ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    ])
    func aRequestThatIsNeverCompleteEndsItsConnection(_ beginning: String) async throws {
        let limits = HTTPServerLimits(idleSeconds: Self.hour, requestSeconds: 1, crowdedSeconds: Self.hour)
        let wasAsked = Mutex(false)
        let next = try await withServer(
            limits: limits,
            { request in
                if request.path.isEmpty { wasAsked.withLock { $0 = true } }
                return text("fine")
            }
        ) { path, _ in
            let client = try TestClient(path)
            try client.send(beginning)
            try Self.drip(client)
            #expect(try client.receiveUntilClosed() == [])
            let other = try TestClient(path)
            try other.send(request("/next"))
            return try other.receive().text
        }
        #expect(next == "fine")
        #expect(!wasAsked.withLock { $0 })
    }

    @Test func aSecondRequestThatIsNeverCompleteEndsItsConnection() async throws {
        let limits = HTTPServerLimits(idleSeconds: 1, requestSeconds: 1, crowdedSeconds: Self.hour)
        let first = try await withServer(limits: limits, { _ in text("fine") }) { path, _ in
            let client = try TestClient(path)
            try client.send(request("/"))
            let first = try client.receive().text
            try client.send("GET /second")
            try Self.drip(client)
            return first
        }
        #expect(first == "fine")
    }

    @Test func anAnswerThatIsTakenByteByByteEndsItsConnection() async throws {
        let limits = HTTPServerLimits(idleSeconds: 1, requestSeconds: Self.hour, crowdedSeconds: Self.hour)
        let released = Event<Bool>()
        try await withServer(
            limits: limits,
            { _ in
                let token = Token(released)
                return .response(
                    HTTPResponse(
                        body: .stream { _ in
                            withExtendedLifetime(token) { .bytes([UInt8](repeating: 1, count: 100_000)) }
                        }))
            }
        ) { path, _ in
            let client = try TestClient(path)
            try client.send(request("/"))
            // What the server has given up is still in the socket's buffer, so the client does not see the end yet.
            let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
            while !released.isSet {
                try #require(MonotonicTime.now < deadline)
                try client.receiveSome(atMost: 16)
                usleep(20_000)
            }
        }
    }

    @Test func waitingForTheServerIsNotBeingSlow() async throws {
        let limits = HTTPServerLimits(connections: 3, idleSeconds: 1, requestSeconds: 1, crowdedSeconds: 1)
        let completion = Event<@Sendable (HTTPResponse) -> Void>()
        let waker = Event<HTTPStreamWaker>()
        let isReleased = Mutex(false)
        let (deferred, stream) = try await withServer(
            limits: limits,
            { request in
                if request.path == ["deferred"] { return .deferred { completion.set($0) } }
                return .response(
                    HTTPResponse(
                        body: .stream { wake in
                            waker.set(wake)
                            return isReleased.withLock { $0 } ? .end : .later
                        }))
            }
        ) { path, _ in
            let deferred = try TestClient(path)
            try deferred.send(request("/deferred"))
            let stream = try TestClient(path)
            try stream.send(request("/stream"))
            let complete = completion.wait()
            let wake = waker.wait()
            // All places are taken meanwhile, and the time of this one ends.
            try Self.drip(try TestClient(path))
            isReleased.withLock { $0 = true }
            wake?.wake()
            complete?(HTTPResponse(status: 201))
            return (try deferred.receive().status, try stream.receive().status)
        }
        #expect(deferred == 201)
        #expect(stream == 200)
    }

    /// What clients do that hold all connections. The raw value names each in the test's output.
    enum Holder: String, CaseIterable, Sendable {
        case silent, halfAHead, halfABody, idle, notReading

        func take(_ client: TestClient) throws {
            switch self {
            case .silent: break
            case .halfAHead: try client.send("GET / HTTP/1.1\r\nX: ")
            case .halfABody: try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
            case .idle:
                try client.send(request("/"))
                _ = try client.receive()
            case .notReading:
                try client.send(request("/endless"))
                try client.receiveSome()
            }
        }
    }

    @Test(arguments: Holder.allCases)
    func whoHoldsAllConnectionsMakesRoomForOthers(_ holder: Holder) async throws {
        let limits = HTTPServerLimits(
            connections: 4, idleSeconds: Self.hour, requestSeconds: Self.hour, crowdedSeconds: 1)
        let answers = try await withServer(
            limits: limits,
            { request in
                guard request.path == ["endless"] else { return text("fine") }
                return .response(HTTPResponse(body: .stream { _ in .bytes([UInt8](repeating: 1, count: 100_000)) }))
            }
        ) { path, _ in
            // Twice as many as there are places, one after the other.
            let holders = try (0..<8).map { _ in
                let client = try TestClient(path)
                try holder.take(client)
                return client
            }
            let answers = try (0..<3).map { _ in
                let client = try TestClient(path)
                try client.send(request("/next"))
                return try client.receive().text
            }
            withExtendedLifetime(holders) {}
            return answers
        }
        #expect(answers == ["fine", "fine", "fine"])
    }

    @Test func nobodyIsInterruptedWhileAllConnectionsAreBeingAnswered() async throws {
        let limits = HTTPServerLimits(
            connections: 2, idleSeconds: Self.hour, requestSeconds: Self.hour, crowdedSeconds: 5)
        let waiting = Mutex<[@Sendable (HTTPResponse) -> Void]>([])
        let arrived = Condition()
        let answers = try await withServer(
            limits: limits,
            { request in
                guard request.path == ["wait"] else { return text("fine") }
                return .deferred { complete in
                    waiting.withLock { $0.append(complete) }
                    arrived.broadcast()
                }
            }
        ) { path, _ in
            let clients = try (0..<2).map { _ in try TestClient(path) }
            for client in clients { try client.send(request("/wait")) }
            arrived.wait { waiting.withLock { $0.count == 2 } }
            let next = try TestClient(path)
            try next.send(request("/next"))
            for complete in waiting.withLock({ $0 }) { complete(HTTPResponse(status: 201)) }
            return try clients.map { try $0.receive().status } + [try next.receive().status]
        }
        #expect(answers == [201, 201, 200])
    }
}

private func request(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n" }
