import Testing

@testable import StandInCivitAI

/// Which requests a fault happens to.
@Suite(.timeLimit(.minutes(2))) struct FaultRuleTests {
    @Test func faultIsSparedAndThenHappensSoOften() async throws {
        try await withStandIn { server, caller in
            let number = server.faults.add(Fault(times: 2, skip: 1, kind: .status(503)))
            let statuses = try (0..<5).map { _ in try caller.get("/api/v1/enums").status }
            #expect(statuses == [200, 503, 503, 200, 200])
            #expect(server.faults.happened(number) == 2)
        }
    }

    @Test func faultWithoutANumberHappensUntilItIsRemoved() async throws {
        try await withStandIn { (server, caller) throws in
            let first = server.faults.add(Fault(kind: .status(500)))
            server.faults.add(Fault(kind: .status(502)))
            #expect(try caller.get("/api/v1/enums").status == 500)
            server.faults.remove(first)
            #expect(try caller.get("/api/v1/enums").status == 502)
            server.faults.removeAll()
            #expect(try caller.get("/api/v1/enums").status == 200)
        }
    }

    @Test func faultConcernsSomeRequests() async throws {
        try await withStandIn { (server, caller) throws in
            server.add(lora(1))
            server.faults.add(Fault(when: .path("/api/v1/models/"), kind: .status(500)))
            server.faults.add(Fault(when: .endpoint(.enumerations), kind: .status(501)))
            server.faults.add(Fault(when: .bodyContains(hash(2).uppercased()), kind: .status(502)))
            server.faults.add(Fault(when: .image, kind: .status(503)))
            #expect(try caller.get(Target.model(1)).status == 500)
            #expect(try caller.get("/api/v1/models").status == 200)
            #expect(try caller.get("/api/v1/enums").status == 501)
            #expect(try caller.post(Target.ids, hashes: [hash(1)]).status == 200)
            #expect(try caller.post(Target.ids, hashes: [hash(1), hash(2)]).status == 502)
            #expect(try caller.get(Target.byHash(hash(2))).status == 404)
            server.faults.add(Fault(when: .contains(hash(2)), kind: .status(504)))
            #expect(try caller.get(Target.byHash(hash(2))).status == 504)
            #expect(try caller.get("/image/a/b/width=96/1.jpeg").status == 503)
        }
    }

    @Test(arguments: [
        "status=503", "429", "429=30", "region-blocked", "challenge", "challenge=503", "not-found-page",
        "redirect=http://a.invalid/", "hang", "drip=10", "reset", "truncated", "cut-short", "invalid-json",
        "other-shape", "empty", "huge", "huge=100", "gzip-garbage", "content-type=text/plain", "hang,image",
        "hang,contains=ab,times=3,skip=2",
    ])
    func faultsAreReadFromText(_ text: String) throws { _ = try Fault(text: text) }

    @Test func partsOfATextAreTheFaults() throws {
        let fault = try Fault(text: "429=30,path=/api/v1,times=2,skip=1")
        #expect(fault.times == 2)
        #expect(fault.skip == 1)
        guard case .path("/api/v1") = fault.when, case .tooManyRequests(.seconds(30)) = fault.kind else {
            Issue.record("\(fault)")
            return
        }
    }

    @Test(arguments: ["", "status", "status=x", "nothing", "hang,times", "hang,where=x", "drip", "hang,image=1"])
    func otherTextsMeanNothing(_ text: String) {
        #expect(throws: Fault.Meaningless.self) { try Fault(text: text) }
    }
}
