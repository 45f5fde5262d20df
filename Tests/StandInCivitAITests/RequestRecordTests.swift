import HTTPClient
import LinuxSystem
import Synchronization
import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct RequestRecordTests {
    @Test func requestsAreKeptAsTheyCame() async throws {
        try await withStandIn { server, caller in
            _ = try caller.get(
                "/api/v1/models?ids=1,2&name=a%20b",
                headers: [("Authorization", "Bearer x"), ("User-Agent", "kikod/1")])
            _ = try caller.post(Target.ids, "[]")
            let requests = server.requests
            #expect(requests.map(\.number) == [1, 2])
            #expect(requests[0].time <= requests[1].time)
            #expect(requests[0].method == "GET")
            #expect(requests[0].target == "/api/v1/models?ids=1,2&name=a%20b")
            #expect(requests[0].header("authorization") == "Bearer x")
            #expect(requests[0].header("User-Agent") == "kikod/1")
            #expect(requests[1].header("Authorization") == nil)
            #expect(requests[1].text == "[]")
            #expect(server.requests(to: .idsByHashes).map(\.number) == [2])
            #expect(server.requestCounts == [.models: 1, .idsByHashes: 1])
            #expect(server.connections == 1)
            server.clearRequests()
            #expect(server.requests.isEmpty)
            _ = try caller.get("/api/v1/enums")
            #expect(server.requests.map(\.number) == [3])
        }
    }

    @Test func peakTellsHowManyWereAnsweredAtOnce() async throws {
        try await withStandIn { server, caller in
            _ = try caller.get("/api/v1/enums")
            _ = try caller.get("/api/v1/enums")
            #expect(server.waitUntilIdle())
            #expect(server.peakInFlight == 1)
            // Told apart by the target: a request is counted before its fault is chosen.
            server.faults.add(Fault(when: .contains("?hang"), kind: .hang))
            let hanging = try (0..<3).map { _ in try RawCaller(server) }
            for raw in hanging { try raw.ask("/api/v1/enums?hang") }
            #expect(server.waitForRequests(5))
            _ = try caller.get("/api/v1/enums")
            #expect(server.peakInFlight == 4)
        }
    }

    @Test func waitingEndsWithTheRequest() async throws {
        let server = try StandInCivitAI()
        defer { server.stop() }
        async let isMet = onOwnThread("waiting") {
            server.waitForRequests(1, to: .enumerations) && server.wait { $0.contains { $0.target.hasSuffix("?x") } }
        }
        try await onOwnThread("asking") {
            let caller = try Caller(server)
            _ = try caller.get("/api/v1/me")
            _ = try caller.get("/api/v1/enums")
            _ = try caller.get("/api/v1/me?x")
        }
        #expect(try await isMet)
    }

    @Test func waitingEndsAtTheDeadline() async throws {
        try await withStandIn { server, _ in
            #expect(!server.waitForRequests(1, until: .now))
        }
    }

    @Test func observerIsToldBeforeTheAnswer() async throws {
        let seen = Mutex<[String]>([])
        let server = try StandInCivitAI { request in seen.withLock { $0.append(request.target) } }
        _ = try await onOwnThread("test") { try Caller(server).get("/api/v1/enums") }
        #expect(seen.withLock { $0 } == ["/api/v1/enums"])
    }

    @Test func stoppedServerRefusesConnections() async throws {
        try await withStandIn { server, caller in
            _ = try caller.get("/api/v1/enums")
            server.stop()
            server.stop()
            #expect {
                try caller.get("/api/v1/enums")
            } throws: { ($0 as? HTTPClientError)?.code == .cannotConnect }
        }
    }

    @Test func serverStopsWhenItIsReleased() async throws {
        var server: StandInCivitAI? = try StandInCivitAI()
        server?.faults.add(Fault(kind: .hang))
        let raw = try server.map { try RawCaller($0) }
        try raw?.ask("/api/v1/enums")
        server = nil
        #expect(try raw?.receiveAll().text == "")
    }

    @Test func whatIsNotHTTPIsRefused() async throws {
        try await withStandIn { server, _ in
            let raw = try RawCaller(server)
            try raw.send("hello\r\n\r\n")
            #expect(try raw.receiveAll().text.hasPrefix("HTTP/1.1 400 "))
            #expect(server.requests.isEmpty)
        }
    }
}
