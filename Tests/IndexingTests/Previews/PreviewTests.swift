import LinuxSystem
import StandInCivitAI
import TestSupport
import Testing

@testable import Catalog
@testable import Indexing

/// Images that are fetched from CivitAI.
@Suite struct PreviewTests {
    /// Runs `body` with a LoRA that is linked, whose version shows these images, and previews that are fetched.
    private func withPreviews(
        _ images: [StandInImage], mode: PreviewSettings.Mode = .cache, level: Int = 1,
        prepare: (FilePath) throws -> Void = { _ in },
        _ body: (LookupFixture, PreviewService) async throws -> Void
    ) async throws {
        try await withLookups(settings: { $0.apiKey = "secret-key" }) {
            try writeModel($0.appending("a.safetensors"), loraFile(1))
            try prepare($0)
        } _: { fixture in
            fixture.server.configure { $0.validTokens = ["secret-key"] }
            try fixture.serve("a.safetensors", id: 7) { $0.versions[0].images = images }
            try await fixture.runPass()
            var settings = PreviewSettings(cacheDirectory: fixture.index.outside("cache"))
            settings.mode = mode
            settings.maximumLevel = level
            settings.baseURL = fixture.server.baseURL
            settings.requestsPerSecond = 100
            let previews = PreviewService(indexer: fixture.index.indexer, settings: settings)
            try previews.start()
            defer { previews.requestStop() }
            try await body(fixture, previews)
        }
    }

    /// The media type of what is shown for the file.
    private func shown(_ fixture: LookupFixture, _ previews: PreviewService) throws -> String? {
        let file = try #require(try fixture.index.file("a.safetensors"))
        return try PreviewImage.of(file, in: fixture.index.catalog, cache: previews.cache) { _ in }?.mediaType
    }

    /// How many images are to be fetched, whenever.
    private func due(_ fixture: LookupFixture, upToLevel level: Int) throws -> Int {
        try fixture.index.catalog.read { try $0.duePreviews(upToLevel: level, at: "9", limit: 9).count }
    }

    private func state(_ fixture: LookupFixture) throws -> [String] {
        try fixture.texts("SELECT state FROM content_previews")
    }

    @Test func theFirstImageWithinTheLevelIsKept() async throws {
        let images = [StandInImage(id: 1, level: 4), StandInImage(id: 2, level: 0), StandInImage(id: 3, level: 1)]
        try await withPreviews(images) { fixture, previews in
            try await fixture.wait { try !$0.texts("SELECT state FROM content_previews").isEmpty }
            #expect(try state(fixture) == ["stored"])
            #expect(try shown(fixture, previews) == "image/jpeg")
            let requests = fixture.server.requests(to: .image)
            #expect(requests.count == 1)
            #expect(requests.first?.imageWidth == 450)
            #expect(requests.first?.target.contains("/3.jpeg") == true)
            // No key goes to the images' host.
            #expect(requests.allSatisfy { $0.header("Authorization") == nil })
            #expect(try fixture.index.file("a.safetensors")?.cachedPreview?.nsfwLevel == 1)
        }
    }

    @Test func withoutAnImageWithinTheLevelThereIsNone() async throws {
        var film = StandInImage(id: 2, level: 1)
        film.type = "video"
        try await withPreviews([StandInImage(id: 1, level: 2), film, StandInImage(id: 3, level: 0)]) {
            fixture, previews in
            let due = try due(fixture, upToLevel: 1)
            let more = try self.due(fixture, upToLevel: 2)
            #expect(due == 0)
            #expect(more == 1)
            #expect(try shown(fixture, previews) == nil)
        }
    }

    @Test(arguments: [StandInPicture.page, .video, .huge(bytes: 20 << 20), .missing])
    func whatIsNoImageIsNotKept(picture: StandInPicture) async throws {
        try await withPreviews([]) { fixture, previews in
            fixture.server.configure { $0.pictures[5] = picture }
            fixture.server.update(version: 70) { $0.images = [StandInImage(id: 5, level: 1)] }
            let lookups = fixture.lookups
            _ = try await onThread { try lookups.cacheModel(7) }
            try await fixture.wait { try $0.texts("SELECT state FROM content_previews") == ["error"] }
            #expect(try shown(fixture, previews) == nil)
            let kept = try? directoryNames(fixture.index.outside("cache"))
            #expect(kept == nil)
        }
    }

    @Test func anImageThatSomebodyDeletedIsFetchedAgain() async throws {
        try await withPreviews([StandInImage(id: 1, level: 1)]) { fixture, previews in
            try await fixture.wait { try $0.texts("SELECT state FROM content_previews") == ["stored"] }
            removeTree(fixture.index.outside("cache"))
            #expect(try shown(fixture, previews) == nil)
            fixture.index.indexer.noteProgress()
            let server = fixture.server
            #expect(try await onThread { server.waitForRequests(2, to: .image) })
        }
    }

    @Test func aLowerLevelTakesImagesBack() async throws {
        try await withPreviews([StandInImage(id: 1, level: 4)], level: 7) { fixture, previews in
            try await fixture.wait { try $0.texts("SELECT state FROM content_previews") == ["stored"] }
            var settings = PreviewSettings(cacheDirectory: fixture.index.outside("cache"))
            settings.mode = .cache
            settings.baseURL = fixture.server.baseURL
            previews.reload(settings)
            try await fixture.wait { try $0.texts("SELECT state FROM content_previews") == [] }
            #expect(try shown(fixture, previews) == nil)
        }
    }

    @Test func besideTheModelTheImageIsWrittenOnce() async throws {
        try await withPreviews([StandInImage(id: 1, level: 1)], mode: .beside) { fixture, previews in
            try await fixture.wait { try $0.index.file("a.safetensors")?.preview != nil }
            let path = fixture.index.path("a.preview.jpeg")
            #expect(try FileStatus.of(path).mode & 0o777 == 0o644)
            #expect(try state(fixture) == ["beside"])
            #expect(try shown(fixture, previews) == "image/jpeg")
            // Nothing is read again, and nobody is told of a change.
            try await fixture.index.sync()
            #expect(try fixture.index.readings() == 1)
            #expect(try fixture.events(.fileChanged, .fileAdded, .fileMoved) == ["file.added a.safetensors"])
            let names = try directoryNames(fixture.index.library).map { String(decoding: $0, as: UTF8.self) }
            #expect(names == ["a.preview.jpeg", "a.safetensors"])
        }
    }

    @Test func anImageThatLiesBesideTheModelIsLeftAlone() async throws {
        try await withPreviews(
            [StandInImage(id: 1, level: 1)], mode: .beside,
            prepare: { try writeFile($0.appending("a.png"), pngFile("mine")) }
        ) { fixture, previews in
            let due = try due(fixture, upToLevel: 1)
            #expect(due == 0)
            #expect(try shown(fixture, previews) == "image/png")
        }
    }
}
