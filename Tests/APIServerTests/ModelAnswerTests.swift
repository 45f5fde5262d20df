import FoundationEssentials
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// `models`, `updates`, `triggers` and `prompts`.
@Suite struct ModelAnswerTests {
    private func withLinked(_ body: (APIFixture, FileObject) async throws -> Void) async throws {
        try await withAPI { api in
            let file = try await api.add("loras/a.safetensors", safetensors(metadata: "{}"))
            try await api.addModel()
            try await api.link(file.id)
            try await body(api, file)
        }
    }

    @Test func aModelHasEveryKey() async throws {
        try await withLinked { api, file in
            try await api.run(
                """
                INSERT INTO version_files (id, version_id, name, size_kb, is_primary, updated_at)
                VALUES (50, 10, 'a.safetensors', 24.0771484375, 1, '')
                """)
            let answer = try await api.get("models/1")
            #expect(
                try keys(answer.body) == [
                    "model_id", "name", "type", "description", "description_text", "creator", "tags", "nsfw_level",
                    "licence", "stats", "versions", "page_url", "gone_since",
                ])
            let model = try answer.decode(ModelAnswer.self)
            #expect((model.modelID, model.name, model.type, model.creator) == (1, "Model", "LORA", "anna"))
            #expect(model.descriptionText == "A model & more\nfor you")
            #expect(model.description?.hasPrefix("<p>A <b>") == true)
            #expect(model.pageURL == "https://civitai.com/models/1")
            #expect(model.versions.map(\.versionID) == [11, 10])
            let version = try #require(model.versions.last)
            #expect(
                try keys(Array(WireJSON.encode(version))) == [
                    "version_id", "name", "base_model", "published_at", "trained_words", "files", "images",
                    "installed_paths", "gone_since",
                ])
            #expect((version.trainedWords, version.installedPaths) == (["first word", "second"], [file.path]))
            #expect((version.files.first?.size, version.files.first?.isPrimary) == (24_655, true))
            #expect(version.images.map(\.nsfwLevel) == [1, 4])
            let tame = try await api.get("models/1?max_nsfw_level=3", as: ModelAnswer.self)
            #expect(tame.versions.map(\.images.count) == [0, 1])
        }
    }

    @Test func updatesAreListedInPages() async throws {
        try await withLinked { api, file in
            let answer = try await api.get("updates")
            #expect(try keys(answer.body) == ["updates", "total"])
            let updates = try answer.decode(UpdatesAnswer.self)
            let update = try #require(updates.updates.first)
            #expect(updates.total == 1)
            #expect(
                update
                    == UpdateObject(
                        modelID: 1, modelName: "Model", baseModel: "Pony",
                        installed: .init(versionID: 10, versionName: "v1", publishedAt: "2025-01-01T00:00:00.000Z"),
                        latest: .init(versionID: 11, versionName: "v2", publishedAt: "2025-02-01T00:00:00.000Z"),
                        otherBaseModels: 0, earlyAccess: false, paths: [file.path]))
            #expect(update.pageURL == "https://civitai.com/models/1?modelVersionId=11")
            #expect(
                try keys(Array(WireJSON.encode(update))) == [
                    "model_id", "model_name", "base_model", "installed", "latest", "other_base_models", "early_access",
                    "paths", "page_url",
                ])
            func total(_ query: String) async throws -> [Int] {
                let answer = try await api.get("updates?" + query, as: UpdatesAnswer.self)
                return [answer.updates.count, answer.total]
            }
            #expect(try await total("limit=0") == [0, 1])
            #expect(try await total("offset=1") == [0, 1])
            #expect(try await total("type=lora&base=pony&all=true") == [1, 1])
            #expect(try await total("type=vae") == [0, 0])
            #expect(try await total("base=SDXL%201.0") == [0, 0])
            #expect(try await total("all=false") == [1, 1])
        }
    }

    @Test func aFileIsNamedInEveryWay() async throws {
        try await withLinked { api, file in
            let link = api.library.parent.appending("link")
            try makeSymbolicLink(link, to: api.library)
            let hash = try #require(file.sha256).prefix(8).uppercased()
            let path = api.library.appending("loras/a.safetensors")
            for way in [
                "id=\(file.id)", "path=\(path)", "path=\(link)/loras/a.safetensors", "path_base64=\(api.base64(path))",
                "hash=\(hash)",
            ] {
                let answer = try await api.get("triggers?\(way)")
                #expect(answer.status == 200, "\(way): \(answer.text)")
                let expected = TriggersAnswer(path: file.path, words: ["first word", "second"], source: "civitai")
                #expect(try answer.decode(TriggersAnswer.self) == expected)
            }
        }
    }

    @Test func promptsAreThoseOfTheVersionOrOfTheModel() async throws {
        try await withLinked { api, file in
            let answer = try await api.get("prompts?id=\(file.id)")
            let prompts = try answer.decode(PromptsAnswer.self)
            #expect((prompts.prompts.map(\.prompt), prompts.total) == (["a cat", "a dog"], 2))
            #expect(answer.text.contains(#""steps":30"#))
            #expect(
                try keys(Array(WireJSON.encode(try #require(prompts.prompts.first)))) == [
                    "prompt", "negative_prompt", "sampler", "steps", "cfg_scale", "seed", "size", "resources",
                    "image_url", "nsfw_level",
                ])
            func texts(_ query: String) async throws -> [String] {
                try await api.get("prompts?" + query, as: PromptsAnswer.self).prompts.map(\.prompt)
            }
            #expect(try await texts("id=\(file.id)&max_nsfw_level=1") == ["a cat"])
            #expect(try await texts("model_id=1") == ["a bird", "a cat", "a dog"])
            #expect(try await texts("model_id=1&max_nsfw_level=63") == ["a cat", "a dog"])
            try await api.setLookup(file.id, "state = 'unlinked'")
            #expect(try await texts("id=\(file.id)") == [])
        }
    }

    @Test func aHashOfSeveralContentsNamesTheCandidates() async throws {
        try await withAPI { api in
            let one = try await api.add("a.safetensors", safetensors(metadata: "{}"))
            let two = try await api.add("b.safetensors", safetensors(metadata: #"{"x":"y"}"#))
            let hash = try #require(one.hashes.autoV3)
            #expect(two.hashes.autoV3 == hash)
            for (method, target, body) in [
                ("GET", "triggers?hash=\(hash)", ""), ("GET", "prompts?hash=\(hash)", ""),
                ("POST", "link", #"{"hash":"\#(hash)"}"#), ("POST", "unlink", #"{"hash":"\#(hash)"}"#),
            ] {
                let answer = try await api.send(method, target, body: body)
                #expect(answer.status == 409)
                let failure = try answer.decode(APIFailure.self)
                #expect(failure.code == "conflict")
                #expect(failure.error.contains(one.path) && failure.error.contains(two.path))
            }
            // Copies are one content.
            try await api.add("c.pt", Array("same".utf8))
            let copy = try await api.add("d.pt", Array("same".utf8))
            #expect(try await api.get("triggers?hash=\(copy.sha256 ?? "")").status == 200)
        }
    }

    @Test(arguments: [
        ("models/1", 404), ("models/0", 400), ("models/x", 400), ("models/", 404), ("models/1?max_nsfw_level=0", 400),
        ("models/1?max_nsfw_level=64", 400), ("models/1?max_nsfw_level=x", 400), ("models/1?limit=1", 400),
        ("updates?type=LORA", 400), ("updates?all=yes", 400), ("updates?limit=-1", 400), ("updates?x=1", 400),
        ("triggers", 400), ("triggers?id=1", 404), ("triggers?id=0", 400), ("triggers?id=x", 400),
        ("triggers?id=1&hash=00000000", 400), ("triggers?hash=1234567", 400), ("triggers?hash=00000000", 404),
        ("triggers?path=/nowhere/at/all", 404), ("triggers?path=relative", 400), ("triggers?path_base64=YQ==", 400),
        ("triggers?model_id=1", 400), ("prompts", 400), ("prompts?model_id=1", 404), ("prompts?model_id=0", 400),
        ("prompts?model_id=2147483648", 400), ("prompts?model_id=1&id=1", 400), ("prompts?max_nsfw_level=1", 400),
        ("prompts?id=1", 404),
    ])
    func whatIsNotThereOrNotUnderstoodIsRefused(target: String, status: Int) async throws {
        try await withIdleAPI { api in
            let answer = try await api.get(target)
            #expect(answer.status == status, "\(answer.text)")
        }
    }
}
