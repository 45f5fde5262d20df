import LinuxSystem
import SQLite
import Testing

@testable import Catalog
@testable import LinuxSystem

/// What is written down of contents, and which files are judged anew because of it.
@Suite struct DescriptionTests {
    private func described(_ type: String?, version: Int64 = 0) -> ContentDescription {
        var description = ContentDescription(format: "safetensors", version: version)
        description.type = type
        return description
    }

    /// Empties the list of files that wait to be judged; their numbers.
    private func takeWaiting(_ fixture: Fixture) throws -> Set<Int64> {
        Set(try fixture.write { try $0.takeFilesToJudge(limit: 1000).map(\.fileID) })
    }

    private func type(_ fixture: Fixture) throws -> Value? {
        try fixture.value("SELECT content_type FROM contents WHERE sha256 IS NOT NULL")
    }

    @Test(arguments: [(0, "lora"), (1, "vae")])
    func aKnownContentIsDescribedAnewOnlyByLaterRules(_ version: Int64, _ expected: String) async throws {
        try await withCatalog { fixture in
            let first = try fixture.add("a", .sample(inode: 1), content: .new(described("lora")))
            let second = try fixture.add("b", .sample(inode: 2), content: .new(described("vae", version: version)))
            for (id, said) in [(first, described("lora")), (second, described("vae", version: version))] {
                let job = try fixture.job(id)
                _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: said, at: Fixture.now) }
            }
            #expect(try type(fixture) == .text(expected))
        }
    }

    @Test func aLookThatCameTooLateDescribesNothingElse() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a", content: .new(described("lora")))
            let content = try #require(try fixture.details(id)?.contentID)
            let other = described("vae")
            try fixture.write { try $0.describe(content + 1, ofFile: id, other) }
            #expect(try fixture.value("SELECT content_type FROM contents") == .text("lora"))
            try fixture.write { try $0.describe(content, ofFile: id, other) }
            #expect(try fixture.value("SELECT content_type FROM contents") == .text("vae"))
        }
    }

    // MARK: - What is judged anew

    @Test func whateverChangesTheEvidenceHasFilesJudged() async throws {
        try await withCatalog { fixture in
            let id = try fixture.addIndexed("a", .sample("aa"), .sample(inode: 1))
            let copy = try fixture.addIndexed("b", .sample("aa"), .sample(inode: 2))
            let other = try fixture.addIndexed("c", .sample("cc"), .sample(inode: 3))
            #expect(try takeWaiting(fixture) == [id, copy, other])
            #expect(try takeWaiting(fixture) == [])

            // Another description of the content that two of them share.
            let content = try #require(try fixture.details(id)?.contentID)
            let lora = described("lora")
            try fixture.write { try $0.describe(content, ofFile: id, lora) }
            #expect(try takeWaiting(fixture) == [id, copy])
            try fixture.write { try $0.describe(content, ofFile: id, lora) }
            #expect(try takeWaiting(fixture) == [])

            // A sidecar belongs to the content; so does its end.
            var beside = FileSurroundings(look: 1)
            beside.sidecars = [SidecarRecord(source: .user, rank: 0, name: Array("a.json".utf8))]
            let withSidecar = beside
            try fixture.write { try $0.setSurroundings(ofFile: id, withSidecar) }
            #expect(try takeWaiting(fixture) == [id, copy])
            try fixture.write { try $0.setSurroundings(ofFile: id, FileSurroundings(look: 2)) }
            #expect(try takeWaiting(fixture) == [id, copy])
            try fixture.write { try $0.setSurroundings(ofFile: id, FileSurroundings(look: 3)) }
            #expect(try takeWaiting(fixture) == [])

            // Another type of the place.
            let place = ObservedFile(
                path: fixture.root.path.appending("c"), rootID: fixture.root.id, folder: [], status: .sample(inode: 3),
                fileSystemID: "uuid:1", isSymbolicLink: false, placeType: "vae", placeTypeSource: "root")
            try fixture.write { try $0.keepContent(of: other, place, readAgain: false, at: Fixture.now) }
            #expect(try takeWaiting(fixture) == [other])
        }
    }

    @Test func whatWasTrainedOnAModelIsJudgedWhenMoreIsKnownOfThat() async throws {
        try await withCatalog { fixture in
            var trained = described("lora")
            trained.trainedOnSHA256 = ContentDigests.sample("dd").sha256
            let lora = try fixture.add("lora", .sample(inode: 1), content: .new(trained))
            _ = try takeWaiting(fixture)
            let model = try fixture.addIndexed("model", .sample("dd"), .sample(inode: 2))
            #expect(try takeWaiting(fixture) == [lora, model])

            var judgement = FileJudgement(isDangerous: false)
            judgement.baseModel = "Pony"
            let told = judgement
            try fixture.write { try $0.store(told, ofFile: model) }
            let evidence = try fixture.write { try $0.takeFilesToJudge(limit: 9) }
            #expect(evidence.map(\.fileID) == [lora])
            #expect(evidence.map(\.trainedOnBaseModel) == ["Pony"])
            try fixture.write { try $0.store(told, ofFile: model) }
            #expect(try takeWaiting(fixture) == [])
            #expect(try fixture.details(lora)?.trainedOnPath == fixture.root.path.appending("model"))
        }
    }

    @Test func aSidecarOfAnotherFileIsNoEvidence() async throws {
        try await withCatalog { fixture in
            let id = try fixture.add("a", .sample(inode: 1))
            var right = SidecarRecord(source: .civitai, rank: 2, name: Array("a.civitai.json".utf8))
            (right.baseModel, right.sha256) = (
                "Pony", ["0000000000", String(ContentDigests.sample("aa").sha256.prefix(10))]
            )
            var wrong = SidecarRecord(source: .civitai, rank: 1, name: Array("a.civitai.info".utf8))
            (wrong.baseModel, wrong.sha256) = ("SD 1.5", [ContentDigests.sample("bb").sha256])
            var beside = FileSurroundings(look: 1)
            beside.sidecars = [wrong, right]
            let told = beside
            try fixture.write { try $0.setSurroundings(ofFile: id, told) }
            // Nothing contradicts either as long as the digest is not known.
            let before = try fixture.write { try $0.takeFilesToJudge(limit: 9) }
            #expect(before.first?.sidecars.map(\.baseModel) == ["SD 1.5", "Pony"])
            let job = try fixture.job(id)
            _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: .sample, at: Fixture.now) }
            let after = try fixture.write { try $0.takeFilesToJudge(limit: 9) }
            #expect(after.first?.sidecars.map(\.baseModel) == ["Pony"])
            #expect(try fixture.details(id)?.sidecars.map(\.rank) == [2])
        }
    }
}
