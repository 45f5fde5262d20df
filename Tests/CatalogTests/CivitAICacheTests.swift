import CivitAIRecords
import SQLite
import Testing

@testable import Catalog

/// What CivitAI says is kept as it is, and nothing of it is lost by a later, poorer answer.
@Suite struct CivitAICacheTests {
    @Test func everyPartHasItsRow() async throws {
        try await withCatalog { fixture in
            var version = CivitAIVersion.sample(1, sha256: "aa")
            var image = CivitAIImage(url: "https://image.example/1.jpeg")
            image.nsfwLevel = 2
            image.parameters = ["prompt": "a cat", "steps": "20"]
            var resource = CivitAIResource()
            resource.name = "x"
            resource.weight = 0.8
            image.resources = [resource]
            version.images = [image]
            try fixture.store(.sample(versions: [version]), raw: Array(#"{"id":10}"#.utf8))
            #expect(try fixture.value("SELECT username FROM creators") == "anna")
            #expect(try fixture.value("SELECT civitai_id FROM models") == 10)
            #expect(try fixture.value("SELECT civitai_id FROM model_versions WHERE model_id = 10") == 1)
            #expect(
                try fixture.texts("SELECT word FROM trained_words ORDER BY position")
                    == ["word 1", "another, with a comma"])
            #expect(try fixture.value("SELECT name FROM version_files WHERE version_id = 1") == "v1.safetensors")
            #expect(try fixture.value("SELECT count(*) FROM file_hashes WHERE hash_value LIKE 'aa%'") == 1)
            #expect(
                try fixture.texts("SELECT name FROM tags t JOIN model_tags m ON m.tag_id = t.id ORDER BY name")
                    == ["anime", "style"])
            #expect(try fixture.value("SELECT nsfw_level FROM version_images") == 2)
            #expect(try fixture.value("SELECT value FROM image_generation_params WHERE key = 'prompt'") == "a cat")
            #expect(try fixture.value("SELECT weight FROM image_resources") == 0.8)
            guard case .blob(let raw)? = try fixture.value("SELECT raw FROM models") else {
                Issue.record("the answer was not kept")
                return
            }
            #expect(CompressedText(stored: raw).text() == Array(#"{"id":10}"#.utf8))
        }
    }

    @Test func whatIsNotSaidErasesNothing() async throws {
        try await withCatalog { fixture in
            var model = CivitAIModel.sample(versions: [.sample(1, sha256: "aa")])
            model.description = "<p>long</p>"
            try fixture.store(model, raw: [1, 2, 3])
            var poorer = CivitAIModel(id: 10)
            poorer.name = "Renamed"
            var version = CivitAIVersion(id: 1)
            version.modelID = 10
            version.trainedWords = []
            version.files = []
            poorer.versions = [version]
            try fixture.store(poorer)
            #expect(try fixture.value("SELECT name FROM models") == "Renamed")
            #expect(try fixture.value("SELECT description FROM models") == "<p>long</p>")
            #expect(try fixture.value("SELECT creator_id IS NOT NULL FROM models") == 1)
            #expect(try fixture.value("SELECT raw IS NOT NULL FROM models") == 1)
            #expect(try fixture.value("SELECT base_model FROM model_versions") == "SDXL 1.0")
            #expect(try fixture.value("SELECT count(*) FROM trained_words") == 2)
            #expect(try fixture.value("SELECT count(*) FROM version_files") == 1)
            #expect(try fixture.value("SELECT count(*) FROM model_tags") == 2)
        }
    }

    @Test func aVersionThatIsGoneStaysMarked() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1), .sample(2)]))
            try fixture.store(.sample(versions: [.sample(2)]), at: Fixture.tomorrow)
            #expect(try fixture.texts("SELECT id FROM model_versions WHERE gone_since IS NOT NULL") == ["1"])
            // A list that is empty for a moment means nothing.
            try fixture.store(.sample(versions: []), at: Fixture.tomorrow)
            #expect(try fixture.texts("SELECT id FROM model_versions WHERE gone_since IS NULL") == ["2"])
            // It is back.
            try fixture.store(.sample(versions: [.sample(1), .sample(2)]), at: Fixture.tomorrow)
            #expect(try fixture.value("SELECT count(*) FROM model_versions WHERE gone_since IS NOT NULL") == 0)
        }
    }

    @Test func aModelThatIsGoneStaysMarked() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.write { try $0.noteGone(models: [10], next: Fixture.tomorrow, at: Fixture.now) }
            #expect(try fixture.value("SELECT gone_since FROM models") == .text(Fixture.now))
            #expect(try fixture.value("SELECT count(*) FROM model_versions") == 1)
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try fixture.value("SELECT gone_since FROM models") == .null)
        }
    }

    @Test func earlyAccessEnds() async throws {
        try await withCatalog { fixture in
            var version = CivitAIVersion.sample(1)
            version.earlyAccess = CivitAIEarlyAccess(endsAt: "2025-02-01T00:00:00.000Z")
            try fixture.store(.sample(versions: [version]))
            #expect(try fixture.value("SELECT early_access_ends_at FROM model_versions") == "2025-02-01T00:00:00.000Z")
            // An answer that would not tell it takes nothing back.
            var silent = CivitAIVersion.sample(1)
            try fixture.store(.sample(versions: [silent]))
            #expect(try fixture.value("SELECT early_access FROM model_versions") == 1)
            silent.tellsEarlyAccess = true
            try fixture.store(.sample(versions: [silent]))
            #expect(try fixture.value("SELECT early_access FROM model_versions") == 0)
        }
    }

    @Test func onlyWhatIsInstalledIsKeptFresh() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try fixture.value("SELECT next_check_at FROM models") == .null)
            let id = try fixture.addLinked("a.safetensors", "aa", to: 1)
            #expect(try fixture.value("SELECT next_check_at IS NOT NULL FROM models") == 1)
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try fixture.value("SELECT next_check_at FROM models") == .text(Fixture.tomorrow))
            // Its root is configured no more.
            try fixture.write { _ = try $0.setRoots([]) { _, _ in true } }
            try fixture.store(.sample(versions: [.sample(1)]))
            #expect(try fixture.value("SELECT next_check_at FROM models") == .null)
            // It is back.
            try fixture.write { _ = try $0.setRoots([(fixture.root.path, nil)]) { _, _ in true } }
            #expect(try fixture.details(id) != nil)
            #expect(try fixture.value("SELECT next_check_at IS NOT NULL FROM models") == 1)
        }
    }

    @Test func aComponentAsksForNoUpdates() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1, role: .component)
            #expect(try fixture.value("SELECT next_check_at FROM models") == .null)
        }
    }

    @Test func aModelAndItsVersionMayChangeAtOnce() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1)
            var model = CivitAIModel.sample(versions: [.sample(1, baseModel: "Pony")])
            model.type = "Checkpoint"
            // Both have the same file judged again, and it may wait for that already.
            try fixture.store(model)
            #expect(try fixture.value("SELECT base_model FROM model_versions") == "Pony")
            #expect(try fixture.value("SELECT count(*) FROM files_to_judge") == 1)
        }
    }

    @Test func theSameImageInAnotherSizeIsTheSame() async throws {
        try await withCatalog { fixture in
            for (size, level) in [("original=true", 1), ("width=832", 4)] as [(String, Int64)] {
                var version = CivitAIVersion.sample(1)
                var image = CivitAIImage(url: "https://image.example/a/b/\(size)/1.jpeg")
                image.nsfwLevel = level
                version.images = [image]
                try fixture.store(.sample(versions: [version]))
            }
            #expect(
                try fixture.texts("SELECT nsfw_level || url FROM version_images") == [
                    "4https://image.example/a/b/width=832/1.jpeg"
                ])
        }
    }

    @Test func imagesThatAreNotListedAnyMoreStandBehindTheOthers() async throws {
        try await withCatalog { fixture in
            func store(_ names: [String]) throws {
                var version = CivitAIVersion.sample(1)
                version.images = names.map { CivitAIImage(url: "https://image.example/\($0)") }
                try fixture.store(.sample(versions: [version]))
            }
            try store(["a", "b"])
            try store(["b", "c"])
            let order = "SELECT substr(url, -1) FROM version_images ORDER BY position"
            #expect(try fixture.texts(order) == ["b", "c", "a"])
            try store(["a"])
            #expect(try fixture.texts(order).first == "a")
        }
    }

    @Test func aVersionThatMovesTakesItsLinksAlong() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1)
            try fixture.store(.sample(11, versions: [.sample(1, of: 11)]))
            #expect(try fixture.value("SELECT model_id FROM civitai_lookups") == 11)
            #expect(try fixture.value("SELECT next_check_at IS NOT NULL FROM models WHERE id = 11") == 1)
        }
    }

    @Test func newVersionsAreToldOfOnce() async throws {
        try await withCatalog { fixture in
            try fixture.store(.sample(versions: [.sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1)
            func news() throws -> [String] {
                try fixture.write { try $0.takeUpdateNews(ofModels: [10], at: Fixture.now) }.map(\.versionName)
            }
            #expect(try news() == [])
            let newer = CivitAIVersion.sample(2, published: "2025-03-01T00:00:00.000Z")
            let other = CivitAIVersion.sample(3, baseModel: "SD 1.5", published: "2025-04-01T00:00:00.000Z")
            try fixture.store(.sample(versions: [newer, other, .sample(1)]))
            #expect(try news() == ["v2"])
            #expect(try news() == [])
            var draft = CivitAIVersion.sample(4, published: "2025-05-01T00:00:00.000Z")
            draft.status = "Draft"
            try fixture.store(.sample(versions: [draft, newer, other, .sample(1)]))
            #expect(try news() == [])
        }
    }

    @Test func theViewsNameWhatIsLinked() async throws {
        try await withCatalog { fixture in
            let newer = CivitAIVersion.sample(2, published: "2025-03-01T00:00:00.000Z")
            try fixture.store(.sample(versions: [newer, .sample(1)]))
            try fixture.addLinked("a.safetensors", "aa", to: 1)
            let columns = "model_name || '|' || model_type || '|' || version_name || '|' || creator"
            #expect(try fixture.texts("SELECT \(columns) FROM v_local_files_full") == ["Model 10|LORA|v1|anna"])
            #expect(
                try fixture.texts("SELECT civitai_id || '|' || latest_version FROM v_models_with_latest") == ["10|v2"])
        }
    }
}
