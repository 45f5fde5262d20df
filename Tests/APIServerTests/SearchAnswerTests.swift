import FoundationEssentials
import IndexAPI
import TestSupport
import Testing

@testable import APIServer

/// `GET search`.
@Suite struct SearchAnswerTests {
    @Test func filesAndModelsAreAnswered() async throws {
        try await withAPI { api in
            let file = try await api.add("loras/fox.safetensors", safetensors(metadata: "{}"))
            let other = try await api.add("loras/foxes_two.safetensors", safetensors(metadata: #"{"a":"b"}"#))
            try await api.addModel()
            try await api.link(file.id)
            let answer = try await api.get("search?q=FOX")
            #expect(answer.status == 200)
            #expect(try keys(answer.body) == ["query", "files", "models", "total"])
            let found = try answer.decode(SearchAnswer.self)
            #expect((found.query, found.total) == ("FOX", 2))
            #expect(found.files.map(\.id) == [file.id, other.id])
            #expect(found.models == [])
            #expect(found.files[0].civitai.modelName == "Model")
            let model = try await api.get(
                "search?q=model%20second&type=lora&max_nsfw_level=1", as: SearchAnswer.self)
            #expect(model.files.map(\.id) == [file.id])
            #expect(
                model.models == [
                    FoundModel(
                        modelID: 1, name: "Model", type: "LORA", creator: "anna", baseModels: ["Pony"], nsfwLevel: 3,
                        installed: true)
                ])
            #expect(model.models[0].pageURL == "https://civitai.com/models/1")
            #expect(try await api.get("search?q=model&base=pony", as: SearchAnswer.self).models.count == 1)
            #expect(try await api.get("search?q=model&base=sdxl", as: SearchAnswer.self).models == [])
            #expect(try await api.get("search?q=model&type=vae", as: SearchAnswer.self).models == [])
            let page = try await api.get("search?q=fox&limit=1&offset=1", as: SearchAnswer.self)
            #expect((page.files.map(\.id), page.total) == ([other.id], 2))
            let none = try await api.get("search?q=fox&limit=0", as: SearchAnswer.self)
            #expect((none.files.count, none.total) == (0, 2))
            #expect(try await api.get("search?q=fox&offset=9223372036854775807", as: SearchAnswer.self).files == [])
        }
    }

    @Test(arguments: [
        "", "%22", "%27%20OR%201%3D1%20--", "*", "%28", "a%20AND%20", "NEAR%2F3", "%25", "_", "%E2%80%AE", "name%3Afox",
        "-fox", "%22fox", "fox%2A", "%5C", "\u{1F98A}".utf8.map { "%" + String($0, radix: 16) }.joined(),
    ])
    func noInputDoesHarm(_ query: String) async throws {
        try await withIdleAPI { api in
            let answer = try await api.get("search?q=\(query)", as: SearchAnswer.self)
            #expect((answer.files, answer.models, answer.total) == ([], [], 0))
        }
    }

    @Test func whatIsTooLongIsRefused() async throws {
        try await withIdleAPI { api in
            for query in [String(repeating: "a", count: 10_000), (0...32).map { "w\($0)" }.joined(separator: "+")] {
                let answer = try await api.get("search?q=\(query)")
                #expect(answer.status == 400)
                #expect(try answer.decode(APIFailure.self).error == "q: at most 32 words in at most 1000 bytes.")
            }
            #expect(try await api.get("search").status == 400)
            #expect(try await api.get("search?q=a&limit=-1").status == 400)
            #expect(try await api.get("search?q=a&max_nsfw_level=0").status == 400)
            #expect(try await api.get("search?q=a&type=thing").status == 400)
        }
    }
}
