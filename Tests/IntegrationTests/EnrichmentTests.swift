import Glibc
import IndexAPI
import LinuxSystem
import StandInCivitAI
import TestSupport
import Testing

/// kikod with a stand-in for CivitAI on the loopback.
@Suite(.serialized, .timeLimit(.minutes(5))) struct EnrichmentTests {
    /// Runs `body` with a place whose daemon asks the stand-in, which is politely patient with it.
    private func withStandIn(
        _ settings: String = "", _ body: (Place, StandInCivitAI) async throws -> Void
    ) async throws {
        let server = try StandInCivitAI()
        defer { server.stop() }
        try await withPlace { place in
            try configure(place, server, settings)
            try await body(place, server)
        }
    }

    private func configure(_ place: Place, _ server: StandInCivitAI, _ settings: String = "") throws {
        let more = settings.isEmpty ? "" : ", \(settings)"
        try place.configure("civitai: {base_url: \"\(server.baseURL)\", requests_per_second: 100\(more)}")
    }

    /// Adds a LoRA to the library, and has the stand-in know it.
    @discardableResult
    private func addModel(
        _ place: Place, _ server: StandInCivitAI, _ number: Int, _ change: (inout StandInModel) -> Void = { _ in }
    ) async throws -> FilePath {
        let bytes = ModelBytes.sdxlLoRA(metadata: ["number": "\(number)"], fill: UInt8(truncatingIfNeeded: number))
        let path = try place.addFile("\(number).safetensors", bytes)
        let digests = try await sha256(of: [path], in: place.directory)
        var model = StandInModel.lora(
            id: Int64(number), version: Int64(number * 10), name: "Model \(number)",
            sha256: digests[path.description] ?? "", bytes: Int64(bytes.count), fileName: "\(number).safetensors")
        change(&model)
        server.add(model)
        return path
    }

    /// Waits until the daemon has answers about so many contents.
    private func waitUntilAsked(_ daemon: RunningDaemon, found: Int, notFound: Int = 0) async throws {
        let isDone = try await eventually { () async throws -> Bool in
            let civitai = try await daemon.status().civitai
            return civitai.found == found && civitai.notFound == notFound && civitai.pending == 0
        }
        #expect(isDone, "\(daemon.logText)")
    }

    /// Asks again each time that the daemon tells of something.
    private func eventually(_ isMet: () async throws -> Bool) async throws -> Bool {
        let deadline = MonotonicTime.now.advanced(milliseconds: RunningDaemon.eventMilliseconds)
        while try await !isMet() {
            if MonotonicTime.now > deadline { return false }
        }
        return true
    }

    @Test func everyCommandAnswersFromWhatCivitAISays() async throws {
        try await withStandIn { place, server in
            let path = try await addModel(place, server, 7) { model in
                model.tags = ["style"]
                model.description = "<p>Made of <b>cats</b>.</p>"
                model.versions[0].trainedWords = ["cat, sitting", "dog"]
                model.versions[0].baseModel = "Pony"
                var image = StandInImage(id: 3, level: 1)
                image.meta = #"{"prompt":"a cat","sampler":"Euler","steps":20,"seed":1234567890123456}"#
                model.versions[0].images = [image]
                var newer = StandInVersion(id: 71, name: "v2", files: [])
                newer.baseModel = "Pony"
                newer.publishedAt = "2025-01-01T00:00:00.000Z"
                model.versions.insert(newer, at: 0)
            }
            try place.addFile("unknown.safetensors", ModelBytes.unknown())
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try await waitUntilAsked(daemon, found: 1, notFound: 1)
                let file = try await daemon.file(path)
                #expect(file.civitai.state == "found")
                #expect((file.civitai.modelID, file.civitai.versionID, file.civitai.match) == (7, 70, "SHA256"))
                #expect((file.baseModel, file.baseModelSource) == ("Pony", "civitai"))
                #expect((file.trainedWords, file.trainedWordsSource) == (["cat, sitting", "dog"], "civitai"))
                let triggers = try await daemon.answer(TriggersAnswer.self, "triggers", "7.safetensors")
                #expect(triggers.words == ["cat, sitting", "dog"])
                let prompts = try await daemon.answer(PromptsAnswer.self, "prompts", "7.safetensors")
                #expect(prompts.prompts.map(\.prompt) == ["a cat"])
                #expect(prompts.prompts.first?.seed == "1234567890123456")
                #expect(try await daemon.answer(PromptsAnswer.self, "prompts", "7").total == 1)
                let updates = try await daemon.answer(UpdatesAnswer.self, "updates")
                #expect(updates.updates.map(\.latest.versionID) == [71])
                let model = try await daemon.answer(ModelAnswer.self, "model", "7")
                #expect(model.descriptionText == "Made of cats.")
                #expect(model.versions.count == 2)
                let missed = try await daemon.answer(FilesAnswer.self, "list", "--civitai", "not_found")
                #expect(missed.files.map(\.name) == ["unknown.safetensors"])
                _ = try await daemon.answer(FileObject.self, "unlink", "7.safetensors")
                #expect(try await daemon.file(path).civitai.state == "unlinked")
                #expect(try await daemon.file(path).trainedWords == [])
                _ = try await daemon.answer(FileObject.self, "link", "7.safetensors", "--version", "71")
                #expect(try await daemon.file(path).civitai.match == "pinned")
                _ = try await daemon.answer(FileObject.self, "link", "7.safetensors")
                #expect(try await daemon.file(path).civitai.versionID == 70)
                #expect(try await daemon.control("cache", "99").status == 1)
            }
        }
    }

    /// A daemon that is killed over and over loses no answer, and asks no question again that was answered.
    @Test func killedOverAndOverNothingIsLostOrAskedTwice() async throws {
        try await withStandIn { place, server in
            let files = 230
            for number in 1...files { try await addModel(place, server, number) }
            var kills = 0
            // Each time when another question has been asked.
            for request in [1, 1, 2, 3, 4, 5, 6] {
                try await withStartedDaemon(place) { daemon in
                    let before = server.requests.count
                    let hasAsked = try await onOwnThread("requests") {
                        server.waitForRequests(before + min(request, 2), until: .now.advanced(milliseconds: 10_000))
                    }
                    // Nothing may be left to ask.
                    if hasAsked { kills += 1 }
                    _ = try await daemon.stop(SIGKILL)
                }
            }
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try await waitUntilAsked(daemon, found: files)
                let isWhole = try await eventually { () async throws -> Bool in
                    try await daemon.answer(ModelAnswer.self, "model", "\(files)").creator != nil
                }
                #expect(isWhole)
            }
            // One about digests, three about versions, three about models; and whatever was in flight.
            #expect(server.requests.count <= 7 + 2 * kills, "\(server.requestCounts)")
            #expect(server.peakInFlight == 1)
        }
    }

    @Test func onePassLinksAndLeavesWhatCannotBe() async throws {
        try await withStandIn { place, server in
            for number in 1...3 { try await addModel(place, server, number) }
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(0), "\(daemon.logText)")
            }
            #expect(server.requests.count == 3)
            // Without a network it ends all the same, and says so.
            try place.addFile("new.safetensors", ModelBytes.unknown())
            try place.configure("civitai: {base_url: \"http://127.0.0.1:9\"}")
            try await withStartedDaemon(place, .init(arguments: ["--once"])) { daemon in
                let outcome = try await daemon.waitForEnd()
                #expect(outcome == .exited(0), "\(daemon.logText)")
                #expect(daemon.logText.contains("CivitAI"))
            }
        }
    }

    @Test func withoutCivitAINothingIsAsked() async throws {
        try await withStandIn { place, server in
            let path = try await addModel(place, server, 1)
            try await withDaemon(place, .init(arguments: ["--no-civitai"])) { daemon in
                try await daemon.sync()
                #expect(try await daemon.file(path).civitai.state == "off")
                #expect(try await daemon.status().civitai.state == "off")
                #expect(try await daemon.control("link", "1.safetensors").status == 1)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func theKeyIsNowhereToBeSeen() async throws {
        let secret = "0123456789abcdef-secret"
        try await withStandIn { place, server in
            server.configure { $0.validTokens = [secret] }
            try await addModel(place, server, 1)
            let credentials = place.directory.appending("credentials")
            try makeDirectory(credentials)
            try writeFile(credentials.appending("civitai-api-key"), secret + "\n")
            let launch = RunningDaemon.Launch(
                arguments: ["--log-level", "debug"], environment: ["CREDENTIALS_DIRECTORY": credentials.description])
            try await withDaemon(place, launch) { daemon in
                try await daemon.sync()
                try await waitUntilAsked(daemon, found: 1)
                #expect(try await daemon.status().civitai.key == "valid")
                #expect(try await !daemon.control("--json", "status").text.contains(secret))
                #expect(!daemon.logText.contains(secret))
            }
            let keyed = server.requests.filter { $0.header("Authorization") == "Bearer \(secret)" }.map(\.endpoint)
            #expect(Set(keyed) == [.account, .models])
            for name in try directoryNames(place.dataDirectory) {
                let path = place.dataDirectory.appending(name)
                guard try FileStatus.of(path).kind == .regular else { continue }
                let bytes = try readFile(path, limit: 1 << 28)
                #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
            }
        }
    }

    @Test func anotherSiteIsAskedAfterAReload() async throws {
        try await withStandIn { place, server in
            try await addModel(place, server, 1)
            try place.configure("civitai: {base_url: \"http://127.0.0.1:9\"}")
            try await withDaemon(place) { daemon in
                try await daemon.sync()
                try configure(place, server)
                daemon.process.send(signal: SIGHUP)
                try await waitUntilAsked(daemon, found: 1)
            }
        }
    }
}
