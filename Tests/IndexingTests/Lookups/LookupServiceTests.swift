import LinuxSystem
import Logging
import StandInCivitAI
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Questions to CivitAI and what comes of the answers, against a stand-in on the loopback.
@Suite struct LookupServiceTests {
    /// Writes so many LoRAs, small ones.
    private func writeLibrary(_ library: FilePath, _ count: Int) throws {
        for number in 0..<count { try writeModel(library.appending("\(number).safetensors"), smallFile(number)) }
    }

    private func smallFile(_ number: Int) -> [UInt8] {
        safetensorsFile(["t": [1]], metadata: ["number": "\(number)"])
    }

    @Test(arguments: [(1, 3), (136, 8), (300, 12)])
    func aLibraryIsLinkedWithFewRequests(files: Int, requests: Int) async throws {
        try await withLookups {
            try writeLibrary($0, files)
        } _: { fixture in
            for number in 0..<files { try fixture.serve("\(number).safetensors", id: Int64(number + 1)) }
            try await fixture.runPass()
            #expect(try fixture.states() == ["found": files])
            #expect(fixture.server.requests.count <= requests)
            #expect(fixture.server.peakInFlight == 1)
            #expect(try fixture.texts("SELECT count(*) FROM models WHERE checked_at IS NOT NULL") == ["\(files)"])
            #expect(
                fixture.server.requests.allSatisfy { $0.header("User-Agent") == "kikod/test (+https://example.org)" })
            #expect(fixture.lookups.status().requestsTotal == fixture.server.requests.count)
        }
    }

    @Test func whatIsKnownIsAnswered() async throws {
        try await withLookups {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try writeModel($0.appending("copies/b.safetensors"), loraFile(1))
            try writeModel($0.appending("unknown.safetensors"), loraFile(2))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7) { model in
                model.name = "Seven"
                model.tags = ["style"]
                model.versions[0].baseModel = "Pony"
                model.versions[0].trainedWords = ["word, with comma", "other"]
            }
            try await fixture.runPass()
            let file = try #require(try fixture.index.file("a.safetensors"))
            #expect(file.identity.baseModel == "Pony")
            #expect(file.identity.baseModelSource == "civitai")
            #expect(file.identity.type == "lora")
            #expect(try fixture.index.file("copies/b.safetensors")?.identity.baseModel == "Pony")
            #expect(
                try fixture.texts("SELECT word FROM trained_words ORDER BY position") == ["word, with comma", "other"])
            #expect(try fixture.texts("SELECT username FROM creators") == ["someone"])
            #expect(try fixture.texts("SELECT name FROM tags") == ["style"])
            #expect(
                try fixture.events(.lookupFound, .lookupNotFound).sorted() == [
                    "lookup.found a.safetensors", "lookup.found b.safetensors", "lookup.not_found unknown.safetensors",
                ])
            let missed = try #require(try fixture.lookup("unknown.safetensors"))
            #expect(missed.state == "not_found")
            #expect(missed.attempts == 1)
            // Two copies are one question, and what is not to be found by SHA256 is asked by AutoV3 once.
            #expect(fixture.server.requests(to: .idsByHashes).count == 1)
            #expect(fixture.server.requests(to: .versionByHash).count == 1)
        }
    }

    @Test func aRestartAsksNothingAgain() async throws {
        let server = try StandInCivitAI()
        defer { server.stop() }
        try await withTemporaryDirectory { directory in
            let library = directory.appending("library")
            try writeModel(library.appending("a.safetensors"), loraFile(1))
            try writeModel(library.appending("b.safetensors"), loraFile(2))
            let indexing = IndexerFixture.settings([library])
            try await withLookups(directory, server, indexing) { fixture in
                try fixture.serve("a.safetensors", id: 7)
                try await fixture.runPass()
            }
            let before = server.requests.count
            try await withLookups(directory, server, indexing) { fixture in
                try await fixture.runPass()
                #expect(try fixture.states() == ["found": 1, "not_found": 1])
            }
            #expect(server.requests.count == before)
        }
    }

    @Test func aModelInTheCacheNeedsNoQuestion() async throws {
        try await withLookups { _ in
        } _: { fixture in
            try fixture.lookups.start()
            let file = loraFile(1)
            let other = fixture.index.outside("other.safetensors")
            try writeModel(other, file)
            // Only its digest is needed of it.
            try renameFile(other, fixture.index.path("a.safetensors.part"))
            var model = StandInModel.lora(
                id: 5, version: 50, name: "Five", sha256: String(repeating: "0", count: 64), bytes: 1)
            model.versions[0].files[0].bytes = Int64(file.count)
            fixture.server.add(model)
            let lookups = fixture.lookups
            #expect(try await onThread { try lookups.cacheModel(5) } == 1)
            await #expect(throws: LookupRefusal.unknownModel(6)) { try await onThread { try lookups.cacheModel(6) } }
        }
    }

    @Test func switchedOffNothingIsAsked() async throws {
        try await withLookups(settings: { $0.isEnabled = false }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try await fixture.runPass()
            let (lookups, content) = (fixture.lookups, try fixture.content("a.safetensors"))
            await #expect(throws: LookupRefusal.disabled) {
                try await onThread { try lookups.link(content: content, toVersion: nil) }
            }
            await #expect(throws: LookupRefusal.disabled) { try await onThread { try lookups.cacheModel(1) } }
            #expect(lookups.status().state == .off)
            // Switched on, it comes by itself.
            try fixture.serve("a.safetensors", id: 7)
            #expect(fixture.server.requests.isEmpty)
            lookups.reload(fixture.settings())
            try await fixture.wait { try $0.states() == ["found": 1] }
        }
    }

    @Test func privateTrainingsStayPrivate() async throws {
        try await withLookups(
            indexing: { settings in
                let library = settings.roots[0].path
                settings.roots.append(
                    .init(path: library.appending("mine"), type: nil, watchMode: .inotify, isPrivate: true))
            }
        ) { library in
            try writeModel(library.appending("mine/a.safetensors"), loraFile(1))
            try writeModel(library.appending("copy.safetensors"), loraFile(1))
            try writeModel(library.appending("other.safetensors"), loraFile(2))
        } _: { fixture in
            let digest = try #require(try fixture.index.file("copy.safetensors")?.digests)
            try await fixture.runPass()
            #expect(try fixture.lookup("other.safetensors")?.state == "not_found")
            #expect(try fixture.lookup("copy.safetensors")?.state == "pending")
            let told = fixture.server.requests.map { ($0.target + $0.text).lowercased() }.joined()
            #expect(!told.contains(try #require(digest.sha256)))
            #expect(!told.contains(try #require(digest.autoV3)))
            let (lookups, content) = (fixture.lookups, try fixture.content("copy.safetensors"))
            await #expect(throws: LookupRefusal.isPrivate) {
                try await onThread { try lookups.link(content: content, toVersion: nil) }
            }
        }
    }

    @Test func whatAppearsIsAskedAboutByItself() async throws {
        try await withLookups { _ in
        } _: { fixture in
            try fixture.lookups.start()
            try writeModel(fixture.index.path("a.safetensors"), loraFile(1))
            try await fixture.index.sync()
            try await fixture.wait { try $0.states() == ["not_found": 1] }
        }
    }

    @Test func onlyWhoMayReadTheKeyGetsIt() async throws {
        try await withLookups(settings: { $0.apiKey = "secret-key" }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try writeModel($0.appending("b.safetensors"), loraFile(2))
        } _: { fixture in
            fixture.server.configure { $0.validTokens = ["secret-key"] }
            try fixture.serve("a.safetensors", id: 7)
            try await fixture.runPass()
            #expect(fixture.lookups.status().key == .valid)
            let keyed = fixture.server.requests.filter { $0.header("Authorization") != nil }.map(\.endpoint)
            #expect(Set(keyed) == [.account, .models])
            #expect(fixture.server.requests(to: .account).count == 1)
            #expect(fixture.server.requests.allSatisfy { !$0.target.contains("secret-key") })
            let everything = try fixture.texts("SELECT value FROM app_metadata").joined()
            #expect(!everything.contains("secret-key"))
            #expect(!fixture.index.log.records.map { "\($0)" }.joined().contains("secret-key"))
        }
    }

    @Test func aKeyThatIsNoneIsNotSentAgain() async throws {
        try await withLookups(settings: { $0.apiKey = "wrong" }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
        } _: { fixture in
            try fixture.serve("a.safetensors", id: 7)
            try await fixture.runPass()
            #expect(fixture.lookups.status().key == .invalid)
            #expect(fixture.server.requests.filter { $0.header("Authorization") != nil }.map(\.endpoint) == [.account])
            #expect(try fixture.states() == ["found": 1])
        }
    }
}
