import APIClient
import IndexAPI
import Testing

@testable import ControlCommands

@Suite struct SearchCommandTests {
    private func daemon(_ query: String, _ answer: SearchAnswer) throws -> CannedDaemon {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/search?\(query)", answer)
        return daemon
    }

    @Test func filesAndModelsAreTwoTables() throws {
        var linked = sampleFile(1, "/srv/models/loras/pixel.safetensors")
        linked.civitai.modelName = "Pixel Art XL"
        linked.baseModel = "SDXL 1.0"
        let model = FoundModel(
            modelID: 120_096, name: "Pixel Art XL", type: "LORA", creator: "someone", baseModels: ["Pony", "SDXL 1.0"],
            nsfwLevel: 1, installed: true)
        let other = FoundModel(
            modelID: 7, name: "Pixels", type: nil, creator: nil, baseModels: [], nsfwLevel: nil, installed: false)
        let answer = SearchAnswer(query: "pixel", files: [linked], models: [model, other], total: 3)
        let outcome = runCommand(["search", "pixel", "-n", "1"], try daemon("q=pixel&limit=1", answer))
        #expect(
            outcome.output == """
                ID  TYPE  BASE MODEL       SIZE  MODEL         PATH
                 1  lora  SDXL 1.0    144.2 MiB  Pixel Art XL  /srv/models/loras/pixel.safetensors

                 MODEL  NAME          TYPE  CREATOR  BASE MODELS     INSTALLED
                120096  Pixel Art XL  LORA  someone  Pony, SDXL 1.0  yes
                     7  Pixels        -     -        -               -

                """)
        #expect(outcome.errors == "1 of 3 files.\n")
        #expect(outcome.code == .done)
    }

    @Test func aStateIsShownWhereOneIsNotIndexed() throws {
        let files = [sampleFile(1, "/srv/a.pt"), sampleFile(2, "/srv/b.pt", state: "missing")]
        let outcome = runCommand(["search", "a"], try daemon("q=a", SearchAnswer(query: "a", files: files, total: 2)))
        #expect(
            outcome.output == """
                ID  TYPE  BASE MODEL       SIZE  STATE    MODEL  PATH
                 1  lora  -           144.2 MiB  indexed  -      /srv/a.pt
                 2  lora  -           144.2 MiB  missing  -      /srv/b.pt

                """)
    }

    @Test(arguments: [
        (["pixel", "art"], "pixel art"), (["pixel art", "x"], "pixel art x"), ([" x", "y"], " x y"),
        (["\"my own\" quotes"], "\"my own\" quotes"),
    ])
    func wordsAreSentAsTheyAre(_ operands: [String], _ expected: String) throws {
        let daemon = CannedDaemon()
        let outcome = runCommand(["search"] + operands, daemon)
        #expect(outcome.code == .nothing)
        let encoded = expected.replacing(" ", with: "%20").replacing("\"", with: "%22")
        #expect(daemon.targets == ["GET search?q=\(encoded)"])
    }

    @Test func everyOptionIsAParameterThatTheDaemonTakes() throws {
        let daemon = CannedDaemon()
        _ = runCommand(
            ["search", "x", "--type", "lora", "--base", "Pony", "--max-nsfw-level", "3", "--limit", "9"], daemon)
        #expect(daemon.targets == ["GET search?q=x&type=lora&base=Pony&max_nsfw_level=3&limit=9"])
        let query = [("q", "x"), ("type", "lora"), ("base", "Pony"), ("max_nsfw_level", "3"), ("limit", "9")]
        #expect(APIRoute.route(.search).problem(withQuery: query.map { (name: $0.0, value: $0.1) }) == nil)
    }

    @Test func nothingFoundIsSaidAndExitsWithOne() throws {
        let empty = SearchAnswer(query: "x")
        let outcome = runCommand(["search", "x"], try daemon("q=x", empty))
        #expect((outcome.code, outcome.output, outcome.errors) == (.nothing, "", "kikod-ctl: Nothing fits.\n"))
        let json = runCommand(["search", "x", "--json"], try daemon("q=x", empty))
        #expect((json.code, json.output) == (.nothing, #"{"files":[],"models":[],"query":"x","total":0}"# + "\n"))
    }

    @Test(arguments: [["search"], ["search", ""], ["search", "  "]])
    func noWordsAreWrongUsage(_ arguments: [String]) {
        let daemon = CannedDaemon()
        #expect(runCommand(arguments, daemon).code == .usage)
        #expect(daemon.requests.isEmpty)
    }
}
