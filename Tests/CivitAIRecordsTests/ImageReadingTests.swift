import CivitAIRecords
import JSON
import Testing

@Suite struct ImageReadingTests {
    @Test(
        arguments: [
            (#""nsfwLevel":16"#, 16), (#""nsfwLevel":0"#, 0), (#""nsfw":"None""#, 1), (#""nsfw":"Soft""#, 2),
            (#""nsfw":"Mature""#, 4), (#""nsfw":"X""#, 8), (#""nsfw":true"#, 8), (#""nsfw":false"#, 1),
            (#""nsfwLevel":"Soft""#, 2), (#""nsfwLevel":4,"nsfw":"X""#, 4), (#""nsfw":"New word""#, nil),
            (#""nsfw":null"#, nil), (#""nsfwLevel":-1"#, nil),
        ] as [(String, Int64?)])
    func levelsAreReadInEverySpelling(member: String, level: Int64?) throws {
        #expect(try image("{\"url\":\"u\",\(member)}")?.nsfwLevel == level)
    }

    @Test func parametersAreTexts() throws {
        let meta = #"""
            {"prompt":"a\nb","negativePrompt":"","steps":20,"cfgScale":7.50,"seed":18446744073709551615,
             "Clip skip":"2","clipSkip":2,"Size":"512x768","hires":true,"nothing":null,"empty":{},"list":[],
             "nested":{"a":[1, 2]},"comfy":"{}","workflow":{"nodes":[]},"resources":[],"hashes":{}}
            """#
        let parameters = try #require(try image(#"{"url":"u","meta":\#(meta)}"#)?.parameters)
        #expect(
            parameters == [
                "prompt": "a\nb", "steps": "20", "cfgScale": "7.50", "seed": "18446744073709551615", "Clip skip": "2",
                "clipSkip": "2", "Size": "512x768", "hires": "true", "nested": #"{"a":[1,2]}"#,
            ])
    }

    @Test func parametersAreBounded() throws {
        let junk = (0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let long = String(repeating: "ä€", count: 10_000)
        let blob = (0..<5000).map { "\"\($0)\"" }.joined(separator: ",")
        let meta = "{\(junk),\"prompt\":\"\(long)\",\"blob\":[\(blob)],\"\(long)\":1}"
        let parameters = try #require(try image(#"{"url":"u","meta":\#(meta)}"#)?.parameters)
        #expect(parameters.count == 64)
        let prompt = try #require(parameters["prompt"])
        #expect(prompt.utf8.count <= 16 << 10 && prompt.utf8.count > (16 << 10) - 4 && long.hasPrefix(prompt))
        #expect(parameters["blob"] == nil)
    }

    @Test(arguments: [
        #"{"prompt":{"3":{"class_type":"KSampler"}}}"#, "{}", "[]", "null", #""text""#, #"{"comfy":{"prompt":1}}"#,
    ])
    func aWorkflowIsNoParameter(meta: String) throws {
        #expect(try image(#"{"url":"u","meta":\#(meta)}"#)?.parameters == nil)
    }

    @Test func resourcesComeFromEveryList() throws {
        let meta = #"""
            {"resources":[{"name":"Maria","type":"lora","weight":0.7},{"hash":"6e43","name":"anything","type":"model"},
                          {"weight":1},null,7],
             "civitaiResources":[{"type":"checkpoint","modelVersionId":128713,"weight":"1.5"}],
             "hashes":{"vae":"6003","model":"6E43","embed:bad":"5b92","lora:Maria":"c552","lora:empty":"","x":null}}
            """#
        let resources = try #require(try image(#"{"url":"u","meta":\#(meta)}"#)?.resources)
        let maria = try #require(resources.first)
        #expect(maria.name == "Maria" && maria.type == "lora" && maria.weight == 0.7 && maria.hash == "c552")
        #expect(resources.map(\.hash) == ["c552", "6e43", nil, "6003", "5b92"])
        #expect(resources.map(\.type) == ["lora", "model", "checkpoint", "vae", "embed"])
        #expect(resources.map(\.name) == ["Maria", "anything", nil, nil, "bad"])
        #expect(resources[2].versionID == 128_713 && resources[2].weight == 1.5)
        #expect(try image(#"{"url":"u","meta":{"prompt":"x"}}"#)?.resources == nil)
    }

    @Test func resourcesAreBounded() throws {
        let list = (0..<100).map { "{\"name\":\"n\($0)\"}" }.joined(separator: ",")
        let resources = try image(#"{"url":"u","meta":{"resources":[\#(list)],"hashes":{"a":"b"}}}"#)?.resources
        #expect(resources?.count == 64)
    }
}
