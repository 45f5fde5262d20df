import LinuxSystem
import StandInCivitAI
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Nothing but an answer is an answer, and no fault stops what can be answered.
@Suite struct LookupFaultTests {
    /// Faults that pass: the question is asked again.
    static let passing: [(name: String, kind: FaultKind)] = [
        ("429 with seconds", .tooManyRequests(retryAfter: .seconds(1))),
        ("429 with a date", .tooManyRequests(retryAfter: .date(inSeconds: 1))),
        ("500", .status(500, json: #"{"error":"no"}"#)), ("502", .status(502)), ("503", .status(503)),
        ("524", .status(524)), ("404 as a page", .notFoundPage), ("truncated", .truncatedJSON),
        ("cut short", .cutShort), ("no JSON", .invalidJSON), ("another shape", .otherShape), ("empty", .emptyBody),
        ("reset", .reset), ("zipped garbage", .gzippedGarbage), ("64 MB", .hugeBody(bytes: 64 << 20)),
        ("redirect", .redirect(to: "http://127.0.0.1:9/")), ("HTML", .challenge(status: 200)),
    ]

    @Test(arguments: passing) func aFaultIsNoAnswer(fault: (name: String, kind: FaultKind)) async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try writeModel($0.appending("b.safetensors"), loraFile(2))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7)
            let number = fixture.server.faults.add(Fault(when: .endpoint(.idsByHashes), times: 1, kind: fault.kind))
            try fixture.lookups.start()
            let server = fixture.server
            #expect(try await onThread { server.waitForRequests(1, to: .idsByHashes) })
            try await fixture.wait { _ in server.faults.happened(number) == 1 && server.inFlight == 0 }
            // Nothing was stored of it, unless the next question was answered meanwhile.
            let states = try fixture.states()
            #expect(states == ["pending": 2] || server.requests(to: .idsByHashes).count > 1)
            guard Self.isSoonOver(fault.name) else {
                try await fixture.wait { [.backingOff, .blocked].contains($0.lookups.status().state) }
                #expect(fixture.lookups.status().retryAt != nil)
                #expect(fixture.lookups.status().message != nil)
                #expect(try fixture.states() == ["pending": 2])
                return
            }
            try await fixture.wait { try $0.states() == ["found": 1, "not_found": 1] }
            // A moment's trouble is over.
            try await fixture.wait { $0.lookups.status().message == nil }
        }
    }

    @Test(arguments: [FaultKind.hang, .drip(milliseconds: 500)])
    func whoDoesNotGetToAnEndIsLeftAndAskedAgain(fault: FaultKind) async throws {
        try await withLookups(settings: { $0.timeoutMilliseconds = 1000 }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try writeModel($0.appending("b.safetensors"), loraFile(2))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7)
            let number = fixture.server.faults.add(Fault(when: .endpoint(.idsByHashes), times: 1, kind: fault))
            try fixture.lookups.start()
            try await fixture.wait { try $0.states() == ["found": 1, "not_found": 1] }
            #expect(fixture.server.faults.happened(number) == 1)
            #expect(fixture.server.requests(to: .idsByHashes).count > 1)
        }
    }

    private static func isSoonOver(_ name: String) -> Bool { name != "HTML" }

    @Test(arguments: [
        ("451", FaultKind.regionBlocked), ("403 as a page", .challenge(status: 403)),
        ("429 for an hour", .tooManyRequests(retryAfter: .seconds(3600))),
    ])
    func aHostThatWantsPeaceIsLeftAlone(fault: (String, FaultKind)) async throws {
        let server = try StandInCivitAI()
        defer { server.stop() }
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("a.safetensors"), loraFile(1))
            let indexing = IndexerFixture.settings([library])
            server.faults.add(Fault(when: .any, kind: fault.1))
            try await withLookups(directory, server, indexing) { fixture in
                try await fixture.runPass()
                #expect(server.requests.count == 1)
                #expect(try fixture.states() == ["pending": 1])
                let status = fixture.lookups.status()
                #expect([.backingOff, .blocked].contains(status.state))
                #expect(try #require(status.retryAt) > WallClock.now + 1_800_000_000_000)
            }
            // Also by the next kikod.
            server.faults.removeAll()
            try await withLookups(directory, server, indexing) { fixture in
                try await fixture.runPass()
                #expect(server.requests.count == 1)
                #expect([.backingOff, .blocked].contains(fixture.lookups.status().state))
                let (lookups, content) = (fixture.lookups, try fixture.content("a.safetensors"))
                await #expect(throws: LookupRefusal.self) {
                    try await onThread { try lookups.link(content: content, toVersion: nil) }
                }
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test(arguments: [400, 500]) func oneQuestionThatCannotBeAnsweredKeepsNoOtherFromItsAnswer(
        status: Int
    ) async throws {
        try await withLookups {
            for number in 0..<8 { try writeModel($0.appending("\(number).safetensors"), loraFile(number)) }
        } _: { fixture in
            for number in 0..<8 { try fixture.serve("\(number).safetensors", id: Int64(number + 1)) }
            let poison = try #require(try fixture.index.file("5.safetensors")?.digests.sha256)
            fixture.server.faults.add(
                Fault(when: .bodyContains(poison.uppercased()), kind: .status(status, json: #"{"error":"no"}"#)))
            try fixture.lookups.start()
            try await fixture.wait { try $0.states() == ["found": 7, "error": 1] }
            let lookup = try #require(try fixture.lookup("5.safetensors"))
            #expect(lookup.state == "error")
            #expect(lookup.message != nil)
            #expect(lookup.next != nil)
        }
    }

    @Test func anOutageMarksNothing() async throws {
        try await withLookups {
            for number in 0..<5 { try writeModel($0.appending("\(number).safetensors"), loraFile(number)) }
        } _: { fixture in
            fixture.server.faults.add(Fault(when: .any, kind: .status(503)))
            try await fixture.runPass()
            #expect(try fixture.states() == ["pending": 5])
            #expect(fixture.lookups.status().state == .backingOff)
        }
    }

    @Test func withoutANetworkOnePassEnds() async throws {
        try await withLookups(settings: { $0.baseURL = "http://127.0.0.1:9" }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try await fixture.runPass()
            #expect(try fixture.states() == ["pending": 1])
            #expect(fixture.lookups.status().message != nil)
        }
    }

    @Test func aVersionThatTheAnswerAboutManyLeavesOutIsAskedForAlone() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try writeModel($0.appending("b.safetensors"), loraFile(2))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7)
            try fixture.serve("b.safetensors", id: 8)
            fixture.server.faults.add(
                Fault(when: .endpoint(.versionsByHashes), times: 1, kind: .status(200, json: "[null]")))
            try await fixture.runPass()
            #expect(try fixture.states() == ["found": 2])
            #expect(fixture.server.requests(to: .version).count == 2)
        }
    }

    @Test func stoppingDoesNotWaitForAnAnswer() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            fixture.server.faults.add(Fault(when: .any, kind: .hang))
            try fixture.lookups.start()
            let server = fixture.server
            #expect(try await onThread { server.waitForRequests(1) })
            fixture.lookups.requestStop()
            #expect(try await onThread { server.waitUntilIdle() })
            #expect(try fixture.states() == ["pending": 1])
        }
    }
}
