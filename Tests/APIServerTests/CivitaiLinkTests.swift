import Catalog
import IndexAPI
import LinuxSystem
import TestSupport
import Testing

@testable import APIServer

/// What a file's answer tells of CivitAI.
@Suite struct CivitaiLinkTests {
    private static let sidecar =
        #"{"id":9,"modelId":1,"name":"old","baseModel":"Pony","trainedWords":["told"],"model":{"name":"Told","type":"LORA"}}"#

    /// A LoRA with trigger words of its own and, if wanted, sidecars of CivitAI and of A1111.
    private func withFile(
        sidecar: String? = nil, user: String? = nil, _ body: (APIFixture, Int64) async throws -> Void
    ) async throws {
        try await withAPI { api in
            if let sidecar { try writeFile(api.library.appending("a.civitai.info"), sidecar) }
            if let user { try writeFile(api.library.appending("a.json"), user) }
            let file = try await api.add(
                "a.safetensors", safetensors(metadata: #"{"modelspec.trigger_phrase":"embedded"}"#))
            try await api.addModel()
            try await body(api, file.id)
        }
    }

    private func object(_ api: APIFixture, _ id: Int64, isAsking: Bool = true) async throws -> FileObject {
        let catalog = api.catalog
        return try await onThread {
            let file = try #require(try catalog.read { try $0.file(id: id) })
            return FileObject(file, FileCircumstances(reading: [], isAskingCivitAI: isAsking))
        }
    }

    @Test func whatCivitAIHasAnsweredIsTold() async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.link(id)
            for isAsking in [true, false] {
                let file = try await object(api, id, isAsking: isAsking)
                let link = file.civitai
                #expect((link.state, link.source, link.match, link.role) == ("found", "api", "SHA256", "model"))
                #expect((link.modelID, link.versionID) == (1, 10))
                #expect((link.modelName, link.versionName, link.creator) == ("Model", "v1", "anna"))
                #expect((link.modelType, link.baseModel, link.nsfwLevel) == ("LORA", "Pony", 3))
                #expect(link.trainedWords == ["first word", "second"])
                #expect(link.pageURL == "https://civitai.com/models/1?modelVersionId=10")
                #expect((link.checkedAt, link.nextCheckAt) == ("2025-03-01T00:00:00.000Z", nil))
                #expect((file.trainedWords, file.trainedWordsSource) == (["first word", "second"], "civitai"))
            }
        }
    }

    @Test func theWordsOfTheUserComeFirst() async throws {
        try await withFile(user: #"{"activation text":"mine, all","notes":"n","description":""}"#) { api, id in
            try await api.link(id)
            let file = try await object(api, id)
            #expect((file.trainedWords, file.trainedWordsSource) == (["mine, all"], "user"))
            #expect(file.civitai.trainedWords == ["first word", "second"])
        }
    }

    @Test(arguments: [
        ("pending", "NULL", true, "pending"), ("pending", "NULL", false, "off"), ("error", "NULL", false, "off"),
        ("error", "'2025-03-01T00:00:00.000Z'", false, "error"),
        ("not_found", "'2025-03-01T00:00:00.000Z'", true, "not_found"),
    ])
    func withoutAnAnswerTheSidecarTells(state: String, checked: String, isAsking: Bool, shown: String) async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.setLookup(
                id,
                "state = '\(state)', checked_at = \(checked), next_check_at = '2025-04-01T00:00:00.000Z', message = 'why'"
            )
            let file = try await object(api, id, isAsking: isAsking)
            let link = file.civitai
            #expect((link.state, link.source, link.modelID, link.versionID) == (shown, "sidecar", 1, 9))
            #expect((link.modelName, link.versionName, link.trainedWords) == ("Told", "old", ["told"]))
            // What is not asked has no time at which it is.
            #expect((link.message, link.nextCheckAt) == ("why", shown == "off" ? nil : "2025-04-01T00:00:00.000Z"))
            #expect((link.match, link.role) == (nil, nil))
            #expect((file.trainedWords, file.trainedWordsSource) == (["told"], "sidecar"))
        }
    }

    @Test func whatIsUnlinkedHasNothingOfCivitAI() async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.setLookup(id, "state = 'unlinked', next_check_at = NULL")
            let file = try await object(api, id)
            var expected = CivitaiLink()
            expected.state = "unlinked"
            #expect(file.civitai == expected)
            #expect((file.trainedWords, file.trainedWordsSource) == (["embedded"], "embedded"))
        }
    }

    @Test func aComponentHasNoWordsOfItsVersion() async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.link(id, role: "component")
            let file = try await object(api, id)
            #expect((file.civitai.role, file.civitai.modelName) == ("component", "Model"))
            #expect((file.civitai.trainedWords, file.civitai.baseModel) == (nil, nil))
            #expect((file.trainedWords, file.trainedWordsSource) == (["embedded"], "embedded"))
            let triggers = try await api.get("triggers?id=\(id)", as: TriggersAnswer.self)
            #expect((triggers.words, triggers.source) == (["embedded"], "embedded"))
        }
    }

    @Test func aVersionWithoutWordsLeavesThemToASidecarOfTheSame() async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.link(id)
            try await api.run("DELETE FROM trained_words")
            // It tells of version 9.
            #expect(try await object(api, id).trainedWordsSource == "embedded")
            #expect(try await object(api, id).civitai.trainedWords == [])
            try writeFile(
                api.library.appending("a.civitai.info"), Self.sidecar.replacing(#""id":9"#, with: #""id":10"#))
            try await api.sync()
            let file = try await object(api, id)
            #expect((file.trainedWords, file.trainedWordsSource) == (["told"], "sidecar"))
        }
    }

    @Test func aPinTellsItsVersionBeforeThatIsKnown() async throws {
        try await withFile(sidecar: Self.sidecar) { api, id in
            try await api.setLookup(id, "match = 'pinned', version_id = 77")
            var expected = CivitaiLink()
            (expected.state, expected.match, expected.versionID) = ("pending", "pinned", 77)
            var link = try await object(api, id).civitai
            link.nextCheckAt = nil
            #expect(link == expected)
            // The sidecar is about that version.
            try await api.setLookup(id, "version_id = 9")
            let told = try await object(api, id).civitai
            #expect((told.match, told.versionID, told.modelName, told.source) == ("pinned", 9, "Told", "sidecar"))
        }
    }

    @Test func listsTellTheSameAsFiles() async throws {
        try await withFile { api, id in
            try await api.link(id)
            let listed = try await api.get("files?civitai=found", as: FilesAnswer.self)
            #expect(listed.files.map(\.id) == [id])
            #expect(listed.files.first?.civitai == (try await object(api, id).civitai))
            #expect(try await api.get("files?civitai=off", as: FilesAnswer.self).total == 0)
            #expect(try await api.get("files?civitai=unlinked", as: FilesAnswer.self).total == 0)
            let status = try await api.get("status", as: StatusAnswer.self).civitai
            #expect((status.found, status.pending, status.notFound, status.error) == (1, 0, 0, 0))
        }
    }
}
