import FoundationEssentials
import Glibc
import IndexAPI
import LinuxSystem
import Logging
import Synchronization
import TestSupport
import Testing

@testable import APIServer
@testable import HTTPServer
@testable import Indexing

/// `GET events`.
@Suite(.timeLimit(.minutes(2))) struct EventStreamTests {
    // MARK: - Over a socket

    @Test func eventsAreFramesWithTheFileAsItIs() async throws {
        try await withServedAPI { api, socket, _ in
            let log = api.indexer.events
            let path = api.library.appending("a.pt")
            let frames = try await onThread {
                let client = try EventClient(socket)
                try client.read(until: "id: \(log.instance)-")
                try writeFile(path, "content")
                try setAge(path, seconds: 3600)
                return try client.readEvents { $0.event == "file.indexed" }
            }
            #expect(frames.map(\.event) == ["file.added", "file.indexed"])
            let events = try frames.map { try WireJSON.decode(EventObject.self, from: Data(($0.data ?? "").utf8)) }
            #expect(events.map(\.path) == [path.description, path.description])
            #expect(frames.map(\.id) == events.map { log.text(of: $0.id) })
            let indexed = try #require(events.last?.file)
            let shown = try await api.get("files/\(indexed.id)", as: FileObject.self)
            #expect((indexed.sha256, indexed.state) == (shown.sha256, "indexed"))
        }
    }

    @Test func headTellsTheMediaTypeAndNoStore() async throws {
        try await withServedAPI { api, socket, _ in
            let head = try await onThread { try EventClient(socket).read(until: "\r\n\r\n") }
            #expect(head.hasPrefix("HTTP/1.1 200"))
            #expect(head.contains("Content-Type: text/event-stream\r\n"))
            #expect(head.contains("Cache-Control: no-store\r\n"))
        }
    }

    @Test func followerGoesOnAfterTheEventThatItSawLast() async throws {
        try await withServedAPI { api, socket, _ in
            let log = api.indexer.events
            let position = log.newest
            log.append((1...200).map { IndexEvent(.fileRemoved, fileID: 10_000 + $0, path: FilePath("/gone/\($0)")) })
            let frames = try await onThread {
                let client = try EventClient(socket, lastEventID: log.text(of: position + 50))
                return try client.readEvents { $0.id == log.text(of: position + 200) }
            }
            #expect(frames.map(\.id) == (51...200).map { log.text(of: position + $0) })
            let first = try WireJSON.decode(EventObject.self, from: Data((frames.first?.data ?? "").utf8))
            #expect((first.path, first.file) == ("/gone/51", nil))
        }
    }

    @Test func scanIsShownAsItIs() async throws {
        try await withServedAPI { api, socket, _ in
            let scan = try #require(try await api.get("scan-history", as: ScanHistoryAnswer.self).scans.first)
            let log = api.indexer.events
            let frames = try await onThread {
                let client = try EventClient(socket, lastEventID: log.text(of: log.newest))
                log.append([IndexEvent(.scanCompleted, scanID: scan.id)])
                return try client.readEvents { $0.event == "scan.completed" }
            }
            let event = try WireJSON.decode(EventObject.self, from: Data((frames.last?.data ?? "").utf8))
            #expect(event.scan == scan)
            #expect((event.path, event.file) == (nil, nil))
        }
    }

    @Test(arguments: ["deadbeef-1", "1", "nonsense", "-"])
    func idOfAnotherRunTellsThatEventsWereLost(id: String) async throws {
        try await withServedAPI { api, socket, _ in
            let log = api.indexer.events
            let frames = try await onThread {
                let client = try EventClient(socket, lastEventID: id)
                try client.read(until: "event: events.lost")
                log.append([IndexEvent(.rootOffline, path: FilePath("/srv"), message: "gone")])
                return try client.readEvents { $0.event == "root.offline" }
            }
            #expect(frames.map(\.event) == ["events.lost", "root.offline"])
        }
    }

    @Test func stoppingTheServerEndsStreams() async throws {
        try await withServedAPI { api, socket, server in
            let ended = try await onThread {
                let clients = try (0..<3).map { _ in try EventClient(socket) }
                for client in clients { try client.read(until: "id: ") }
                // Long enough for a test that hangs to fail by its own limit.
                server.stop(graceMilliseconds: 60_000)
                return try clients.map { try $0.readToEnd() }
            }
            #expect(ended == [true, true, true])
        }
    }

    @Test func followerThatHasGoneMakesRoom() async throws {
        try await withServedAPI { api, socket, _ in
            let streams = api.handler.events
            let left = try await onThread {
                var client: EventClient? = try EventClient(socket)
                try client?.read(until: "id: ")
                let before = streams.count
                client = nil
                // The server sees it when it next writes.
                let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
                while streams.count > 0, MonotonicTime.now < deadline {
                    api.indexer.events.append([IndexEvent(.rootOnline, path: FilePath("/srv"))])
                    sched_yield()
                }
                return (before, streams.count)
            }
            #expect(left == (1, 0))
        }
    }

    @Test func tooManyFollowersAreRefused() async throws {
        try await withServedAPI { api, socket, _ in
            let refusal = try await onThread {
                let clients = try (0..<64).map { _ in try EventClient(socket) }
                for client in clients { try client.read(until: "id: ") }
                let refusal = try EventClient(socket).read(until: "}")
                // Everything else is answered all the same.
                withExtendedLifetime(clients) {}
                return refusal
            }
            #expect(refusal.hasPrefix("HTTP/1.1 503"))
            #expect(refusal.contains(#""code":"unavailable""#))
            #expect(try await api.get("status").status == 200)
        }
    }

    // MARK: - Piece by piece

    @Test(arguments: [true, false]) func followerThatTheLogHasRunPastIsToldAndDroppedIfItIsSlow(isSlow: Bool)
        async throws
    {
        try await withAPI { api in
            let log = EventLog(capacity: 10)
            let streams = EventStreams(
                index: api.handler.index, log: log, patienceMilliseconds: isSlow ? 0 : 3_600_000)
            try await onThread {
                let stream = try streams.open(after: nil)
                let waker = Self.waker
                #expect(try Self.text(stream.next(waker)) == "id: \(log.text(of: 0))\n\n")
                log.append((1...11).map { IndexEvent(.fileAdded, fileID: $0) })
                let lost = try #require(try Self.text(stream.next(waker)))
                #expect(lost.hasPrefix("id: \(log.text(of: 11))\nevent: events.lost\ndata: {"))
                log.append([IndexEvent(.rootOnline)])
                let next = try stream.next(waker)
                if isSlow {
                    #expect(next == .end)
                } else {
                    #expect(try Self.text(next)?.hasPrefix("id: \(log.text(of: 12))\nevent: root.online\n") == true)
                }
            }
        }
    }

    @Test func followerThatHadNothingToTakeIsNotSlow() async throws {
        try await withAPI { api in
            let log = EventLog(capacity: 10)
            let streams = EventStreams(index: api.handler.index, log: log, patienceMilliseconds: 0)
            try await onThread {
                let stream = try streams.open(after: nil)
                let waker = Self.waker
                _ = try stream.next(waker)
                #expect(try stream.next(waker) == .later)
                log.append((1...11).map { IndexEvent(.fileAdded, fileID: $0) })
                #expect(try Self.text(stream.next(waker))?.contains("event: events.lost") == true)
                #expect(try stream.next(waker) != .end)
            }
        }
    }

    @Test func aPieceHoldsABoundedNumberOfEvents() async throws {
        try await withAPI { api in
            let log = EventLog()
            let streams = EventStreams(index: api.handler.index, log: log)
            try await onThread {
                let stream = try streams.open(after: log.text(of: 0))
                let waker = Self.waker
                log.append((1...1000).map { IndexEvent(.fileAdded, fileID: 10_000 + $0) })
                _ = try stream.next(waker)
                let first = try #require(try Self.text(stream.next(waker)))
                #expect(first.split(separator: "event: ").count - 1 == 16)
                for _ in 2...63 { _ = try stream.next(waker) }
                #expect(try stream.next(waker) == .later)
            }
        }
    }

    @Test func quietStreamGivesASignOfLife() async throws {
        try await withAPI { api in
            let log = EventLog()
            let streams = EventStreams(index: api.handler.index, log: log, heartbeatMilliseconds: 1)
            try await onThread {
                let stream = try streams.open(after: nil)
                let waker = Self.waker
                _ = try stream.next(waker)
                let deadline = MonotonicTime.now.advanced(milliseconds: 60_000)
                var piece = try stream.next(waker)
                while piece == .later, MonotonicTime.now < deadline {
                    sched_yield()
                    piece = try stream.next(waker)
                }
                #expect(try Self.text(piece) == ":\n\n")
            }
        }
    }

    // MARK: - Helpers

    /// A waker of no connection, which never rests.
    private static var waker: HTTPStreamWaker {
        guard let nowhere = unsafe OpaquePointer(bitPattern: 1) else { preconditionFailure("1 is not null") }
        return unsafe HTTPStreamWaker(ConnectionGate(nowhere))
    }

    private static func text(_ piece: HTTPBodyPiece) throws -> String? {
        guard case .bytes(let bytes) = piece else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
