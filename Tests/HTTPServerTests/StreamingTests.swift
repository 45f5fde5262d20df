import LinuxSystem
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(2))) struct StreamingTests {
    private static let size = 50 << 20

    @Test(arguments: [true, false])
    func longStreamNeverRunsAheadOfTheClient(lengthIsKnown: Bool) async throws {
        let produced = Mutex(0)
        let received = Mutex(0)
        let furthestAhead = Mutex(0)
        let response = try await withServer({ _ in
            let body = HTTPBody.stream(length: lengthIsKnown ? Int64(Self.size) : nil) { _ in
                let (start, total) = produced.withLock { count in
                    defer { count = min(count + 100_000, Self.size) }
                    return (count, min(count + 100_000, Self.size))
                }
                let ahead = total - received.withLock { $0 }
                furthestAhead.withLock { $0 = max($0, ahead) }
                return start == total
                    ? .end : .bytes([UInt8](repeating: UInt8(truncatingIfNeeded: start), count: total - start))
            }
            return .response(HTTPResponse(body: body))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive { count in received.withLock { $0 += count } }
        }
        #expect(response.body.count == Self.size)
        #expect(response.body[150_000] == UInt8(truncatingIfNeeded: 100_000))
        #expect(response.header("Content-Length") == (lengthIsKnown ? String(Self.size) : nil))
        // The sockets' buffers and the engine's, far from the whole.
        #expect(furthestAhead.withLock { $0 } < 4 << 20)
    }

    @Test func longBytesArriveAsTheyAre() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let (response, next) = try await withServer({
            $0.path == ["next"] ? text("fine") : .response(.init(body: .bytes(bytes)))
        }) {
            path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try client.receive()
            try client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            return (response, try client.receive())
        }
        #expect(response.body == bytes)
        #expect(response.header("Content-Length") == "3000000")
        #expect(next.text == "fine")
    }

    @Test func streamIsLetGoWhenTheClientVanishes() async throws {
        let released = Event<Bool>()
        let isReleased = try await withServer({ _ in
            let token = Token(released)
            return .response(
                HTTPResponse(
                    body: .stream { _ in
                        withExtendedLifetime(token) { .bytes([UInt8](repeating: 1, count: 10_000)) }
                    }))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try client.receiveSome()
            client.close()
            return released.wait()
        }
        #expect(isReleased == true)
    }

    @Test func restingStreamGoesOnWhenWoken() async throws {
        let pieces = Mutex<[String]>([])
        let waker = Event<HTTPStreamWaker>()
        let body = try await withServer({ _ in
            let body = HTTPBody.stream { wake in
                let piece = pieces.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                waker.set(wake)
                guard let piece else { return .later }
                return piece.isEmpty ? .end : .bytes(Array(piece.utf8))
            }
            return .response(HTTPResponse(body: body))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            // Sent by a thread that shares nothing with the server but the waker.
            let wake = waker.wait()
            for piece in ["one ", "two ", "three", ""] {
                pieces.withLock { $0.append(piece) }
                wake?.wake()
            }
            let response = try client.receive()
            wake?.wake()
            return response.text
        }
        #expect(body == "one two three")
    }

    @Test func wakingBeforeRestingIsNotLost() async throws {
        let asked = Mutex(0)
        let body = try await withServer({ _ in
            let body = HTTPBody.stream { waker in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                if count > 1000 { return .end }
                if count % 2 == 0 { return .bytes([UInt8(ascii: "x")]) }
                waker.wake()
                return .later
            }
            return .response(HTTPResponse(body: body))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            return try client.receive().text
        }
        #expect(body == String(repeating: "x", count: 500))
    }

    @Test func restingStreamIsLetGoWhenWokenAfterTheClientVanished() async throws {
        let released = Event<Bool>()
        let waker = Event<HTTPStreamWaker>()
        let isReleased = try await withServer({ _ in
            let token = Token(released)
            let isFirst = Mutex(true)
            return .response(
                HTTPResponse(
                    body: .stream { [isFirst = Shared(isFirst)] wake in
                        waker.set(wake)
                        return withExtendedLifetime(token) {
                            isFirst.value.withLock { first in
                                defer { first = false }
                                return first ? .later : .bytes(Array(": still there?\n".utf8))
                            }
                        }
                    }))
        }) { path, _ in
            let client = try TestClient(path)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let wake = waker.wait()
            client.close()
            wake?.wake()
            return released.wait()
        }
        #expect(isReleased == true)
    }

    @Test func errorInAStreamIsSeenByTheClient() async throws {
        struct Broken: Error {}
        let isCut = try await withServer({ _ in
            let sent = Shared(Mutex(false))
            return .response(
                HTTPResponse(
                    body: .stream { _ in
                        if sent.value.withLock({ $0 }) { throw Broken() }
                        sent.value.withLock { $0 = true }
                        return .bytes(Array("half".utf8))
                    }))
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
        #expect(isCut)
    }
}

/// A reference to a value that cannot be captured by itself.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
    let value: Value

    init(_ value: consuming Value) { self.value = value }
}
