import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(2))) struct StopTests {
    @Test func deferredReplyIsSentWhenItArrives() async throws {
        let completion = Event<@Sendable (HTTPResponse) -> Void>()
        let (first, second) = try await withServer({ request in
            if request.path == ["now"] { return .deferred { $0(HTTPResponse(status: 201)) } }
            return .deferred { completion.set($0) }
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let complete = completion.wait()
            // While one request waits, others are served.
            let other = try TestClient(path)
            try other.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            let second = try other.receive()
            complete?(HTTPResponse(status: 202))
            complete?(HTTPResponse(status: 500))
            return (try client.receive(), second)
        }
        #expect(first.status == 202)
        #expect(second.status == 201)
    }

    @Test func abandonedReplyIsAFailure() async throws {
        let response = try await withServer({ _ in .deferred { _ in } }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive()
        }
        #expect(response.status == 500)
        #expect(response.text.hasPrefix(#"{"success":false"#))
    }

    @Test func waitingRequestIsTold503WhenTheServerStops() async throws {
        let completion = Event<@Sendable (HTTPResponse) -> Void>()
        let response = try await withServer({ _ in .deferred { completion.set($0) } }) { path, server in
            let waiting = try TestClient(path)
            try waiting.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let halfSent = try TestClient(path)
            try halfSent.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
            let silent = try TestClient(path)
            let complete = completion.wait()
            server.stop()
            complete?(HTTPResponse(status: 200))
            server.stop()
            let response = try waiting.receive()
            #expect(try halfSent.receiveUntilClosed() == [])
            #expect(try silent.receiveUntilClosed() == [])
            // A child that another test has just begun holds all sockets of this process, until it is another program.
            let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
            while (try? TestClient(path)) != nil { try #require(MonotonicTime.now < deadline) }
            return response
        }
        #expect(response.status == 503)
        #expect(response.header("Connection")?.lowercased() == "close")
    }

    @Test func restingStreamIsCutWhenTheServerStops() async throws {
        let resting = Event<Bool>()
        let released = Event<Bool>()
        let isReleased = try await withServer({ _ in
            let token = Token(released)
            return .response(
                HTTPResponse(
                    body: .stream { _ in
                        resting.set(true)
                        return withExtendedLifetime(token) { .later }
                    }))
        }) { path, server in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = resting.wait()
            server.stop()
            #expect(throws: TestClient.Closed.self) { try client.receive() }
            return released.wait()
        }
        #expect(isReleased == true)
    }

    @Test func clientThatDoesNotReadCannotHoldTheServer() async throws {
        let asked = Event<Bool>()
        try await withServer({ _ in
            asked.set(true)
            return .response(HTTPResponse(body: .stream { _ in .bytes([UInt8](repeating: 1, count: 100_000)) }))
        }) { path, server in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = asked.wait()
            server.stop(graceMilliseconds: 1)
            #expect(throws: (any Error).self) { try client.receive() }
        }
    }

    @Test func serverIsAliveUnlessAHandlerHoldsIt() async throws {
        let isHeld = Event<Bool>()
        let released = Event<Bool>()
        try await withServer({ _ in
            isHeld.set(true)
            _ = released.wait()
            return text("")
        }) { path, server in
            #expect(server.isAlive(milliseconds: 60_000))
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = isHeld.wait()
            #expect(!server.isAlive(milliseconds: 1))
            released.set(true)
            #expect(server.isAlive(milliseconds: 60_000))
            server.stop()
            #expect(server.isAlive(milliseconds: 60_000))
        }
    }

    @Test(arguments: [1, 2]) func whoConnectedBeforeTheEndIsAnswered(threads: Int) async throws {
        let isHeld = Event<Bool>()
        let released = Event<Bool>()
        let statuses = try await withServer(
            limits: HTTPServerLimits(threads: threads),
            { request in
                if request.path == ["hold"] {
                    isHeld.set(true)
                    _ = released.wait()
                }
                return text("")
            }
        ) { path, server in
            let holder = try TestClient(path)
            try holder.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = isHeld.wait()
            // More than the engine takes at a time; the last one only comes to connect.
            let clients = try (0..<50).map { _ in try TestClient(path) }
            for client in clients.dropLast() { try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
            let stopping = try SystemThread(name: "stop") { server.stop(graceMilliseconds: 60_000) }
            released.set(true)
            let statuses = try clients.dropLast().map { try $0.receive().status }
            try clients.last?.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let last = try clients.last?.receive().status
            #expect(stopping.join(milliseconds: 60_000))
            return statuses + [last]
        }
        #expect(statuses == Array(repeating: 200, count: 50))
    }

    /// The engine answers malformed requests by itself, and would read from nowhere if it were stopped meanwhile.
    @Test func stoppingAmidMalformedRequestsNeverTraps() async throws {
        for _ in 0..<20 {
            try await withServer(limits: HTTPServerLimits(connections: 1000), { _ in text("") }) { path, server in
                let started = Event<Bool>()
                let threads = try (0..<4).map { _ in
                    try SystemThread(name: "clients") {
                        let clients = (0..<250).compactMap { _ in try? TestClient(path) }
                        for client in clients {
                            try? client.send("GET / HTTP/1.1\r\nno colon\r\n\r\n")
                            if (try? client.receive().status) == 400 { started.set(true) }
                        }
                    }
                }
                #expect(started.wait() == true)
                server.stop(graceMilliseconds: 0)
                for thread in threads { #expect(thread.join(milliseconds: 60_000)) }
            }
        }
    }

    @Test(arguments: [1, 2]) func stoppingAmidManyRequestsNeverHangsOrTraps(threads: Int) async throws {
        for _ in 0..<20 {
            let started = Event<Bool>()
            try await withServer(
                limits: HTTPServerLimits(threads: threads),
                { request in
                    started.set(true)
                    return .deferred { complete in
                        _ = try? SystemThread(name: "answer") { complete(HTTPResponse()) }
                    }
                }
            ) { path, server in
                let thread = try SystemThread(name: "clients") {
                    while let client = try? TestClient(path) {
                        try? client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                        _ = try? client.receive()
                    }
                }
                _ = started.wait()
                server.stop()
                #expect(thread.join(milliseconds: 60_000))
            }
        }
    }
}
