import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct BulkTests {
    @Test func everyFileThatMatchesIsAnElement() async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            model.versions[0].files.append(StandInFile(name: "b.safetensors", bytes: 2, sha256: hash(2)))
            var duplicate = lora(3)
            duplicate.versions[0].files[0].hashes[.sha256] = hash(1)
            server.add(model, duplicate)
            let reply = try caller.post(Target.byHash, hashes: [hash(1), hash(2), hash(99), hash(1).uppercased()])
            #expect(reply.status == 200)
            let ids = reply.json.elements?.compactMap { $0["id"]?.integer }.sorted()
            #expect(ids == [10, 10, 30])
            let address = reply.json[0]?["downloadUrl"]?.text ?? ""
            #expect(address.hasPrefix("https://undefined/api/download/models/"))
            #expect(reply.header("Cache-Control") == "public, s-maxage=300, stale-while-revalidate=150")
        }
    }

    @Test func versionsWithoutAPrimaryFileAreNull() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1), lora(2))
            server.update(version: 10) { $0.files[0].isPrimary = false }
            let json = try caller.post(Target.byHash, hashes: [hash(1), hash(2)]).json
            #expect(json.elements?.count == 2)
            #expect(json.elements?.count { $0.isNull } == 1)
        }
    }

    @Test func orderDependsOnTheSeedAlone() async throws {
        try await withStandIn { server, caller in
            server.add(contentsOf: (1...20).map { lora($0) })
            let hashes = (1...20).map { hash($0) }
            let first = try caller.post(Target.ids, hashes: hashes).text
            #expect(try caller.post(Target.ids, hashes: hashes).text == first)
            server.configure { $0.seed = 1 }
            #expect(try caller.post(Target.ids, hashes: hashes).text != first)
        }
    }

    @Test func numbersComeWithTheHashAndTheModel() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let json = try caller.post(Target.ids, hashes: [hash(1), hash(2)]).json
            #expect(json.elements?.count == 1)
            #expect(json[0]?["modelVersionId"]?.integer == 10)
            #expect(json[0]?["modelId"]?.integer == 1)
            #expect(json[0]?["hash"]?.text == hash(1).uppercased())
            server.configure { $0.omitsModelIDs = true }
            #expect(try caller.post(Target.ids, hashes: [hash(1)]).json[0]?.names == ["modelVersionId", "hash"])
        }
    }

    @Test(arguments: [Target.byHash, Target.ids])
    func onlyWholeSHA256Matches(_ target: String) async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            model.versions[0].files[0].hashes[.blake3] = hash(5)
            server.add(model)
            let reply = try caller.post(target, hashes: [hash(5)])
            #expect(reply.status == 200)
            #expect(reply.text == "[]")
        }
    }

    @Test(arguments: [Target.byHash, Target.ids])
    func oneBadElementRefusesAll(_ target: String) async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let bodies = [
                #"["\#(hash(1))","\#(hash(1).prefix(63))"]"#, #"["\#(hash(1))",7]"#, #"{"hashes":[]}"#, "", "{}",
                #"["\#(hash(1))a"]"#,
            ]
            for body in bodies {
                let reply = try caller.post(target, body)
                #expect(reply.status == 400, "\(body)")
                let message = reply.json["error"]?.text ?? ""
                #expect(message.hasPrefix("Request must include an array of SHA256 Hashes. "))
            }
        }
    }

    @Test func otherThanJSONIsRefused() async throws {
        try await withStandIn { _, caller in
            let reply = try caller.post(Target.ids, "[]", type: "application/x-www-form-urlencoded")
            #expect(reply.status == 400)
            let broken = try caller.post(Target.ids, "[")
            #expect(broken.status == 400)
            #expect(broken.text == "Invalid JSON")
            #expect(try caller.post(Target.ids, "[]", type: "application/json; charset=utf-8").text == "[]")
        }
    }

    @Test(arguments: [(Target.byHash, 100), (Target.ids, 10_000)])
    func numberOfHashesHasALimit(_ target: String, _ limit: Int) async throws {
        try await withStandIn { server, caller in
            server.add(lora(limit))
            let hashes = (1...limit).map { hash($0) }
            let reply = try caller.post(target, hashes: hashes)
            #expect(reply.status == 200)
            #expect(reply.json.elements?.count == 1)
            #expect(try caller.post(target, hashes: hashes + [hash(0)]).status == 400)
        }
    }

    @Test func longerBodyIsRefused() async throws {
        try await withStandIn { server, caller in
            let reply = try caller.post(Target.ids, "[" + String(repeating: " ", count: 1 << 20) + "]")
            #expect(reply.status == 413)
            #expect(reply.text == "Body exceeded 1mb limit")
            #expect(server.requests.last?.isBodyTooLong == true)
            #expect(server.requests.last?.body.count == 1 << 20)
            let fitting = try caller.post(Target.ids, "[" + String(repeating: " ", count: (1 << 20) - 2) + "]")
            #expect(fitting.status == 200)
        }
    }
}
