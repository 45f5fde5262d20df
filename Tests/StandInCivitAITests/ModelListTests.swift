import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct ModelListTests {
    private static func ids(_ reply: Reply) -> [Int64]? {
        reply.json["items"]?.elements?.compactMap { $0["id"]?.integer }
    }

    @Test func onlyModelsForAllAgesAreListedUnasked() async throws {
        try await withStandIn { (server, caller) throws in
            server.add(lora(1), lora(2), lora(3), lora(4), lora(5))
            server.update(model: 2) { $0.nsfwLevel = 31 }
            server.update(model: 3) { $0.mode = .archived }
            server.update(model: 4) { $0.mode = .takenDown }
            server.unpublish(model: 5)
            let target = "/api/v1/models?ids=1,2,3,4,5,99"
            #expect(Self.ids(try caller.get(target)) == [1, 4])
            #expect(Self.ids(try caller.get(target + "&nsfw=true")) == [1, 2, 4])
            #expect(Self.ids(try caller.get(target + "&archived=true")) == [1, 3, 4])
            #expect(Self.ids(try caller.get(target + "&nsfw=true&archived=true")) == [1, 2, 3, 4])
        }
    }

    @Test func pagesFollowEachOther() async throws {
        try await withStandIn { server, caller in
            server.add(contentsOf: (1...5).map { lora($0) })
            let first = try caller.get("/api/v1/models?ids=1,2,3,4,5&limit=3")
            #expect(Self.ids(first) == [1, 2, 3])
            let next = first.json["metadata"]?["nextPage"]?.text ?? ""
            #expect(next.hasPrefix(server.baseURL))
            let second = try caller.get(String(next.dropFirst(server.baseURL.count)))
            #expect(Self.ids(second) == [4, 5])
            #expect(second.json["metadata"]?["nextPage"] == nil)
            #expect(Self.ids(try caller.get("/api/v1/models?page=2&limit=2")) == [3, 4])
            #expect(Self.ids(try caller.get("/api/v1/models?limit=0")) == [])
        }
    }

    @Test func tooManyPagesAreToldByTheWrongStatus() async throws {
        try await withStandIn { _, caller in
            let reply = try caller.get("/api/v1/models?page=11&limit=100")
            #expect(reply.status == 429)
            #expect(reply.text == #"{"error":"You've requested too many pages, please use cursors instead"}"#)
            #expect(reply.header("Retry-After") == nil)
            #expect(try caller.get("/api/v1/models?page=10&limit=100").status == 200)
        }
    }

    @Test(arguments: ["limit=101", "limit=-1", "limit=x", "ids=1,x", "page=0", "ids=0"])
    func errorOfABadParameterIsAnObject(_ query: String) async throws {
        try await withStandIn { _, caller in
            let reply = try caller.get("/api/v1/models?" + query)
            #expect(reply.status == 400)
            #expect(reply.json["error"]?["issues"]?.elements?.isEmpty == false)
        }
    }

    @Test func hundredModelsAreOnePage() async throws {
        try await withStandIn { (server, caller) throws in
            server.add(contentsOf: (1...150).map { lora($0) })
            let ids = (1...150).map(String.init).joined(separator: ",")
            #expect(Self.ids(try caller.get("/api/v1/models?ids=\(ids)"))?.count == 100)
        }
    }
}
