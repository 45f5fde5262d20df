import Testing

@testable import StandInCivitAI

@Suite(.timeLimit(.minutes(2))) struct ModelTests {
    @Test func versionsLeaveOutWhatIsEmpty() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            let reply = try caller.get(Target.model(1))
            let version = reply.json["modelVersions"]?[0]
            let absent = ["trainedWords", "images", "description", "paidAccess", "modelId", "air", "updatedAt"]
            for name in absent + ["usageControl", "trainingDetails"] {
                #expect(version?.names.contains(name) == false, "\(name)")
            }
            // Within the parts of a version nothing is left out.
            #expect(version?["files"]?[0]?["virusScanMessage"]?.isNull == true)
            #expect(version?["files"]?[0]?["primary"]?.boolean == true)
            #expect(reply.json["cosmetic"]?.isNull == true)
            #expect(reply.header("Cache-Control") == "public, s-maxage=300, stale-while-revalidate=150")
            let listed = try caller.get("/api/v1/models?ids=1").json["items"]?[0]?["modelVersions"]?[0]
            #expect(listed?["trainedWords"]?.elements?.isEmpty == true)
            #expect(listed?["description"]?.isNull == true)
        }
    }

    @Test func onlyThePrimaryFileSaysSo() async throws {
        try await withStandIn { server, caller in
            var model = lora(1)
            model.versions[0].files.append(StandInFile(name: "b.safetensors", bytes: 1, sha256: hash(2)))
            model.versions[0].files[0].type = "Training Data"
            server.add(model)
            let files = try caller.get(Target.model(1)).json["modelVersions"]?[0]?["files"]
            #expect(files?[0]?["primary"] == nil)
            let address = "https://civitai.com/api/download/models/10"
            #expect(files?[0]?["downloadUrl"]?.text == address + "?type=Training%20Data&format=SafeTensor")
            #expect(files?[1]?["primary"]?.boolean == true)
            #expect(files?[1]?["downloadUrl"]?.text == address)
        }
    }

    @Test func creatorOfADeletedAccountIsAbsent() async throws {
        try await withStandIn { (server, caller) throws in
            server.add(lora(1))
            #expect(try caller.get(Target.model(1)).json["creator"]?["username"]?.text == "someone")
            server.update(model: 1) { $0.creator = nil }
            #expect(try caller.get(Target.model(1)).json.names.contains("creator") == false)
        }
    }

    @Test func unknownModelsAreNotFound() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            server.unpublish(model: 1)
            for id: Int64 in [1, 2] {
                let reply = try caller.get(Target.model(id))
                #expect(reply.status == 404)
                #expect(reply.text == #"{"error":"No model with id \#(id)"}"#)
            }
            for id in ["0", "x", "2147483648"] {
                #expect(try caller.get("/api/v1/models/\(id)").status == 400, "\(id)")
            }
        }
    }

    @Test func versionsMayAllBeGone() async throws {
        try await withStandIn { server, caller in
            server.add(lora(1))
            server.remove(version: 10)
            let reply = try caller.get(Target.model(1))
            #expect(reply.status == 200)
            #expect(reply.json["modelVersions"]?.elements?.isEmpty == true)
            #expect(try caller.get(Target.version(10)).status == 404)
        }
    }

    @Test(arguments: [
        ("LORA", "Some LoRA", "up load.safetensors"), ("TextualInversion", "Easy", "easy-neg.safetensors"),
        ("Checkpoint", "Some 3D-model", "some3DModel_v10.safetensors"), ("Checkpoint", "日本", "up load.safetensors"),
    ])
    func namesOfFilesAreMadeAnew(_ type: String, _ model: String, _ expected: String) {
        var file = StandInFile(name: "up load.safetensors", bytes: 1)
        if type == "TextualInversion" { file.type = "Negative" }
        var version = StandInVersion(id: 10, name: "v1.0", files: [file])
        version.trainedWords = ["easy"]
        let entry = Catalogue.Entry(model: StandInModel(id: 1, name: model, type: type), version: version)
        #expect(downloadName(of: file, entry) == expected)
        file.overrideName = "wanted.bin"
        #expect(downloadName(of: file, entry) == "wanted.bin")
    }
}
