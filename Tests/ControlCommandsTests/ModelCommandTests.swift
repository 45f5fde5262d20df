import APIClient
import IndexAPI
import Testing

@testable import ControlCommands

/// `model`, `triggers`, `prompts` and `updates`.
@Suite struct ModelCommandTests {
    private static func model() -> ModelAnswer {
        var stats = ModelStatistics()
        (stats.downloadCount, stats.thumbsUpCount) = (3426, 355)
        return ModelAnswer(
            modelID: 7, name: "Pixel\u{1B} Art", type: "LORA", description: "<p>x</p>",
            descriptionText: "Two\nlines\u{1B}", creator: "anna", tags: ["style", "pixel art"], nsfwLevel: 3,
            licence: ModelLicence(
                allowNoCredit: true, allowCommercialUse: ["Image", "Sell"], allowDerivatives: false,
                allowDifferentLicense: nil),
            stats: stats, goneSince: nil,
            versions: [
                ModelVersion(
                    versionID: 11, name: "v2", baseModel: "Pony", publishedAt: "2025-01-15T12:00:00.000Z",
                    trainedWords: ["one", "two, three"], goneSince: nil, files: [], images: [],
                    installedPaths: ["/m/a.pt", "/m/b.pt"]),
                ModelVersion(
                    versionID: 10, name: "v1", baseModel: nil, publishedAt: nil, trainedWords: [],
                    goneSince: "2025-01-01T00:00:00.000Z", files: [], images: [], installedPaths: []),
            ])
    }

    @Test func aModelIsShownWithItsVersions() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/models/7?max_nsfw_level=1", Self.model())
        let outcome = runCommand(["model", "7", "--max-nsfw-level", "1"], daemon)
        #expect(
            outcome.output == """
                Name        Pixel\\x1b Art
                Type        LORA
                Creator     anna
                Page        https://civitai.com/models/7
                Tags        style; pixel art
                NSFW level  3
                Licence     no credit needed; commercial use: Image, Sell; no derivatives
                Figures     3426 downloads; 355 thumbs up

                Two
                lines\\x1b

                VERSION  NAME  BASE MODEL  PUBLISHED   TRIGGER WORDS    INSTALLED
                     11  v2    Pony        2025-01-15  one, two, three  /m/a.pt
                                                                        /m/b.pt
                     10  v1    -           -, gone                      -

                """)
        #expect((outcome.code, outcome.errors) == (.done, ""))
        let narrow = runCommand(["model", "7", "--max-nsfw-level=1"], daemon, width: 60)
        let table = narrow.output.split(separator: "\n").suffix(4)
        #expect(table.allSatisfy { columns(String($0)) <= 72 })
    }

    @Test func anUnknownModelIsTold() throws {
        let daemon = CannedDaemon()
        try daemon.answer("GET /api/v1/models/7", APIFailure(.notFound, "Nothing is known of it."), status: 404)
        let outcome = runCommand(["model", "7"], daemon)
        #expect((outcome.code, outcome.output) == (.nothing, ""))
        #expect(outcome.errors == "kikod-ctl: Nothing is known of it.\n")
    }

    @Test(arguments: [
        ["model"], ["model", "x"], ["model", "0"], ["model", "2147483648"], ["model", "1", "--max-nsfw-level", "64"],
        ["cache"], ["cache", "-1"], ["link", "--version", "1"], ["link", "1", "--version", "0"], ["unlink"],
        ["triggers"], ["triggers", ""], ["prompts"], ["prompts", "0"], ["prompts", "id:x"], ["updates", "x"],
        ["updates", "--type", "LORA"],
    ])
    func wrongUsageAsksNobody(_ arguments: [String]) {
        let daemon = CannedDaemon()
        #expect(runCommand(arguments, daemon).code == .usage)
        #expect(daemon.requests.isEmpty)
    }

    @Test func triggersAreLines() throws {
        let daemon = CannedDaemon()
        let file = sampleFile(5, "/srv/a.pt", sha256: "aa")
        try daemon.answer("GET /api/v1/files?name=a.pt", FilesAnswer(files: [file], total: 1))
        try daemon.answer(
            "GET /api/v1/triggers?id=5",
            TriggersAnswer(path: "/srv/a.pt", words: ["one", "two\u{7}"], source: "civitai"))
        let outcome = runCommand(["triggers", "a.pt"], daemon)
        #expect((outcome.code, outcome.output, outcome.errors) == (.done, "one\ntwo\\x07\n", ""))
        try daemon.answer("GET /api/v1/triggers?id=6", TriggersAnswer(path: "/srv/b.pt", words: [], source: nil))
        let none = runCommand(["triggers", "6"], daemon)
        #expect((none.code, none.output) == (.nothing, ""))
        #expect(none.errors == "kikod-ctl: /srv/b.pt: no trigger words are known.\n")
        let json = runCommand(["triggers", "id:6", "--json"], daemon)
        #expect((json.code, json.output) == (.nothing, #"{"path":"/srv/b.pt","source":null,"words":[]}"# + "\n"))
    }

    @Test func aNameOfSeveralContentsIsAQuestion() throws {
        let daemon = CannedDaemon()
        let files = [sampleFile(1, "/srv/a.pt", sha256: "aa"), sampleFile(2, "/srv/x/a.pt", sha256: "bb")]
        try daemon.answer("GET /api/v1/files?name=a.pt", FilesAnswer(files: files, total: 2))
        for command in ["triggers", "prompts", "link", "unlink"] {
            let outcome = runCommand([command, "a.pt"], daemon)
            #expect(outcome.code == .nothing)
            #expect(outcome.errors.contains("/srv/x/a.pt"))
        }
        #expect(daemon.requests.allSatisfy { $0.method == "GET" })
    }

    private static func prompt() -> PromptObject {
        var prompt = PromptObject(prompt: "a cat,\nsitting", imageURL: "https://image/1")
        (prompt.negativePrompt, prompt.sampler, prompt.seed, prompt.size) = ("dog", "Euler a", "42", "512x768")
        (prompt.steps, prompt.cfgScale, prompt.nsfwLevel) = (30, 7.5, 2)
        prompt.resources = [
            PromptResource(type: "lora", name: "x", hash: nil, weight: 0.8, versionID: nil),
            PromptResource(type: nil, name: nil, hash: nil, weight: nil, versionID: 9),
        ]
        return prompt
    }

    @Test func promptsAreShownOneByOne() throws {
        let daemon = CannedDaemon()
        let bare = PromptObject(prompt: "bare", imageURL: "https://image/2")
        try daemon.answer("GET /api/v1/prompts?model_id=5", PromptsAnswer(prompts: [Self.prompt(), bare]))
        let outcome = runCommand(["prompts", "5"], daemon, existing: ["/current/5"])
        #expect(
            outcome.output == """
                Prompt    a cat,
                          sitting
                Negative  dog
                Settings  Euler a, 30 steps, CFG 7.5, seed 42, 512x768
                Uses      lora x (0.8)
                Uses      version 9
                Image     https://image/1 (level 2)

                Prompt  bare
                Image   https://image/2 (unrated)

                """)
        #expect((outcome.code, outcome.errors) == (.done, ""))
    }

    @Test(arguments: [
        ("7", "model_id=7"), ("1234567", "model_id=1234567"), ("id:7", "id=7"), ("./7", "id=3"), ("12345678", "id=4"),
    ])
    func aNumberIsAModelUnlessItIsForced(_ what: String, _ query: String) throws {
        let daemon = CannedDaemon()
        let file = sampleFile(3, "/current/7")
        try daemon.answer("GET /api/v1/files?path=%2Fcurrent%2F7", FilesAnswer(files: [file], total: 1))
        let hit = LookupResult(hash: "12345678", matched: ["CRC32"], files: [sampleFile(4, "/srv/b.pt")])
        try daemon.answer("POST /api/v1/lookup", LookupResults(results: [hit]))
        try daemon.answer("GET /api/v1/prompts?\(query)&max_nsfw_level=3", PromptsAnswer(prompts: []))
        let outcome = runCommand(["prompts", what, "--max-nsfw-level", "3"], daemon)
        #expect(daemon.targets.last == "GET prompts?\(query)&max_nsfw_level=3")
        #expect((outcome.code, outcome.output) == (.nothing, ""))
        #expect(outcome.errors == "kikod-ctl: \(what): no prompts are known.\n")
    }

    @Test func updatesAreATable() throws {
        let daemon = CannedDaemon()
        func version(_ id: Int64, _ name: String, _ day: String?) -> UpdateObject.Version {
            .init(versionID: id, versionName: name, publishedAt: day.map { "2025-01-\($0)T12:00:00.000Z" })
        }
        let updates = [
            UpdateObject(
                modelID: 7, modelName: "Pixel Art", baseModel: "Pony", installed: version(10, "v1", "01"),
                latest: version(11, "v2", "15"), otherBaseModels: 2, earlyAccess: true, paths: ["/m/a.pt"]),
            UpdateObject(
                modelID: 1234, modelName: "Other", baseModel: "SDXL 1.0", installed: version(20, "a", nil),
                latest: version(21, "b", "02"), otherBaseModels: 0, earlyAccess: false, paths: []),
        ]
        try daemon.answer("GET /api/v1/updates", UpdatesAnswer(updates: updates, total: 2))
        let outcome = runCommand(["updates"], daemon)
        #expect(
            outcome.output == """
                MODEL  NAME       BASE MODEL  INSTALLED  LATEST  PUBLISHED   NOTE
                    7  Pixel Art  Pony        v1         v2      2025-01-15  early, +2
                 1234  Other      SDXL 1.0    a          b       2025-01-02

                """)
        #expect((outcome.code, outcome.errors) == (.done, ""))
    }

    @Test func noUpdatesAreNoFailure() throws {
        let daemon = CannedDaemon()
        let target = "updates?type=lora&base=Flux.1%20D&all=true"
        try daemon.answer("GET /api/v1/\(target)", UpdatesAnswer(updates: [], total: 0))
        let arguments = ["updates", "--type", "lora", "--base", "Flux.1 D", "--all"]
        let outcome = runCommand(arguments, daemon)
        #expect((outcome.code, outcome.output, outcome.errors) == (.done, "", "No updates.\n"))
        let json = runCommand(arguments + ["--json"], daemon)
        #expect((json.code, json.output, json.errors) == (.done, "{\"total\":0,\"updates\":[]}\n", ""))
        let pairs = [("type", "lora"), ("base", "Flux.1 D"), ("all", "true")]
        #expect(APIRoute.route(.updates).problem(withQuery: pairs) == nil)
    }
}
