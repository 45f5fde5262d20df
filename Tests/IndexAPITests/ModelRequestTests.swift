import FoundationEssentials
import Testing

@testable import IndexAPI

/// What is asked about CivitAI's models, as JSON.
@Suite struct ModelRequestTests {
    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }

    @Test func aLinkNamesOneFileBesideItsVersion() throws {
        let request = LinkRequest(file: FileSelection(id: 7), versionID: 10)
        #expect(try text(request) == #"{"id":7,"version_id":10}"#)
        #expect(try text(LinkRequest()) == #"{"version_id":null}"#)
        #expect(try text(FileSelection(path: "/a", hash: "00")) == #"{"hash":"00","path":"/a"}"#)
        #expect(try WireJSON.decode(LinkRequest.self, from: WireJSON.encode(request)) == request)
        let empty = try WireJSON.decode(LinkRequest.self, from: Data(#"{"path":null}"#.utf8))
        #expect(empty == LinkRequest())
        #expect(empty.file.count == 0)
        #expect(FileSelection(path: "a", pathBase64: "b", hash: "c", id: 1).count == 4)
    }

    @Test func everyKeyOfABodyIsInTheTable() throws {
        let request = LinkRequest(
            file: FileSelection(path: "/a", pathBase64: "L2E=", hash: "00000000", id: 1), versionID: 1)
        let json = try WireJSON.decode([String: AnyValue].self, from: WireJSON.encode(request))
        #expect(Set(json.keys) == Set(APIRoute.route(.link).body.map(\.name)))
        #expect(try text(CacheRequest(modelID: 5)) == #"{"model_id":5}"#)
        #expect(APIRoute.route(.cache).body.map(\.name) == ["model_id"])
    }

    @Test func numbersAreNumbersAndSeedsAreText() throws {
        var prompt = PromptObject(prompt: "p", imageURL: "u")
        (prompt.steps, prompt.cfgScale, prompt.seed) = (30, 7.5, "18446744073709551615")
        prompt.resources = [PromptResource(type: "lora", name: "n", hash: nil, weight: 0.8, versionID: nil)]
        #expect(
            try text(prompt)
                == #"{"cfg_scale":7.5,"image_url":"u","negative_prompt":null,"nsfw_level":null,"prompt":"p","#
                + #""resources":[{"hash":null,"name":"n","type":"lora","version_id":null,"weight":0.8}],"#
                + #""sampler":null,"seed":"18446744073709551615","size":null,"steps":30}"#)
    }
}
