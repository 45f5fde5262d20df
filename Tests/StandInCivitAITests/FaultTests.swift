import HTTPClient
import LinuxSystem
import Testing

@testable import StandInCivitAI

/// What each fault does to an answer.
@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    /// The answer about a model with this fault.
    private static func reply(_ kind: FaultKind) async throws -> Reply {
        let server = try StandInCivitAI()
        server.add(lora(1))
        server.faults.add(Fault(kind: kind))
        return try await onOwnThread("test") { try Caller(server).get(Target.model(1)) }
    }

    @Test(arguments: [400, 500, 502, 503, 520, 524])
    func statusComesWithJSON(_ status: Int) async throws {
        let reply = try await Self.reply(.status(status))
        #expect(reply.status == status)
        #expect(!reply.json.isNull)
        #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
    }

    @Test func statusTakesABodyAndHeaders() async throws {
        let reply = try await Self.reply(.status(503, json: #"{"error":"x"}"#, headers: ["Retry-After": "2"]))
        #expect(reply.text == #"{"error":"x"}"#)
        #expect(reply.header("Retry-After") == "2")
    }

    @Test func tooManyRequestsMaySayWhenToComeBack() async throws {
        #expect(try await Self.reply(.tooManyRequests()).header("Retry-After") == nil)
        #expect(try await Self.reply(.tooManyRequests(retryAfter: .seconds(7))).header("Retry-After") == "7")
        #expect(try await Self.reply(.tooManyRequests(retryAfter: .text("soon"))).header("Retry-After") == "soon")
        let reply = try await Self.reply(.tooManyRequests(retryAfter: .date(inSeconds: 3600)))
        #expect(reply.status == 429)
        #expect(reply.header("Retry-After")?.hasSuffix(" GMT") == true)
        #expect(reply.header("Retry-After") != reply.header("Date"))
    }

    @Test func datesAreThoseOfHTTP() {
        #expect(httpDate(seconds: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(httpDate(seconds: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(httpDate(seconds: 1_709_164_800) == "Thu, 29 Feb 2024 00:00:00 GMT")
        #expect(httpDate(seconds: 1_798_761_599) == "Thu, 31 Dec 2026 23:59:59 GMT")
    }

    @Test func regionIsBlocked() async throws {
        let reply = try await Self.reply(.regionBlocked)
        #expect(reply.status == 451)
        #expect(reply.json["code"]?.text == "REGION_BLOCKED")
    }

    @Test(arguments: [403, 503, 200])
    func challengeIsAPage(_ status: Int) async throws {
        let reply = try await Self.reply(.challenge(status: status))
        #expect(reply.status == status)
        #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
        #expect(reply.text.hasPrefix("<!DOCTYPE html>"))
    }

    @Test func missingMayBeAPage() async throws {
        let reply = try await Self.reply(.notFoundPage)
        #expect(reply.status == 404)
        #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
    }

    @Test func redirectNamesItsTarget() async throws {
        let reply = try await Self.reply(.redirect(to: "http://example.invalid/x", status: 307))
        #expect(reply.status == 307)
        #expect(reply.header("Location") == "http://example.invalid/x")
    }

    @Test func contentMayBeOtherThanItsType() async throws {
        let right = try await Self.reply(.contentType("text/plain"))
        #expect(right.header("Content-Type") == "text/plain")
        #expect(right.json["id"]?.integer == 1)
        let truncated = try await Self.reply(.truncatedJSON)
        #expect(truncated.status == 200)
        #expect(truncated.body == Array(right.body.prefix(right.body.count / 2)))
        #expect(truncated.json.isNull)
        #expect(try await Self.reply(.invalidJSON).json.isNull)
        #expect(try await Self.reply(.emptyBody).body.isEmpty)
        #expect(try await Self.reply(.otherShape).json.elements != nil)
        let garbage = try await Self.reply(.gzippedGarbage)
        #expect(garbage.header("Content-Encoding") == "gzip")
        #expect(garbage.body.starts(with: [0x1F, 0x8B]))
    }

    @Test func listsBecomeObjects() async throws {
        try await withStandIn { (server, caller) throws in
            server.faults.add(Fault(kind: .otherShape))
            #expect(try caller.post(Target.ids, "[]").json["data"] != nil)
        }
    }

    @Test func hugeAnswersAreWithinJSON() async throws {
        let reply = try await Self.reply(.hugeBody(bytes: 2_000_000))
        #expect(reply.body.count == 2_000_000)
        #expect(reply.json["id"]?.integer == 1)
    }

    @Test func hugeAnswersAreNotWantedByAll() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            server.faults.add(Fault(kind: .hugeBody()))
            #expect {
                try caller.get(Target.model(1))
            } throws: { ($0 as? HTTPClientError)?.code == .tooLarge }
        }
    }

    @Test func hangingRequestEndsWithTheServer() async throws {
        try await withStandIn { server, _ in
            server.faults.add(Fault(kind: .hang))
            let raw = try RawCaller(server)
            try raw.ask(Target.model(1))
            #expect(server.waitForRequests(1))
            #expect(server.inFlight == 1)
            server.stop()
            #expect(try raw.receiveAll().text.isEmpty)
            #expect(server.inFlight == 0)
        }
    }

    @Test func hangingRequestEndsWithItsClient() async throws {
        try await withStandIn { server, caller in
            server.faults.add(Fault(kind: .hang))
            #expect {
                try caller.get(Target.model(1), milliseconds: 50)
            } throws: { ($0 as? HTTPClientError)?.code == .timedOut }
            #expect(server.waitUntilIdle())
        }
    }

    @Test func drippingAnswerIsWhole() async throws {
        try await withStandIn { server, _ in
            server.faults.add(Fault(kind: .drip(milliseconds: 1)))
            let raw = try RawCaller(server)
            try raw.ask("/api/v1/models/9")
            var pieces: [[UInt8]] = []
            let expected = #"{"error":"No model with id 9"}"#
            while !String(decoding: pieces.joined(), as: UTF8.self).hasSuffix(expected) {
                guard let piece = try raw.receive() else { break }
                pieces.append(piece)
            }
            #expect(String(decoding: pieces.joined(), as: UTF8.self).hasSuffix(expected))
        }
    }

    @Test func drippingAnswerEndsWithTheServer() async throws {
        try await withStandIn { server, _ in
            server.faults.add(Fault(kind: .drip(milliseconds: 1_000_000)))
            let raw = try RawCaller(server)
            try raw.ask(Target.model(1))
            #expect(try raw.receive() != nil)
            server.stop()
            #expect(try raw.receive() == nil)
        }
    }

    @Test(arguments: [true, false])
    func connectionBreaksAmidTheContent(_ isReset: Bool) async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let whole = try caller.get(Target.model(1))
            server.faults.add(Fault(kind: isReset ? .reset : .cutShort))
            let raw = try RawCaller(server)
            try raw.ask(Target.model(1))
            let (text, end) = try raw.receiveAll()
            #expect(text.contains("Content-Length: \(whole.body.count)\r\n"))
            #expect(text.hasSuffix(String(decoding: whole.body.prefix(whole.body.count / 2), as: UTF8.self)))
            #expect(end == (isReset ? .reset : .closed))
            #expect {
                try caller.get(Target.model(1))
            } throws: { ($0 as? HTTPClientError)?.code == .protocolViolation }
        }
    }
}
