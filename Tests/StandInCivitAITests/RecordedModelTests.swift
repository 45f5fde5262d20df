import LinuxSystem
import TestSupport
import Testing

@testable import StandInCivitAI

/// Recorded answers, which are not part of the repository.
private let recordings: [FilePath] = {
    guard let package = Programs.packageDirectory else { return [] }
    let directory = package.parent.appending("shared").appending("fixtures").appending("civitai")
    let names = (try? directoryNames(directory)) ?? []
    return names.filter { $0.starts(with: "model_".utf8) }.map { directory.appending($0) }
}()

@Suite(.timeLimit(.minutes(2))) struct RecordedModelTests {
    @Test(.enabled(if: !recordings.isEmpty), arguments: recordings)
    func recordedModelIsServedInEveryForm(_ path: FilePath) async throws {
        let body = try readFile(path, limit: 16 << 20)
        try await withStandIn { server, caller in
            let id = try server.add(modelJSON: body)
            let expected = try JSONTree(reading: body)
            let model = try caller.get(Target.model(id))
            #expect(!model.text.contains("https://image.civitai.com/"))
            #expect(
                model.text.replacing(server.baseURL + "/image/", with: "https://image.civitai.com/").utf8.count
                    == body.count)
            let list = try caller.get("/api/v1/models?ids=\(id)&nsfw=true&archived=true").json
            #expect(list["items"]?[0]?["name"]?.text == expected["name"]?.text)
            for version in expected["modelVersions"]?.elements ?? [] {
                let number = try #require(version["id"]?.integer)
                let single = try caller.get(Target.version(number))
                #expect(
                    single.status
                        == (version["files"]?.elements?.isEmpty == false || expected["mode"] != nil ? 200 : 404))
                #expect(single.status != 200 || single.json["modelId"]?.integer == id)
                for file in version["files"]?.elements ?? [] {
                    let hash = try #require(file["hashes"]?["SHA256"]?.text)
                    let found = try caller.get(Target.byHash(hash.lowercased())).json
                    #expect(found["id"]?.integer == number)
                    let same = found["files"]?.elements?.first { $0["id"]?.integer == file["id"]?.integer }
                    for name in ["name", "type"] { #expect(same?[name]?.text == file[name]?.text) }
                    let sizes = [same, file].map { (($0?["sizeKB"]?.number ?? 0) * 1024).rounded() }
                    #expect(sizes[0] == sizes[1])
                    #expect(same?["primary"]?.boolean == (file["primary"]?.boolean ?? false))
                    #expect(same?["hashes"]?.names == file["hashes"]?.names)
                    let ids = try caller.post(Target.ids, hashes: [hash]).json
                    #expect(ids[0]?["modelVersionId"]?.integer == number)
                    #expect(try caller.post(Target.byHash, hashes: [hash]).json[0]?["id"]?.integer == number)
                }
            }
        }
    }

    @Test func recordedModelCanBeChanged() async throws {
        let body = """
            {"id":5,"name":"Recorded","type":"LORA","nsfw":false,"tags":["a"],"unknown":[1.5,{"x":null}],
            "modelVersions":[{"id":50,"name":"v1","createdAt":"2023-02-10T12:56:41.356Z","baseModel":"SD 1.5",
            "files":[{"id":7,"name":"r.safetensors","sizeKB":24.0771484375,"type":"Model","primary":true,
            "metadata":{"format":"SafeTensor"},"hashes":{"SHA256":"\(hash(1).uppercased())"}}],
            "images":[{"url":"https://image.civitai.com/key/folder/width=450/123.jpeg","nsfw":"None","width":8,
            "height":8,"hash":"x","meta":{"prompt":"p"}}]}]}
            """
        try await withStandIn { server, caller in
            #expect(try server.add(modelJSON: Array(body.utf8)) == 5)
            #expect(try caller.get(Target.model(5)).json["unknown"]?[0]?.number == 1.5)
            let version = try caller.get(Target.byHash(hash(1))).json
            #expect(version["publishedAt"]?.text == "2023-02-10T12:56:41.356Z")
            let url = version["images"]?[0]?["url"]?.text ?? ""
            #expect(url == server.baseURL + "/image/xG1nkqKTMzGDvpLrqFT7WA/folder/original=true/123.jpeg")
            #expect(version["images"]?[0]?["meta"]?["prompt"]?.text == "p")
            let picture = try caller.get(String(url.dropFirst(server.baseURL.count)))
            #expect(picture.header("Content-Type") == "image/jpeg")
            server.update(model: 5) { $0.name = "Changed" }
            let changed = try caller.get(Target.model(5)).json
            #expect(changed["name"]?.text == "Changed")
            #expect(changed["unknown"] == nil)
            #expect(changed["tags"]?.elements?.compactMap(\.text) == ["a"])
        }
    }

    @Test(arguments: ["", "[]", "{}", #"{"id":1,"name":"x"}"#, #"{"id":1,"name":"x","modelVersions":[{}]}"#])
    func otherThanAModelIsAnError(_ body: String) throws {
        let server = try StandInCivitAI()
        #expect(throws: (any Error).self) { try server.add(modelJSON: Array(body.utf8)) }
    }
}
