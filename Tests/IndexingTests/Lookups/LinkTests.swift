import LinuxSystem
import StandInCivitAI
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// To what contents are linked, and what people say to it.
@Suite struct LinkTests {
    private func link(_ fixture: LookupFixture, _ name: String, to version: Int64? = nil) async throws {
        let (lookups, content) = (fixture.lookups, try fixture.content(name))
        try await onThread { try lookups.link(content: content, toVersion: version) }
    }

    private func unlink(_ fixture: LookupFixture, _ name: String) async throws {
        let (lookups, content) = (fixture.lookups, try fixture.content(name))
        try await onThread { try lookups.unlink(content: content) }
    }

    @Test func aFileOfAnotherSizeIsAnotherFile() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7) { $0.versions[0].files[0].bytes += 1 }
            try await fixture.runPass()
            let lookup = try #require(try fixture.lookup("a.safetensors"))
            #expect(lookup.state == "not_found")
            #expect(lookup.message?.contains("bytes") == true)
            // People may know better.
            try await link(fixture, "a.safetensors", to: 70)
            #expect(try fixture.lookup("a.safetensors")?.match == "pinned")
        }
    }

    @Test func ofSeveralVersionsTheOneOfTheSameTypeIsTaken() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 1) { $0.type = "Checkpoint" }
            try fixture.serve("a.safetensors", id: 2)
            try await fixture.runPass()
            #expect(try fixture.lookup("a.safetensors")?.version == 20)
            #expect(try fixture.texts("SELECT version_id FROM lookup_candidates ORDER BY 1") == ["10", "20"])
        }
    }

    @Test func aVAEThatCheckpointsShipIsNoneOfThem() async throws {
        try await withLookups {
            try writeModel(
                $0.appending("vae.safetensors"),
                safetensorsFile([
                    "decoder.conv_in.weight": [512, 4, 3, 3], "encoder.conv_in.weight": [128, 3, 3, 3],
                    "encoder.down.0.block.0.norm1.weight": [128], "decoder.up.0.block.0.norm1.weight": [128],
                    "quant_conv.weight": [8, 8, 1, 1], "post_quant_conv.weight": [4, 4, 1, 1],
                ]))
        } _: { fixture in
            try fixture.serve("vae.safetensors", id: 3) { model in
                model.type = "Checkpoint"
                model.versions[0].files[0].type = "VAE"
                model.versions[0].trainedWords = ["no word of a VAE"]
                model.versions[0].baseModel = "SD 1.5"
            }
            #expect(try fixture.index.file("vae.safetensors")?.identity.type == "vae")
            try await fixture.runPass()
            #expect(try fixture.lookup("vae.safetensors")?.role == "component")
            #expect(try fixture.index.file("vae.safetensors")?.identity.baseModel == nil)
            #expect(try fixture.texts("SELECT count(*) FROM models WHERE next_check_at IS NOT NULL") == ["0"])
        }
    }

    @Test func aPinOutlivesRefreshesAndRestarts() async throws {
        let server = try StandInCivitAI()
        defer { server.stop() }
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("a.safetensors"), loraFile(1))
            try writeModel(library.appending("b.safetensors"), loraFile(2))
            let indexing = IndexerFixture.settings([library])
            try await withLookups(directory, server, indexing) { fixture in
                try fixture.serve("a.safetensors", id: 1)
                server.add(.lora(id: 2, version: 20, name: "Two", sha256: String(repeating: "1", count: 64), bytes: 9))
                try await fixture.runPass()
                try await link(fixture, "a.safetensors", to: 20)
                try await unlink(fixture, "b.safetensors")
                await #expect(throws: LookupRefusal.unknownVersion(99)) {
                    try await link(fixture, "b.safetensors", to: 99)
                }
                #expect(try fixture.lookup("b.safetensors")?.state == "unlinked")
            }
            try await withLookups(directory, server, indexing) { fixture in
                try fixture.lookups.start()
                try fixture.lookups.askAgain()
                try await fixture.runPass()
                #expect(try fixture.lookup("a.safetensors")?.version == 20)
                #expect(try fixture.lookup("b.safetensors")?.state == "unlinked")
                // Plain, it is asked again.
                try await link(fixture, "a.safetensors")
                #expect(try fixture.lookup("a.safetensors")?.version == 10)
                try await link(fixture, "b.safetensors")
                #expect(try fixture.lookup("b.safetensors")?.state == "not_found")
            }
        }
    }

    @Test func aLinkOutlivesItsModel() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7) { $0.versions[0].trainedWords = ["word"] }
            try await fixture.runPass()
            fixture.server.remove(model: 7)
            try await link(fixture, "a.safetensors")
            let lookup = try #require(try fixture.lookup("a.safetensors"))
            #expect(lookup.state == "found")
            #expect(lookup.message != nil)
            #expect(try fixture.texts("SELECT word FROM trained_words") == ["word"])
            // The model is marked as gone.
            try await fixture.wait { try $0.texts("SELECT count(*) FROM models WHERE gone_since IS NOT NULL") == ["1"] }
            #expect(try fixture.texts("SELECT count(*) FROM model_versions") == ["1"])
        }
    }

    @Test func aLoRAWithOtherMetadataIsFoundByItsWeights() async throws {
        try await withLookups {
            try writeModel($0.appending("original.safetensors"), loraFile(1))
            try writeModel($0.appending("edited.safetensors"), loraFile(1, metadata: ["edited": "yes"]))
        } _: { fixture in
            let digests = try #require(try fixture.index.file("original.safetensors")?.digests)
            try fixture.serve("original.safetensors", id: 7) {
                $0.versions[0].files[0].hashes[.autoV3] = digests.autoV3
            }
            try await fixture.runPass()
            let edited = try #require(try fixture.lookup("edited.safetensors"))
            #expect(edited.state == "found")
            #expect(edited.match == "AutoV3")
            #expect(edited.version == 70)
        }
    }

    @Test func theCacheAnswersBeforeAnybodyIsAsked() async throws {
        try await withLookups {
            try writeModel($0.appending("edited.safetensors"), loraFile(1, metadata: ["edited": "yes"]))
        } _: { fixture in
            let autoV3 = try #require(try fixture.index.file("edited.safetensors")?.digests.autoV3)
            var model = StandInModel.lora(
                id: 7, version: 70, name: "Seven", sha256: String(repeating: "2", count: 64), bytes: 1)
            model.versions[0].files[0].hashes[.autoV3] = autoV3
            fixture.server.add(model)
            let lookups = fixture.lookups
            try lookups.start()
            _ = try await onThread { try lookups.cacheModel(7) }
            try await fixture.wait { try $0.lookup("edited.safetensors")?.state == "found" }
        }
    }

    /// A checkpoint that is known ships the VAE, and CivitAI knows the VAE by itself, too.
    @Test func theCacheMakesNoComponentOfWhatMayBeAModel() async throws {
        try await withLookups {
            try writeModel(
                $0.appending("vae.safetensors"),
                safetensorsFile([
                    "decoder.conv_in.weight": [512, 4, 3, 3], "encoder.conv_in.weight": [128, 3, 3, 3],
                    "encoder.down.0.block.0.norm1.weight": [128], "decoder.up.0.block.0.norm1.weight": [128],
                    "quant_conv.weight": [8, 8, 1, 1], "post_quant_conv.weight": [4, 4, 1, 1],
                ]))
        } _: { fixture in
            try fixture.serve("vae.safetensors", id: 3) { model in
                model.type = "Checkpoint"
                model.versions[0].files[0].type = "VAE"
            }
            let lookups = fixture.lookups
            let digest = try #require(try fixture.index.file("vae.safetensors")?.digests.sha256)
            // The question is held up until the checkpoint is known.
            let number = fixture.server.faults.add(
                Fault(when: .bodyContains(digest), kind: .tooManyRequests(retryAfter: .seconds(1))))
            try lookups.start()
            let server = fixture.server
            #expect(try await onThread { server.waitForRequests(1, to: .idsByHashes) })
            _ = try await onThread { try lookups.cacheModel(3) }
            try fixture.serve("vae.safetensors", id: 4) { $0.type = "VAE" }
            server.faults.remove(number)
            try await fixture.wait { try $0.lookup("vae.safetensors")?.state == "found" }
            #expect(try fixture.lookup("vae.safetensors")?.version == 40)
        }
    }

    @Test func aNewVersionIsToldOf() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7) { $0.versions[0].publishedAt = "2024-01-01T00:00:00.000Z" }
            try await fixture.runPass()
            #expect(try fixture.events(.updateAvailable) == [])
            fixture.server.update(model: 7) { model in
                var newer = StandInVersion(id: 71, files: [])
                newer.publishedAt = "2025-01-01T00:00:00.000Z"
                newer.baseModel = model.versions[0].baseModel
                model.versions.insert(newer, at: 0)
            }
            let lookups = fixture.lookups
            #expect(try await onThread { try lookups.cacheModel(7) } == 2)
            #expect(try fixture.events(.updateAvailable) == ["update.available a.safetensors"])
        }
    }
}
