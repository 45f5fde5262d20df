import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct OtherEndpointTests {
    @Test func accountWantsAValidToken() async throws {
        try await withStandIn { server, caller in
            server.configure { $0.validTokens = ["good"] }
            for headers in [[], [("Authorization", "Bearer bad")], [("Authorization", "good")]] {
                let reply = try caller.get("/api/v1/me", headers: headers)
                #expect(reply.status == 401)
                #expect(reply.text == #"{"error":"Unauthorized"}"#)
            }
            let reply = try caller.get("/api/v1/me", headers: [("Authorization", "Bearer good")])
            #expect(reply.json["username"]?.text == "someone")
            #expect(try caller.get("/api/v1/me?token=good").status == 200)
        }
    }

    @Test func vocabulariesAreListsOfWords() async throws {
        try await withStandIn { server, caller in
            server.configure { $0.enumerations["BaseModel"] = ["A", "B"] }
            let reply = try caller.get("/api/v1/enums")
            #expect(reply.json["BaseModel"]?.elements?.compactMap(\.text) == ["A", "B"])
            #expect(reply.json["ModelType"]?.elements?.isEmpty == false)
            #expect(reply.header("Cache-Control") == "max-age=0, private, no-cache")
        }
    }

    @Test(arguments: ["/api/v1/me", "/api/v1/models", "/api/v1/model-versions/1", "/api/v1/model-versions/mini/1"])
    func otherMethodsAreRefused(_ target: String) async throws {
        try await withStandIn { _, caller in
            let reply = try caller.post(target, "{}")
            #expect(reply.status == 405)
            #expect(reply.text == #"{"error":"Method not allowed"}"#)
        }
    }

    @Test(arguments: ["/", "/api/v1/nothing", "/models/1", "/api/v1/models/1/2"])
    func otherPathsAreAPage(_ target: String) async throws {
        try await withStandIn { _, caller in
            let reply = try caller.get(target)
            #expect(reply.status == 404)
            #expect(reply.header("Content-Type") == "text/html; charset=utf-8")
        }
    }

    @Test func headIsAnsweredWithoutContent() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let reply = try caller.get(Target.model(1), method: "HEAD")
            #expect(reply.status == 200)
            #expect(reply.body.isEmpty)
            #expect(try caller.get(Target.model(1)).status == 200)
            #expect(server.connections == 1)
        }
    }

    @Test func thereIsNoOtherAddressThanTheLoopback() throws {
        let server = try StandInCivitAI()
        #expect(server.baseURL.hasPrefix("http://127.0.0.1:"))
    }
}
