import FoundationEssentials
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// The API of Kiko-Creator.
@Suite struct KikoCreatorTests {
    /// Two LoRAs of which one is linked, an embedding, a diffusion model, a VAE and a missing LoRA.
    private func withLibrary(_ body: (APIFixture, FileObject) async throws -> Void) async throws {
        try await withAPI { api in
            let linked = try await api.add("loras/style/a.safetensors", safetensors(metadata: #"{"n":"1"}"#))
            try await api.add("loras/b.safetensors", safetensors(metadata: #"{"n":"2"}"#))
            try await api.add("embeddings/e.safetensors", safetensors(metadata: #"{"n":"3"}"#))
            let model = try await api.add("top.safetensors", safetensors(metadata: #"{"n":"4"}"#))
            _ = try await api.post("set", #"{"id":\#(model.id),"type":"diffusion_model"}"#)
            let vae = try await api.add("vae/v.safetensors", safetensors(metadata: #"{"n":"5"}"#))
            _ = try await api.post("set", #"{"id":\#(vae.id),"type":"vae"}"#)
            let gone = try await api.add("loras/gone.safetensors", safetensors(metadata: #"{"n":"6"}"#))
            removeFile(api.library.appending("loras/gone.safetensors"))
            try await api.sync()
            #expect(try await api.get("files/\(gone.id)", as: FileObject.self).state == "missing")
            try await api.addModel()
            try await api.link(linked.id)
            try await api.run("UPDATE model_versions SET description = '<b>v</b>', download_count = 7 WHERE id = 10")
            try await body(api, linked)
        }
    }

    private func names(_ api: APIFixture, _ query: String) async throws -> [String] {
        let answer = try await api.get("/api/models" + query, as: KikoCreatorModelsAnswer.self)
        #expect((answer.success, answer.count) == (true, answer.models.count))
        return answer.models.map(\.name)
    }

    @Test func aModelHasTheKeysThatItHad() async throws {
        try await withLibrary { api, file in
            for target in [
                "/api/models/by-path?path=\(file.path)", "/api/models/by-hash?hash=\(file.sha256?.uppercased() ?? "")",
                "/api/models/by-hash?hash=\(file.hashes.autoV2?.lowercased() ?? "")",
            ] {
                let answer = try await api.get(target)
                #expect(try keys(answer.body) == ["success", "model"])
                let model = try answer.decode(KikoCreatorModelAnswer.self).model
                #expect(
                    try keys(Array(WireJSON.encode(model))) == [
                        "id", "name", "path", "folder", "type", "size", "hash", "file_modified_at", "scanned_at",
                        "updated_at", "civitai_id", "civitai_model_id", "civitai_model_name", "description",
                        "base_model",
                        "trained_words", "images", "thumbnail_path", "stats", "metadata_fetched_at",
                    ])
                #expect((model.id, model.name, model.path) == (file.id, "a.safetensors", file.path))
                #expect((model.folder, model.type, model.size) == ("loras/style", "lora", file.size))
                #expect((model.hash, model.fileModifiedAt) == (file.sha256?.uppercased(), file.modifiedAt))
                // The version's id, as it was there.
                #expect((model.civitaiID, model.civitaiModelID, model.civitaiModelName) == (10, 1, "Model"))
                #expect((model.description, model.trainedWords) == ("<b>v</b>", ["first word", "second"]))
                #expect(model.images.map(\.url) == ["https://image/100", "https://image/101"])
                #expect((model.stats, model.metadataFetchedAt) == (["downloadCount": 7], "2025-03-01T00:00:00.000Z"))
            }
        }
    }

    @Test func listsAreNarrowedAndPaged() async throws {
        try await withLibrary { api, _ in
            #expect(
                try await names(api, "") == ["e.safetensors", "b.safetensors", "a.safetensors", "top.safetensors"])
            #expect(try await names(api, "?type=checkpoint") == ["top.safetensors"])
            #expect(try await names(api, "?type=lora&folder=loras") == ["b.safetensors"])
            #expect(try await names(api, "?folder=loras/style") == ["a.safetensors"])
            #expect(try await names(api, "?folder=") == ["top.safetensors"])
            #expect(try await names(api, "?hasMetadata=true") == ["a.safetensors"])
            #expect(try await names(api, "?hasMetadata=false").count == 4)
            #expect(try await names(api, "/needs-metadata?type=lora") == ["b.safetensors"])
            #expect(try await names(api, "/needs-metadata").count == 3)
            let page = try await api.get("/api/models?limit=2&offset=1", as: KikoCreatorModelsAnswer.self)
            #expect((page.models.map(\.name), page.count, page.total) == (["b.safetensors", "a.safetensors"], 2, 4))
        }
    }

    @Test func groupsFoldersAndCountsAgree() async throws {
        try await withLibrary { api, _ in
            let folders = try await api.get("/api/models/by-folder", as: KikoCreatorFoldersAnswer.self)
            #expect(folders.folders == ["(root)", "embeddings", "loras", "loras/style"])
            #expect(
                folders.modelsByFolder.mapValues { $0.map(\.name) } == [
                    "(root)": ["top.safetensors"], "embeddings": ["e.safetensors"], "loras": ["b.safetensors"],
                    "loras/style": ["a.safetensors"],
                ])
            #expect((folders.success, folders.totalModels) == (true, 4))
            let loras = try await api.get("/api/models/by-folder?type=lora", as: KikoCreatorFoldersAnswer.self)
            #expect((loras.folders, loras.totalModels) == (["loras", "loras/style"], 2))
            let groups = try await api.get("/api/models/grouped", as: KikoCreatorGroupsAnswer.self)
            #expect(groups.models.checkpoints.map(\.name) == ["top.safetensors"])
            #expect(groups.models.loras.map(\.name) == ["b.safetensors", "a.safetensors"])
            #expect(groups.models.embeddings.map(\.name) == ["e.safetensors"])
            #expect(groups.counts == .init(checkpoints: 1, loras: 2, embeddings: 1))
            let stats = try await api.get("/api/models/stats", as: KikoCreatorStatsAnswer.self).stats
            #expect((stats.checkpoint, stats.lora, stats.embedding, stats.total) == (1, 2, 1, 4))
            #expect((stats.withHashes, stats.withMetadata) == (4, 1))
            #expect(stats.lastScan != nil)
            let history = try await api.get("/api/models/scan-history?limit=1", as: KikoCreatorHistoryAnswer.self)
            #expect((history.count, history.history.count) == (1, 1))
            #expect(history.total >= 1)
        }
    }

    @Test func aHashOfSeveralContentsIsRefused() async throws {
        try await withLibrary { api, _ in
            try await api.run("UPDATE contents SET crc32 = '0badcafe'")
            let answer = try await api.get("/api/models/by-hash?hash=0BADCAFE")
            #expect(answer.status == 409)
            #expect(try answer.decode(APIFailure.self).code == "conflict")
        }
    }

    @Test func whatItDoesNotKnowIsNotFound() async throws {
        try await withLibrary { api, _ in
            let vae = api.library.appending("vae/v.safetensors")
            for target in [
                "by-path?path=\(vae)", "by-path?path=/nowhere", "by-hash?hash=0123456789",
                "by-path?path=\(api.library)/loras/gone.safetensors",
            ] {
                let answer = try await api.get("/api/models/" + target)
                #expect(answer.status == 404, "\(target): \(answer.text)")
                #expect(try answer.decode(APIFailure.self).success == false)
            }
            for target in [
                "by-path", "by-hash", "by-hash?hash=xyz", "by-path?path=relative", "?type=vae", "?limit=-1",
                "?hasMetadata=yes", "by-folder?limit=1",
            ] {
                let answer = try await api.get("/api/models" + (target.hasPrefix("?") ? target : "/" + target))
                #expect(answer.status == 400, "\(target): \(answer.text)")
            }
            #expect(try await api.send("POST", "/api/models").status == 405)
        }
    }
}
