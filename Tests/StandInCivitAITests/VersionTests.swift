import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct VersionTests {
    @Test func timesOfScansAreThoseOfTheDatabase() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let file = try caller.get(Target.version(10)).json["files"]?[0]
            #expect(file?["scannedAt"]?.text == "2024-01-01T00:00:03.46")
            #expect(file?.names.contains("overrideName") == false)
            #expect(try caller.get(Target.byHash(hash(1))).json["files"]?[0]?["scannedAt"]?.text?.last == "Z")
        }
        #expect(databaseTime("2024-01-01T00:00:03.000Z") == "2024-01-01T00:00:03")
    }

    @Test func unknownVersionsAreNotFoundAndOthersNotAsked() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            server.unpublish(version: 10)
            for target in [Target.version(10), Target.version(11)] {
                let reply = try caller.get(target)
                #expect(reply.status == 404)
                #expect(reply.text == #"{"error":"Model not found"}"#)
            }
            for id in ["0", "-1", "2147483648", "one", "1.5"] {
                #expect(try caller.get("/api/v1/model-versions/\(id)").status == 400, "\(id)")
            }
        }
    }

    @Test func answersToKnownUsersAreTheirOwn() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            server.configure { $0.validTokens = ["good"] }
            let target = Target.version(10)
            let shared = "public, s-maxage=300, stale-while-revalidate=150"
            #expect(try caller.get(target).header("Cache-Control") == shared)
            let bad = try caller.get(target, headers: [("Authorization", "Bearer bad")])
            #expect(bad.status == 200)
            #expect(bad.header("Cache-Control") == shared)
            let good = try caller.get(target, headers: [("Authorization", "Bearer good")])
            #expect(good.header("Cache-Control") == "max-age=0, private, no-cache")
        }
    }

    @Test func shortDescriptionTellsTheUploadedName() async throws {
        try await withStandIn { server, caller in
            var model = StandInModel.checkpoint(
                id: 1, version: 10, name: "Nice model", sha256: hash(1), bytes: 2048, fileName: "nice_V1.safetensors")
            model.versions[0].files.append(StandInFile(name: "b.safetensors", bytes: 1024, sha256: hash(2)))
            server.add(model)
            let json = try caller.get("/api/v1/model-versions/mini/10").json
            #expect(json["fileName"]?.text == "nice_V1.safetensors")
            #expect(json["size"]?.number == 2)
            #expect(try caller.get(Target.version(10)).json["files"]?[0]?["name"]?.text == "niceModel_v10.safetensors")
            let other = try caller.get("/api/v1/model-versions/mini/10?modelFileId=101")
            #expect(other.json["size"]?.number == 1)
            let missing = try caller.get("/api/v1/model-versions/mini/10?modelFileId=7")
            #expect(missing.status == 404)
            #expect(missing.text == #"{"error":"Model file 7 not found in version 10"}"#)
        }
    }

    @Test func imagesTellHowTheyWereMade() async throws {
        try await withStandIn { server, caller in
            var image = StandInImage(id: 77, level: 4)
            image.meta = #"{"prompt":"a cat","seed":12}"#
            image.resources = [
                StandInResource(type: "lora", name: "x", hash: "abc", weight: 0.5),
                StandInResource(type: "checkpoint", versionID: 5),
            ]
            var model = lora(1)
            model.versions[0].images = [image]
            server.add(model)
            let json = try caller.get(Target.version(10)).json["images"]?[0]
            #expect(json?["nsfwLevel"]?.integer == 4)
            #expect(json?["meta"]?["prompt"]?.text == "a cat")
            #expect(json?["meta"]?["resources"]?[0]?["weight"]?.number == 0.5)
            #expect(json?["meta"]?["civitaiResources"]?[0]?["modelVersionId"]?.integer == 5)
            #expect(json?["hasPositivePrompt"]?.boolean == true)
            #expect(json?["url"]?.text?.hasSuffix("/original=true/77.jpeg") == true)
            #expect(json?["url"]?.text?.hasPrefix(server.baseURL + "/image/") == true)
        }
    }
}
