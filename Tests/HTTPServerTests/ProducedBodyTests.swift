import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// Bodies that a thread makes while they are sent.
@Suite(.timeLimit(.minutes(2))) struct ProducedBodyTests {
    private struct Trouble: Error {}

    private static func reply(
        length: Int64? = nil, _ produce: @escaping @Sendable () throws -> [UInt8]?
    ) -> HTTPReply {
        do {
            return .response(HTTPResponse(body: try .produced(length: length, threadName: "test", produce)))
        } catch {
            return text("\(error)", status: 500)
        }
    }

    @Test(arguments: [nil, 3_000_000] as [Int64?])
    func aLongBodyArrivesWholeAndIsNeverFarAhead(length: Int64?) async throws {
        let made = Mutex(0)
        let received = Mutex(0)
        let furthestAhead = Mutex(0)
        let response = try await withServer({ _ in
            Self.reply(length: length) {
                let number = made.withLock { made in
                    made += 1
                    return made
                }
                guard number <= 301 else { return nil }
                // An empty piece is not the end.
                if number == 1 { return [] }
                let ahead = (number - 1) * 10_000 - received.withLock { $0 }
                furthestAhead.withLock { $0 = max($0, ahead) }
                return [UInt8](repeating: UInt8(truncatingIfNeeded: number - 1), count: 10_000)
            }
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive { count in received.withLock { $0 += count } }
        }
        #expect(response.status == 200)
        #expect(response.body.count == 3_000_000)
        #expect((0..<300).allSatisfy { response.body[$0 * 10_000 + 9_999] == UInt8(truncatingIfNeeded: $0 + 1) })
        #expect(furthestAhead.withLock { $0 } < 2 << 20)
    }

    @Test func anErrorEndsTheConnectionSoThatTheClientNotices() async throws {
        let isCutShort = try await withServer({ _ in
            let isFirst = Mutex(true)
            return Self.reply {
                let first = isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                if first { return [1, 2, 3] }
                throw Trouble()
            }
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            do {
                _ = try client.receive()
                return false
            } catch is TestClient.Closed {
                return true
            }
        }
        #expect(isCutShort)
    }

    @Test func theThreadEndsWhenTheClientVanishes() async throws {
        let released = Event<Bool>()
        let isReleased = try await withServer({ _ in
            let token = Token(released)
            return Self.reply { withExtendedLifetime(token) { [UInt8](repeating: 1, count: 100_000) } }
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try client.receiveSome()
            client.close()
            return released.wait()
        }
        #expect(isReleased == true)
    }

    /// While one client waits for a slow answer the server answers others.
    @Test func aSlowBodyKeepsNobodyElseWaiting() async throws {
        let release = Event<Bool>()
        let answers = try await withServer({ request in
            guard request.path == ["slow"] else { return text("fast") }
            let isOver = Mutex(false)
            return Self.reply {
                guard !isOver.withLock({ $0 }) else { return nil }
                isOver.withLock { $0 = true }
                _ = release.wait()
                return Array("slow".utf8)
            }
        }) { path, _ in
            let slow = try TestClient(path)
            try slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            let fast = try TestClient(path)
            try fast.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = try fast.receive().text
            release.set(true)
            return [first, try slow.receive().text]
        }
        #expect(answers == ["fast", "slow"])
    }
}
