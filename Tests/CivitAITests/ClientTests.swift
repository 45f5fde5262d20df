import CivitAIRecords
import TestSupport
import Testing

@testable import CivitAI

@Suite struct ClientTests {
    private let digest = String(repeating: "ab", count: 32)
    private let other = String(repeating: "cd", count: 32)

    @Test func candidatesAreFoundByManyDigests() throws {
        let (digest, other) = (digest.uppercased(), other.uppercased())
        let fixture = try ClientFixture(
            json: #"""
                [{"modelVersionId":2,"modelId":1,"hash":"\#(digest)"},{"modelVersionId":2,"modelId":1,"hash":"\#(digest)"},
                 {"modelVersionId":3,"hash":"\#(digest)"},
                 {"modelVersionId":4,"modelId":1,"hash":"\#(String(repeating: "0", count: 64))"}]
                """#)
        let matches = try fixture.client.candidates(forDigests: [self.digest, self.other])
        #expect(
            matches == [
                CivitAIHashMatch(sha256: self.digest, versionID: 2, modelID: 1),
                CivitAIHashMatch(sha256: self.digest, versionID: 3, modelID: nil),
            ])
        let request = try #require(fixture.server.requests.first)
        #expect(request.hasPrefix("POST /api/v1/model-versions/by-hash/ids HTTP/1.1\r\n"))
        #expect(request.hasSuffix("\r\n\r\n[\"\(digest)\",\"\(other)\"]"))
        #expect(request.contains("\r\nContent-Type: application/json\r\n"))
        #expect(request.contains("\r\nAccept: application/json\r\n"))
        #expect(request.contains("\r\nUser-Agent: kikod/test\r\n"))
    }

    /// What is missing from the answer counts as not known.
    @Test(arguments: ["null", #"{"modelVersionId":"x","hash":"ab"}"#, #"{"hash":7}"#, "[]", "7"])
    func nothingIsPassedOverAmongCandidates(element: String) throws {
        let fixture = try ClientFixture(json: #"[{"modelVersionId":2,"hash":"\#(digest)"},\#(element)]"#)
        #expect(throws: CivitAIError.self) { try fixture.client.candidates(forDigests: [digest, other]) }
    }

    @Test func versionsAreDescribedOneByOneWithTheirText() throws {
        let fixture = try ClientFixture(json: #" [ {"id": 5, "name": "a"} , null,{"id":"x"},7,{"id":6}]"#)
        var answers = try fixture.client.versions(forDigests: [digest])
        let next = answers.next()
        let first = try #require(next)
        #expect(first.record.id == 5 && first.record.name == "a")
        #expect(first.text == Array(#"{"id": 5, "name": "a"}"#.utf8))
        #expect(answers.skippedCount == 0)
        let second = answers.next()
        #expect(second?.record.id == 6)
        for _ in 0..<2 {
            let none = answers.next()
            #expect(none?.record == nil)
        }
        #expect(answers.skippedCount == 3)
        #expect(fixture.targets == ["POST /api/v1/model-versions/by-hash"])
    }

    @Test func modelsAreDescribedByTheirNumbers() throws {
        let fixture = try ClientFixture(
            json: #"{"metadata":{"items":[1]},"items":[{"id":1,"modelVersions":[{"id":2}]},{"id":3}],"x":[]}"#)
        let answers = try fixture.client.models(ids: [1, 3, 9])
        #expect(answers.map(\.record.id) == [1, 3])
        #expect(fixture.targets == ["GET /api/v1/models?ids=1,3,9&nsfw=true&archived=true&limit=100"])
    }

    @Test func oneThingIsDescribed() throws {
        let fixture = try ClientFixture(json: #"{"id":5,"modelId":4}"#)
        let version = try #require(try fixture.client.version(id: 5))
        #expect(version.record.modelID == 4 && version.text == Array(#"{"id":5,"modelId":4}"#.utf8))
        #expect(try fixture.client.model(id: 5)?.record.id == 5)
        #expect(try fixture.client.version(hash: "abcdef012345")?.record.id == 5)
        #expect(
            fixture.targets == [
                "GET /api/v1/model-versions/5", "GET /api/v1/models/5",
                "GET /api/v1/model-versions/by-hash/ABCDEF012345",
            ])
        #expect(fixture.server.connections == 1)
    }

    @Test func anAnswerAboutSomethingElseIsNone() throws {
        let fixture = try ClientFixture(json: #"{"id":6}"#)
        let error = #expect(throws: CivitAIError.self) { try fixture.client.version(id: 5) }
        #expect(error?.code == .malformed)
        #expect(#expect(throws: CivitAIError.self) { try fixture.client.model(id: 5) }?.code == .malformed)
    }

    @Test(arguments: [#"{"error":"Model not found"}"#, #"{"error":"No model with id 1"}"#])
    func whatCivitAIDoesNotHaveIsNone(body: String) throws {
        let fixture = try ClientFixture(status: "404 Not Found", json: body)
        #expect(try fixture.client.model(id: 1) == nil)
        #expect(try fixture.client.version(id: 1) == nil)
        #expect(try fixture.client.version(hash: digest) == nil)
    }

    @Test(arguments: ["", "{}", "[]", #"{"error":{}}"#, #""gone""#, "<html></html>", "not found"])
    func another404IsAFailure(body: String) throws {
        let fixture = try ClientFixture(status: "404 Not Found", json: body)
        #expect(askForModel(fixture)?.code == .malformed)
    }

    @Test func a404OfAListIsAFailure() throws {
        let fixture = try ClientFixture(status: "404 Not Found", json: #"{"error":"Not found"}"#)
        #expect(throws: CivitAIError.self) { try fixture.client.candidates(forDigests: [digest]) }
        #expect(throws: CivitAIError.self) { try fixture.client.versions(forDigests: [digest]) }
        #expect(throws: CivitAIError.self) { try fixture.client.models(ids: [1]) }
    }

    @Test func whatCannotBeAskedIsNotAsked() throws {
        let fixture = try ClientFixture(json: "[]")
        let client = fixture.client
        let many = [String](repeating: digest, count: 10_001)
        for question in [
            { _ = try client.candidates(forDigests: many) }, { _ = try client.candidates(forDigests: ["ab"]) },
            { _ = try client.versions(forDigests: Array(many.prefix(101))) }, { _ = try client.models(ids: [0]) },
            { _ = try client.models(ids: [Int64](repeating: 1, count: 101)) },
            { _ = try client.model(id: Int64(Int32.max) + 1) }, { _ = try client.version(id: -1) },
            { _ = try client.version(hash: "../../me") }, { _ = try client.version(hash: "abc") },
        ] as [() throws -> Void] {
            #expect(#expect(throws: CivitAIError.self) { try question() }?.code == .badRequest)
        }
        #expect(try client.candidates(forDigests: []).isEmpty)
        #expect(try client.versions(forDigests: []).map(\.record.id).isEmpty)
        #expect(try client.models(ids: []).map(\.record.id).isEmpty)
        #expect(fixture.server.connections == 0)
    }

    @Test func anElementThatIsTooLargeIsLeftOut() throws {
        let long = String(repeating: "x", count: 8 << 20)
        let many = String(repeating: "0,", count: 210_000) + "0"
        let fixture = try ClientFixture(json: #"[{"id":1,"name":"\#(long)"},{"id":2,"x":[\#(many)]},{"id":3}]"#)
        var answers = try fixture.client.versions(forDigests: [digest])
        let only = answers.next()
        let none = answers.next()
        #expect(only?.record.id == 3 && none?.record == nil && answers.skippedCount == 2)
    }

    @Test func thePathOfTheAddressIsKept() throws {
        let server = try TinyServer { _ in okay(#"{"id":1}"#) }
        let client = try CivitAIClient(baseURL: "http://localhost:\(server.port)/mirror/", userAgent: "k")
        _ = try client.model(id: 1)
        #expect(server.requests.first?.hasPrefix("GET /mirror/api/v1/models/1 ") == true)
    }

    @Test func imagesAreFetched() throws {
        let server = try TinyServer(answering: { request in
            request.contains("/gone")
                ? answer("404 Not Found", "none", type: "text/plain") : .last(Array(okay("JPEG").utf8))
        })
        let origin = "http://127.0.0.1:\(server.port)"
        let client = try ImageClient(userAgent: "k")
        #expect(try client.image(origin: origin, target: "/gone", limit: 10) == nil)
        #expect(try client.image(origin: origin, target: "/a?b=c", limit: 10) == Array("JPEG".utf8))
        #expect(server.connections == 1)
        let error = #expect(throws: CivitAIError.self) {
            try client.image(origin: origin, target: "/a", limit: 3)
        }
        #expect(error?.code == .tooLarge)
        #expect(#expect(throws: CivitAIError.self) { try ImageClient(userAgent: "a\r\nb") }?.code == .badRequest)
    }
}
