import LinuxSystem
import Testing

@testable import Catalog
@testable import LinuxSystem

/// Parts of a model are described by a look at all of them; hashing reads one.
@Suite struct PartDescriptionTests {
    private func described(_ type: String?, version: Int64) -> ContentDescription {
        var description = ContentDescription(format: "safetensors", version: version)
        description.type = type
        return description
    }

    private func stored(_ version: Int64, isPart: Bool, isLooked: Bool = true) async throws -> String? {
        var type: String?
        try await withCatalog { fixture in
            let id = try fixture.add("m-00001-of-00002", content: .new(described("checkpoint", version: 1)))
            var surroundings = FileSurroundings(look: isLooked ? 1 : nil)
            if isPart { surroundings.part = FileSurroundings.Part(index: 1, count: 2, isComplete: true) }
            let beside = surroundings
            try fixture.write { try $0.setSurroundings(ofFile: id, beside) }
            let (job, read) = (try fixture.job(id), described("other", version: version))
            _ = try fixture.write { try $0.store(.sample("aa"), of: job, description: read, at: Fixture.now) }
            type =
                try fixture.read { try $0.file(id: id)?.digests.sha256 } == nil
                ? nil
                : try fixture.texts("SELECT content_type FROM contents WHERE sha256 IS NOT NULL").first
        }
        return type
    }

    @Test func hashingAPartDoesNotUndoWhatTheLookAtAllOfThemTold() async throws {
        #expect(try await stored(1, isPart: true) == "checkpoint")
        #expect(try await stored(1, isPart: false) == "other")
        // Later rules, and a look that could not see all, are no reason to keep it.
        #expect(try await stored(2, isPart: true) == "other")
        #expect(try await stored(1, isPart: true, isLooked: false) == "other")
    }

    @Test func onlyAnotherContentIsAnotherDanger() async throws {
        try await withCatalog { fixture in
            var evil = ContentDescription(format: "pickle")
            evil.dangerousImports = ["os.system"]
            let description = evil
            let id = try fixture.add("a", content: .new(description))
            func judge() throws -> [Bool] {
                try fixture.write { writer in
                    try writer.takeFilesToJudge(limit: 9).map { evidence in
                        try writer.store(FileJudgement(isDangerous: evidence.isDangerous), ofFile: evidence.fileID)
                        return evidence.isDangerous && !evidence.wasDangerous
                    }
                }
            }
            #expect(try judge() == [true])
            let content = try #require(try fixture.details(id)?.contentID)
            let file = fixture.observe("a", .sample(inode: 1))
            for (given, isNew) in [(CatalogWriter.Content.shared(id: content), []), (.new(description), [true])] {
                try fixture.write {
                    try $0.replaceContent(of: id, file, content: given, held: false, scan: nil, at: Fixture.now)
                }
                #expect(try judge() == isNew)
                #expect(try fixture.details(id)?.identity.isDangerous == true)
            }
        }
    }
}
