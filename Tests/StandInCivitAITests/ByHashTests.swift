import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct ByHashTests {
    @Test func everyKindOfHashIsFoundInAnyCase() async throws {
        try await withStandIn { server, caller in
            var file = StandInFile(name: "a.safetensors", bytes: 1024, sha256: hash(1))
            file.hashes[.autoV1] = "f414c813"
            file.hashes[.autoV3] = "34a22376739d" + String(repeating: "0", count: 52)
            file.hashes[.crc32] = "A65AE7B3"
            file.hashes[.blake3] = String(repeating: "b", count: 64)
            server.add(StandInModel(id: 1, name: "A", versions: [StandInVersion(id: 10, files: [file])]))
            let wanted = [
                hash(1), hash(1).uppercased(), String(hash(1).prefix(10)), "F414C813", "f414c813", "34A22376739D",
                "a65ae7b3", String(repeating: "B", count: 64),
            ]
            for hash in wanted {
                let reply = try caller.get(Target.byHash(hash))
                #expect(reply.status == 200, "\(hash)")
                #expect(reply.json["id"]?.integer == 10)
                #expect(reply.json["files"]?[0]?["hashes"]?["AutoV3"]?.text == "34A22376739D")
                #expect(reply.json["files"]?[0]?["hashes"]?["SHA256"]?.text == storedHash(1))
            }
        }
    }

    @Test(arguments: [8, 9, 11, 12, 63])
    func beginningOfAHashIsNotFound(_ count: Int) async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let reply = try caller.get(Target.byHash(String(hash(1).prefix(count))))
            #expect(reply.status == 404)
            #expect(reply.text == #"{"error":"Model not found"}"#)
            #expect(reply.header("Cache-Control") == "public, s-maxage=3600, stale-while-revalidate=1800")
        }
    }

    @Test func headersAreThoseOfTheMiddlewareAndTheWrapper() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let reply = try caller.get(Target.byHash(hash(1)))
            #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
            #expect(reply.header("X-Handled-By") != nil)
            #expect(reply.header("Cache-Control") == "public, s-maxage=3600, stale-while-revalidate=1800")
        }
    }

    @Test func onlyWhatIsPublishedIsFound() async throws {
        try await withStandIn { (server, caller) throws in
            server.add(lora(1), lora(2))
            server.update(version: 10) { $0.status = .scheduled }
            server.update(model: 2) { $0.status = .unpublished }
            #expect(try caller.get(Target.byHash(hash(1))).status == 404)
            #expect(try caller.get(Target.byHash(hash(2))).status == 404)
            server.update(version: 10) { $0.status = .published }
            #expect(try caller.get(Target.byHash(hash(1))).status == 200)
        }
    }

    @Test func oldestPublicationComesFirst() async throws {
        try await withStandIn { (server, caller) throws in
            var (younger, older, undated) = (lora(1), lora(2), lora(3))
            younger.versions[0].publishedAt = "2025-01-01T00:00:00.000Z"
            older.versions[0].publishedAt = "2023-01-01T00:00:00.000Z"
            undated.versions[0].publishedAt = nil
            for model in [undated, younger, older] {
                var model = model
                model.versions[0].files[0].hashes[.sha256] = hash(9)
                server.add(model)
            }
            #expect(try caller.get(Target.byHash(hash(9))).json["modelId"]?.integer == 2)
            server.unpublish(model: 2)
            #expect(try caller.get(Target.byHash(hash(9))).json["modelId"]?.integer == 1)
            server.remove(model: 1)
            #expect(try caller.get(Target.byHash(hash(9))).json["modelId"]?.integer == 3)
        }
    }

    @Test func privateAndReplacedFilesAreFoundButNotListed() async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            var replaced = StandInFile(name: "old.safetensors", bytes: 1, sha256: hash(2))
            replaced.isReplaced = true
            var hidden = StandInFile(name: "data.zip", bytes: 1, sha256: hash(3))
            hidden.isPublic = false
            model.versions[0].files += [replaced, hidden]
            server.add(model)
            for number in 1...3 {
                let files = try caller.get(Target.byHash(hash(number))).json["files"]
                #expect(files?.elements?.count == 1)
                #expect(files?[0]?["hashes"]?["SHA256"]?.text == storedHash(1))
            }
        }
    }

    @Test func versionWithoutAListedFileIsAMissingFile() async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            model.versions[0].files[0].isReplaced = true
            server.add(model)
            let reply = try caller.get(Target.byHash(hash(1)))
            #expect(reply.status == 404)
            #expect(reply.text == #"{"error":"Missing model file"}"#)
        }
    }

    @Test func archivedModelsHaveNoFilesAndThoseTakenDownNoImages() async throws {
        try await withStandIn { server, caller in
            var (archived, takenDown) = (lora(1), lora(2))
            archived.mode = .archived
            takenDown.mode = .takenDown
            takenDown.versions[0].images = [StandInImage(id: 7)]
            server.add(archived, takenDown)
            let first = try caller.get(Target.byHash(hash(1))).json
            #expect(first["files"]?.elements?.isEmpty == true)
            #expect(first["downloadUrl"] == nil)
            #expect(first["model"]?["mode"]?.text == "Archived")
            let second = try caller.get(Target.byHash(hash(2))).json
            #expect(second["images"]?.elements?.isEmpty == true)
            #expect(second["files"]?.elements?.count == 1)
            #expect(second["model"]?["mode"]?.text == "TakenDown")
        }
    }

    @Test func answerHasItsFieldsAndTheAddressOfItsHost() async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            model.versions[0].images = (1...12).map { StandInImage(id: $0) }
            server.add(model)
            let json = try caller.get(Target.byHash(hash(1)), headers: [("Host", "civitai.example")]).json
            #expect(json["downloadUrl"]?.text == "https://civitai.example/api/download/models/10")
            #expect(json["air"]?.text == "urn:air:sd1:lora:civitai:1@10")
            #expect(json["images"]?.elements?.count == 10)
            #expect(json["images"]?[0]?.names.contains("id") == false)
            #expect(json["images"]?[0]?["meta"]?.isNull == true)
            #expect(json["model"]?.names == ["name", "type", "nsfw", "poi"])
            #expect(json["files"]?[0]?["sizeKB"]?.number == 24.0771484375)
            #expect(json["files"]?[0]?["overrideName"]?.isNull == true)
            #expect(json["files"]?[0]?["primary"]?.boolean == true)
            #expect(json["creator"] == nil && json["tags"] == nil)
        }
    }

    @Test func withoutAHashNothingIsAsked() async throws {
        try await withStandIn { (_, caller) throws in
            #expect(try caller.get(Target.byHash("")).status == 400)
        }
    }
}

private func storedHash(_ number: Int) -> String { hash(number).uppercased() }
