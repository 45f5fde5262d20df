import LinuxSystem
import Testing

@testable import Catalog

/// What the catalogue tells of CivitAI's models.
@Suite struct ModelTests {
    @Test func aModelIsToldWithAllThatBelongsToIt() async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.run(
                """
                UPDATE models SET description = '<p>x</p>', nsfw_level = 3, allow_no_credit = 1, allow_derivatives = 0,
                    allow_commercial_use = '["Image","Sell"]', download_count = 9, gone_since = '2025-02-02'
                """)
            try fixture.run("INSERT INTO tags (id, name) VALUES (1, 'style'), (2, 'anime'), (3, 'other')")
            try fixture.run("INSERT INTO model_tags (model_id, tag_id) VALUES (1, 1), (1, 2)")
            try fixture.addVersion(10, of: 1, published: "01-01", words: ["w"], index: 1)
            try fixture.addVersion(11, of: 1, published: "03-01", index: 0)
            try fixture.addVersion(12, of: 1, published: "02-01")
            try fixture.addVersion(13, of: 1, published: "02-02")
            try fixture.addVersion(14, of: 1, published: nil)
            try fixture.run("UPDATE model_versions SET gone_since = '2025-03-03' WHERE id = 12")
            try fixture.run(
                """
                INSERT INTO version_files (id, version_id, name, size_kb, type, format, fp, size, is_primary, updated_at)
                VALUES (100, 10, 'vae.pt', NULL, 'VAE', 'PickleTensor', NULL, NULL, NULL, ''),
                    (101, 10, 'a.safetensors', 1.5, 'Model', 'SafeTensor', 'fp16', 'pruned', 1, '')
                """)
            try fixture.run(
                "INSERT INTO file_hashes (file_id, hash_type, hash_value) VALUES (101, 'CRC32', 'AB'), (101, 'SHA256', 'CD')"
            )
            try fixture.addImage(1, of: 10, position: 1, level: 1)
            try fixture.addImage(2, of: 10, position: 0, level: 4)
            try fixture.addImage(3, of: 10, position: 2, level: 0)
            try fixture.addImage(4, of: 10, position: 3, level: nil)

            let model = try #require(try fixture.read { try $0.model(id: 1) })
            #expect((model.id, model.name, model.type, model.creator) == (1, "Model", "LORA", nil))
            #expect((model.description, model.nsfwLevel, model.goneSince) == ("<p>x</p>", 3, "2025-02-02"))
            #expect(model.tags == ["anime", "style"])
            #expect(
                model.licence
                    == StoredLicence(
                        allowsNoCredit: true, allowedCommercialUse: ["Image", "Sell"], allowsDerivatives: false,
                        allowsDifferentLicence: nil))
            #expect((model.statistics.downloads, model.statistics.tips) == (9, nil))
            let versions = try fixture.read { try $0.versions(ofModel: 1) } ?? []
            #expect(versions == [11, 10, 13, 12, 14])
            let gone = try versions.map { id in try fixture.read { try $0.version(id: id) }?.goneSince }
            #expect(gone == [nil, nil, nil, "2025-03-03", nil])
            let version = try #require(try fixture.read { try $0.version(id: 10) })
            #expect((version.trainedWords, version.baseModel) == (["w"], "Pony"))
            #expect(version.files.map(\.id) == [101, 100])
            #expect(version.files[0].hashes == ["CRC32": "AB", "SHA256": "CD"])
            #expect((version.files[0].sizeKB, version.files[0].variant) == (1.5, "pruned"))
            #expect((version.files[1].sizeKB, version.files[1].isPrimary) == (nil, false))
            func images(_ limit: Int64?) throws -> [String]? {
                try fixture.read { try $0.version(id: 10, maximumNSFWLevel: limit) }?.images.map {
                    String($0.url.dropFirst("https://image/".count).prefix(1))
                }
            }
            #expect(try images(nil) == ["2", "1", "3", "4"])
            #expect(try images(1) == ["1"])
            #expect(try images(63) == ["2", "1"])
        }
    }

    @Test func whatIsNotKnownIsNil() async throws {
        try await withCatalog { fixture in
            #expect(try fixture.read { try $0.model(id: 1) } == nil)
            #expect(try fixture.read { try $0.versions(ofModel: 1) } == nil)
            try fixture.addModel(1, "Model")
            #expect(try fixture.read { try $0.version(id: 1) } == nil)
            #expect(try fixture.read { try $0.versions(ofModel: 1) } == [])
        }
    }

    @Test func installedFilesAreNamedThePresentOnesFirst() async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.addVersion(10, of: 1, published: "01-01")
            let gone = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            try fixture.addIndexed("b", .sample("aa"), .sample(inode: 2))
            let vae = try fixture.addIndexed("c", .sample("bb"), .sample(inode: 3))
            let other = try fixture.addIndexed("d", .sample("cc"), .sample(inode: 4))
            try fixture.link(gone, to: 10, of: 1)
            try fixture.link(vae, to: 10, of: 1, role: "component")
            try fixture.setLookup(other, "match = 'pinned', version_id = 10")
            try fixture.write { try $0.markMissing([gone], at: Fixture.now) }
            let paths = try fixture.read { try $0.installedPaths(ofVersion: 10) }
            #expect(paths == [FilePath("/m/b"), FilePath("/m/a")])
            let version = try fixture.read { try $0.version(id: 10) }
            #expect(version?.installedPaths == paths)
        }
    }

    @Test func promptsAreThoseOfTheImagesThatHaveOne() async throws {
        try await withCatalog { fixture in
            try fixture.addModel(1, "Model")
            try fixture.addVersion(10, of: 1, published: "01-01")
            try fixture.addImage(
                1, of: 10, position: 1, level: 2,
                [
                    "prompt": "a cat", "negativePrompt": "dog", "sampler": "Euler a", "steps": "30", "cfgScale": "7.5",
                    "seed": "18446744073709551615", "Size": "512x768", "Model": "m",
                ])
            try fixture.addImage(2, of: 10, position: 0, level: 1, ["prompt": "first", "steps": "many"])
            try fixture.addImage(3, of: 10, position: 2, level: 1, ["prompt": " "])
            try fixture.addImage(4, of: 10, position: 3, level: 1, ["negativePrompt": "dog"])
            try fixture.addImage(5, of: 10, position: 4, level: 0, ["prompt": "unrated", "cfgScale": "nan"])
            try fixture.run(
                """
                INSERT INTO image_resources (image_id, position, type, name, hash, weight, model_version_id)
                VALUES (1, 1, 'lora', 'b', NULL, 0.5, 99), (1, 0, 'model', 'a', 'AB', NULL, NULL)
                """)
            let prompts = try fixture.read { try $0.prompts(ofVersion: 10) }
            #expect(prompts.map(\.prompt) == ["first", "a cat", "unrated"])
            let full = prompts[1]
            #expect((full.negativePrompt, full.sampler, full.steps, full.guidance) == ("dog", "Euler a", 30, 7.5))
            #expect((full.seed, full.size, full.nsfwLevel) == ("18446744073709551615", "512x768", 2))
            #expect(full.imageURL == "https://image/1.jpeg")
            #expect(
                full.resources == [
                    StoredResource(type: "model", name: "a", hash: "AB", weight: nil, versionID: nil),
                    StoredResource(type: "lora", name: "b", hash: nil, weight: 0.5, versionID: 99),
                ])
            #expect((prompts[0].steps, prompts[2].guidance, prompts[0].negativePrompt) == (nil, nil, nil))
            #expect(try fixture.read { try $0.prompts(ofVersion: 10, maximumNSFWLevel: 1) }.map(\.prompt) == ["first"])
            #expect(try fixture.read { try $0.prompts(ofVersion: 11) } == [])
        }
    }
}
